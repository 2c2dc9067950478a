"""Files that are answered: whole, or the ranges of bytes that were asked for."""

from __future__ import annotations

import json
from functools import partial

from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

_REFUSALS = {
    400: {"error": "The header Range is malformed.", "code": "unreadable", "errors": {}},
    416: {"error": "The file ends before that range.", "code": "range_not_satisfiable", "errors": {}},
}


class Download(FileResponse):
    """A file; its refusals are JSON objects, as all others are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, partial(_told, send, {}))


async def _told(send: Send, told: dict[str, int], message: Message) -> None:
    if message["type"] == "http.response.start":
        told["status"] = message["status"]
        refusal = _REFUSALS.get(message["status"])
        if refusal is not None:
            own = [(name, value) for name, value in message["headers"] if name == b"content-range"]
            length = str(len(json.dumps(refusal))).encode()
            headers = [*own, (b"content-type", b"application/json"), (b"content-length", length)]
            message = {**message, "headers": headers}
    elif told["status"] in _REFUSALS:
        message = {**message, "body": json.dumps(_REFUSALS[told["status"]]).encode()}
    await send(message)

"""Files that are answered: whole, or the one range of bytes that was asked for. Other ranges are ignored."""

from __future__ import annotations

import json
import re
from functools import partial

from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

_RANGE = re.compile(rb"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-[0-9]{1,18})")
_REFUSALS = {
    416: {"error": "The file ends before that range.", "code": "range_not_satisfiable", "errors": {}},
}


class Download(FileResponse):
    """A file; its refusals are JSON objects, as all others are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"range" or _is_range(value)]
        await super().__call__({**scope, "headers": headers}, receive, partial(_told, send, {}))


def _is_range(value: bytes) -> bool:
    """Whether it is one range that is not written backwards."""
    found = _RANGE.fullmatch(value.strip())
    return found is not None and (found[2] is None or int(found[1]) <= int(found[2]))


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

"""File responses: complete, or one range of bytes. Multiple and invalid ranges are ignored."""

from __future__ import annotations

import json
import re
from functools import partial

from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

_RANGE = re.compile(rb"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-[0-9]{1,18})")
_ERRORS = {
    416: {"error": "The file ends before that range.", "code": "range_not_satisfiable", "errors": {}},
}


class Download(FileResponse):
    """A file response whose errors are JSON objects, like all others."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"range" or _is_range(value)]
        await super().__call__({**scope, "headers": headers}, receive, partial(_send_as_json, send, {}))


def _is_range(value: bytes) -> bool:
    """Whether it is one range whose end is not before its start."""
    match = _RANGE.fullmatch(value.strip())
    return match is not None and (match[2] is None or int(match[1]) <= int(match[2]))


async def _send_as_json(send: Send, state: dict[str, int], message: Message) -> None:
    if message["type"] == "http.response.start":
        state["status"] = message["status"]
        error = _ERRORS.get(message["status"])
        if error is not None:
            own = [(name, value) for name, value in message["headers"] if name == b"content-range"]
            length = str(len(json.dumps(error))).encode()
            headers = [*own, (b"content-type", b"application/json"), (b"content-length", length)]
            message = {**message, "headers": headers}
    elif state["status"] in _ERRORS:
        message = {**message, "body": json.dumps(_ERRORS[state["status"]]).encode()}
    await send(message)

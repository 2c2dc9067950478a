"""Faults of media types: Content-Type and Accept are ignored, although 415 and 406 are described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from .fault import SHOULD, Fault
from .responses import change_status

_READ: Mapping[bytes, bytes] = {b"content-type": b"application/json", b"accept": b"*/*"}
_KNOWN = (b"application/json", b"multipart/form-data", b"application/x-www-form-urlencoded")
_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
_UNSUPPORTED, _NOT_ACCEPTABLE = 415, 406


def _ignore(header: Literal[b"content-type", b"accept"], *methods: str) -> Callable[[ASGIApp], ASGIApp]:
    """A header that names an unknown media type is taken for one that names a known one."""

    def change(name: bytes, value: bytes) -> tuple[bytes, bytes]:
        is_known = value.partition(b";")[0].strip().lower() in _KNOWN
        return name, value if name != header or is_known else _READ[header]

    def wrap_app(app: ASGIApp) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("method") in methods:
                scope = {**scope, "headers": [change(name, value) for name, value in scope["headers"]]}
            await app(scope, receive, send)

        return faulty

    return wrap_app


FAULTS: Mapping[str, Fault] = {
    "content-type-ignored": Fault(
        clause="responses.415",
        meaning="a body is read as JSON, whatever its Content-Type says",
        described_status=_UNSUPPORTED,
        wrap_app=_ignore(b"content-type", *_ALL),
    ),
    "content-type-ignored-on-change": Fault(
        clause="responses.415",
        meaning="the body of a PATCH or PUT is read as JSON, whatever its Content-Type says",
        described_status=_UNSUPPORTED,
        wrap_app=_ignore(b"content-type", "PATCH", "PUT"),
    ),
    "400-for-content-type": Fault(
        clause="responses.415",
        level=SHOULD,
        meaning="a body of another media type is answered with 400",
        described_status=_UNSUPPORTED,
        wrap_app=change_status(_UNSUPPORTED, 400),
    ),
    "accept-ignored": Fault(
        clause="responses.406",
        meaning="JSON is written, whatever Accept says",
        described_status=_NOT_ACCEPTABLE,
        wrap_app=_ignore(b"accept", *_ALL),
    ),
    "accept-ignored-on-get": Fault(
        clause="responses.406",
        meaning="JSON is written in response to a GET, whatever Accept says",
        described_status=_NOT_ACCEPTABLE,
        wrap_app=_ignore(b"accept", "GET"),
    ),
    "400-for-accept": Fault(
        clause="responses.406",
        level=SHOULD,
        meaning="a media type that is not written is answered with 400",
        described_status=_NOT_ACCEPTABLE,
        wrap_app=change_status(_NOT_ACCEPTABLE, 400),
    ),
}

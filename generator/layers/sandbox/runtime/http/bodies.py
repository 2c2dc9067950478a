"""Reads the request body within limits of size and time."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import fail_after
from starlette.requests import Request

from ..errors import body_too_large, request_timeout

_DROPPED = 64 * 1024 * 1024


async def read_body(request: Request, headers: Mapping[str, str], *, limit: int, seconds: float) -> bytes:
    """The whole body; raises 413 if it is too large, 408 if it is too slow."""
    announced = headers.get("content-length")
    if announced in (None, "0") and "transfer-encoding" not in headers:
        return b""  # no timeout and no read needed
    headers_too_large = announced is not None and announced.isdigit() and int(announced) > limit
    if headers_too_large and "expect" in headers:
        raise body_too_large(limit)  # the client waits for 100 Continue before it sends the body
    try:
        with fail_after(seconds):
            return await _read_chunks(request, limit)
    except TimeoutError:
        raise request_timeout(seconds) from None


async def _read_chunks(request: Request, limit: int) -> bytes:
    """Drops what is too much, up to a limit: many clients read no response before they have sent everything."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
        elif size > limit + _DROPPED:
            break
    if size > limit:
        raise body_too_large(limit)
    return bytes(body)

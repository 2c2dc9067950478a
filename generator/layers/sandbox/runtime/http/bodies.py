"""Reads the body of a request: not too large, and not too slow."""

from __future__ import annotations

from collections.abc import Mapping

from anyio import fail_after
from starlette.requests import Request

from ..errors import too_large, too_slow

_DROPPED = 64 * 1024 * 1024


async def read_body(request: Request, headers: Mapping[str, str], *, limit: int, seconds: float) -> bytes:
    """The whole body; a refusal with 413 or 408 where it is larger or slower."""
    announced = headers.get("content-length")
    if announced in (None, "0") and "transfer-encoding" not in headers:
        return b""  # without a clock or a look at the connection
    too_long = announced is not None and announced.isdigit() and int(announced) > limit
    if too_long and "expect" in headers:
        raise too_large(limit)  # the client waits for this before it sends anything
    try:
        with fail_after(seconds):
            return await _read(request, limit)
    except TimeoutError:
        raise too_slow(seconds) from None


async def _read(request: Request, limit: int) -> bytes:
    """What is too much is read and dropped, up to a point: many clients see no answer before they have sent all."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            body += chunk
        elif size > limit + _DROPPED:
            break
    if size > limit:
        raise too_large(limit)
    return bytes(body)

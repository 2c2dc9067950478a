"""Reads the body of a request: not too large, and not too slow."""

from __future__ import annotations

from contextlib import nullcontext

from anyio import fail_after
from starlette.requests import Request

from .refusals import too_large, too_slow


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """The whole body; a refusal with 413 or 408 where it is larger or slower."""
    announced = request.headers.get("content-length")
    if announced is not None and announced.isdigit() and int(announced) > limit:
        raise too_large(limit)
    nothing_follows = announced is None and "transfer-encoding" not in request.headers
    try:
        with nullcontext() if nothing_follows else fail_after(seconds):
            return await _read(request, limit)
    except TimeoutError:
        raise too_slow(seconds) from None


async def _read(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large(limit)
    return bytes(body)

"""Multipart forms: the HTTP library writes them and chooses the boundary; files are read while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import IO, Any, cast

import httpx2
from anyio.to_thread import run_sync

from .._calls.messages import Form, Wire
from .._files.upload import Upload

Part = tuple[str | None, IO[bytes] | str] | tuple[str | None, IO[bytes] | str, str]


def request(http: httpx2.Client | httpx2.AsyncClient, wire: Wire, form: Form, opened: ExitStack) -> httpx2.Request:
    """The request of the HTTP library, whose files are open as long as `opened` is."""
    parts = [(name, _part(value, opened)) for name, value in form.parts]
    return http.build_request(wire.method, wire.url, headers=wire.headers, files=parts)


async def awaited_request(http: httpx2.AsyncClient, wire: Wire, form: Form, opened: ExitStack) -> httpx2.Request:
    """The same, opened and read in a thread, so that no other task waits for a file."""
    made = await run_sync(request, http, wire, form, opened)
    made.stream = _Threaded(cast("httpx2.SyncByteStream", made.stream))
    return made


def _part(value: str | Upload, opened: ExitStack) -> Part:
    if isinstance(value, str):
        return None, value  # without a file name it is a field
    file = cast("IO[bytes]", value.open(opened))
    return (value.name, file, value.content_type) if value.content_type else (value.name, file)


class _Threaded(httpx2.AsyncByteStream):
    """A stream whose chunks are read in a thread."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: Iterator[Any] = iter(self._stream)
        while (chunk := await run_sync(next, chunks, None)) is not None:
            yield chunk

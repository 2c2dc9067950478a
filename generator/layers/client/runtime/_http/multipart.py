"""Multipart forms: the HTTP library writes them and chooses the boundary; files are read while they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import IO, Any, cast

import httpx2
from anyio.to_thread import run_sync

from .._calls.messages import Form, SignedRequest
from .._files.upload import Upload
from .requests import choose_timeouts

Part = tuple[str | None, IO[bytes] | str] | tuple[str | None, IO[bytes] | str, str]


def build_form_request(
    http: httpx2.Client | httpx2.AsyncClient, request: SignedRequest, form: Form, files: ExitStack
) -> httpx2.Request:
    """The request of the HTTP library; closing `files` closes the files of the form."""
    parts = [(name, _build_part(value, files)) for name, value in form.parts]
    extensions = {"timeout": choose_timeouts(http, request.timeout)}
    return http.build_request(request.method, request.url, headers=request.headers, files=parts, extensions=extensions)


async def build_form_request_async(
    http: httpx2.AsyncClient, request: SignedRequest, form: Form, files: ExitStack
) -> httpx2.Request:
    """The same, but the files are opened and read in a thread, so that no other task waits for them."""
    built = await run_sync(build_form_request, http, request, form, files)
    built.stream = _ThreadedStream(cast("httpx2.SyncByteStream", built.stream))
    return built


def _build_part(value: str | Upload, files: ExitStack) -> Part:
    if isinstance(value, str):
        return None, value  # without a file name it is a field
    file = cast("IO[bytes]", value.open(files))
    return (value.name, file, value.content_type) if value.content_type else (value.name, file)


class _ThreadedStream(httpx2.AsyncByteStream):
    """A stream whose chunks are read in a thread."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: Iterator[Any] = iter(self._stream)
        while (chunk := await run_sync(next, chunks, None)) is not None:
            yield chunk

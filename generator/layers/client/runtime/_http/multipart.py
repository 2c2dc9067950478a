"""Multipart forms: the HTTP library writes them; files are read while they are sent."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Any, cast

import httpx2
from anyio.to_thread import run_sync

from .._calls.messages import Form, SignedRequest
from .._files.upload import Source, Upload
from .requests import choose_timeouts

Part = tuple[str | None, Source | str] | tuple[str | None, Source | str, str]


def build_form_request(
    http: httpx2.Client | httpx2.AsyncClient, request: SignedRequest, form: Form, files: ExitStack
) -> httpx2.Request:
    """The request of the HTTP library; closing `files` closes the files of the form."""
    parts = [(name, _build_part(value, files)) for name, value in form.parts]
    content_type = f"multipart/form-data; boundary={secrets.token_hex(16)}"  # over that of a client of the user
    headers = {**request.headers, "Content-Type": content_type}
    extensions = {"timeout": choose_timeouts(http, request.timeout)}
    built = http.build_request(
        request.method, request.url, headers=headers, files=cast("Any", parts), extensions=extensions
    )
    built.stream = _FormStream(cast("httpx2.SyncByteStream", built.stream), parts)
    return built


async def build_form_request_async(
    http: httpx2.AsyncClient, request: SignedRequest, form: Form, files: ExitStack
) -> httpx2.Request:
    """The same, but the files are opened and read in a thread, so that no other task waits for them."""
    return await run_sync(build_form_request, http, request, form, files)


def _build_part(value: str | Upload, files: ExitStack) -> Part:
    if isinstance(value, str):
        return None, value  # without a file name it is a field
    file = value.open(files)
    return (value.name, file, value.content_type) if value.content_type else (value.name, file)


class _FormStream(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The chunks of a form, read in a thread if they are awaited; says how far its files are."""

    def __init__(self, stream: httpx2.SyncByteStream, parts: list[tuple[str, Part]]) -> None:
        self._stream = stream
        self._sources = [part[1] for _, part in parts if isinstance(part[1], Source)]

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            yield chunk
            self._report()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks: Iterator[Any] = iter(self._stream)
        while (chunk := await run_sync(next, chunks, None)) is not None:
            yield chunk
            self._report()

    def _report(self) -> None:
        for source in self._sources:
            source.report()

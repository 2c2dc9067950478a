"""A server of one file that breaks off where the test says, with or without parts of it."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import AT_ONCE, BASE_URL, SECRET_KEY, TOKEN


@cache
def archive(size: int = 20_000) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("answer.bin", bytes(number * 7 % 251 for number in range(size)))
    return made.getvalue()


class Chunks(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body in chunks; after the last one the connection breaks, or is closed as if nothing were missing."""

    def __init__(self, content: bytes, *, breaks: bool) -> None:
        self._content = content
        self._breaks = breaks

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), 1000):
            yield self._content[start : start + 1000]
        if self._breaks:
            raise httpx2.ReadError("gone")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


@dataclass
class FileServer:
    """Serves the content; `cuts` are how many bytes each request gets, all of them when they are used up."""

    content: bytes = field(default_factory=archive)
    etag: str | None = '"one"'
    cuts: list[int] = field(default_factory=list)
    breaks: bool = True
    has_length: bool = True
    media_type: str = "application/zip"
    states: list[str] = field(default_factory=lambda: ["success"])
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    served: Callable[[], None] = lambda: None

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path.rpartition("/")[2].partition("_")[0]
        self.asked.append(path)
        if path == "status":
            state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
            return httpx2.Response(200, json={"zip_job_status": state})
        if path != "download":
            return httpx2.Response(200, json={})
        return self._send(request)

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        wanted = request.headers.get("range", "")
        self.ranges.append(wanted)
        found = re.fullmatch(r"bytes=(\d+)-", wanted)
        start = int(found[1]) if found and request.headers.get("if-range") in (None, self.etag) else 0
        if start > len(self.content):
            return httpx2.Response(416, json={"error": "No such range."})
        rest = self.content[start:]
        sent = rest[: self.cuts.pop(0)] if self.cuts else rest
        headers = {"Content-Type": self.media_type}
        headers |= {"ETag": self.etag} if self.etag is not None else {}
        headers |= {"Content-Length": str(len(rest))} if self.has_length else {}
        headers |= {"Content-Range": f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"} if start else {}
        self.served()
        stream = Chunks(sent, breaks=self.breaks and sent != rest)
        return httpx2.Response(206 if start else 200, headers=headers, stream=stream)


@dataclass(frozen=True)
class Caller:
    """Calls of either client: `call("download_documents_zip", 17, path)`."""

    is_async: bool

    def call(self, server: Any, method: str, *args: Any, resource: str = "exams", **options: Any) -> Any:
        credentials: Any = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL, "retry": AT_ONCE}
        transport = httpx2.MockTransport(server)
        if not self.is_async:
            client = procwise.Client(**credentials, http=httpx2.Client(transport=transport))
            return getattr(getattr(client, resource), method)(*args, **options)

        async def work() -> Any:
            awaited = procwise.AsyncClient(**credentials, http=httpx2.AsyncClient(transport=transport))
            return await getattr(getattr(awaited, resource), method)(*args, **options)

        return asyncio.run(work())

    def download(self, server: Any, path: Path, **options: Any) -> Path:
        found: Path = self.call(server, "download_documents_zip", 17, path, **options)
        return found


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def caller(request: pytest.FixtureRequest) -> Caller:
    return Caller(request.param)

"""A proxy on this machine that changes nothing, and judges what passes through it."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from ..api import Api
from ..http.caller import base_url
from ..http.transport import CONNECT_SECONDS, LARGEST_RESPONSE
from ..observe.observer import Observer
from ..observe.recordings.bodies import unpack
from ..observe.recordings.ordering import EntryQueue
from ..observe.recordings.recorded import Headers, Recorded
from .proxy import find_rejection

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
# Of one connection: the next one has its own.
_OF_CONNECTION = frozenset(
    (
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"),
        *(b"te", b"trailer", b"transfer-encoding", b"upgrade"),
    )
)
_SILENCE_SECONDS = 60.0
RawHeaders = list[tuple[bytes, bytes]]


class Traffic:
    """Hands what passed to the observer in the order in which it began, though it ends in another."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        self._queue = EntryQueue()
        self._under_way: dict[int, float] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()

    def begin(self) -> tuple[int, float]:
        """The number of a request, and the time at which it begins."""
        with self._lock:
            number, now = next(self._numbers), time.time()
            self._under_way[number] = now
            return number, now

    def end(self, number: int, recorded: Recorded | None) -> None:
        """A request is over; nothing is recorded if it got no response."""
        with self._lock:
            self._under_way.pop(number, None)
            if recorded is not None:
                self._queue.push(recorded)
            for ready in self._queue.pop_before(min(self._under_way.values(), default=float("inf"))):
                self.observer.add(ready)

    def finish(self) -> None:
        """Judge what still waits for a request that will not end any more."""
        with self._lock:
            for ready in self._queue.pop_before(float("inf")):
                self.observer.add(ready)


class ObservingProxy:
    """Forwards requests as they are; a path of the API that lacks its base path is given it."""

    def __init__(self, api: Api, url: str, traffic: Traffic, allowed: tuple[str, ...] = ()) -> None:
        """`allowed` are the origins of web pages that may use it."""
        self._api = api
        self._target = base_url(url, api)
        self._base_path = api.base_path.rstrip("/")
        self._traffic = traffic
        self._allowed = allowed
        self._netloc = urlsplit(self._target).netloc

    def app(self, ready: Callable[[], None]) -> Starlette:
        """The proxy as an application; `ready` is called when it starts."""

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            timeout = httpx2.Timeout(_SILENCE_SECONDS, connect=CONNECT_SECONDS)
            async with httpx2.AsyncClient(timeout=timeout, verify=_trust_certificates()) as self._client:
                ready()
                yield

        return Starlette(routes=[Route("/{path:path}", self.forward, methods=_METHODS)], lifespan=lifespan)

    async def forward(self, request: Request) -> Response:
        """The server's response as it is; 403 if the request comes from a web page that is not allowed."""
        if sentence := find_rejection(request, self._allowed, (self._netloc,)):
            return JSONResponse({"error": sentence}, status_code=403)
        body = await request.body()
        path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
        url = self._find_address(request.method, path) + (f"?{query}" if query else "")
        headers = self._read_headers(request)
        number, began = self._traffic.begin()
        try:
            response = await self._client.send(_build(request.method, url, headers, body), stream=True)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            self._traffic.end(number, None)
            sentence = f"{self._target} cannot be reached or sends what is no HTTP ({type(error).__name__})."
            return JSONResponse({"error": sentence}, status_code=502)
        passing = StreamingResponse(
            self._pass_on(response, number, began, (request.method, url, headers, body)), response.status_code
        )
        passing.raw_headers = [(n.lower(), v) for n, v in response.headers.raw if n.lower() not in _OF_CONNECTION]
        return passing

    def _find_address(self, method: str, path: str) -> str:
        """The address that is asked for: below the base path, or anywhere else on the server."""
        segments = [unquote(segment) for segment in path.split("/") if segment]
        is_below = f"{path}/".startswith(f"{self._base_path}/")
        if not is_below and self._api.at(method, segments) is not None:
            return self._target + path
        return self._target.removesuffix(self._base_path) + path

    def _read_headers(self, request: Request) -> RawHeaders:
        named = b" ".join(value.lower() for name, value in request.headers.raw if name == b"connection")
        dropped = _OF_CONNECTION | {name.strip() for name in named.split(b",")}
        kept = [(n, v) for n, v in request.headers.raw if n not in dropped and n != b"host"]
        return [(b"host", self._netloc.encode()), *kept]

    async def _pass_on(
        self, response: httpx2.Response, number: int, began: float, sent: tuple[str, str, RawHeaders, bytes]
    ) -> AsyncIterator[bytes]:
        """The bytes of a response as they come; it is judged when the last one is there."""
        pieces: list[bytes] = []
        size, is_whole = 0, False
        try:
            async for piece in response.aiter_raw():
                size += len(piece)
                if size <= LARGEST_RESPONSE:
                    pieces.append(piece)
                yield piece
            is_whole = size <= LARGEST_RESPONSE
        finally:
            await response.aclose()
            content = b"".join(pieces) if is_whole else None
            recorded = _describe(response, number, began, sent, content)
            await run_in_threadpool(self._traffic.end, number, recorded)


def _build(method: str, url: str, headers: RawHeaders, body: bytes) -> httpx2.Request:
    """A request whose path and query are sent as they came, and not as a library would write them."""
    _, _, rest = url.partition("://")
    target = rest[rest.index("/") :] if "/" in rest else "/"
    return httpx2.Request(
        method, url, headers=headers, content=body or None, extensions={"target": target.encode("latin-1")}
    )


def _describe(
    response: httpx2.Response,
    number: int,
    began: float,
    sent: tuple[str, str, RawHeaders, bytes],
    content: bytes | None,
) -> Recorded:
    method, url, headers, body = sent
    encoding = response.headers.get("content-encoding", "")
    return Recorded(
        place=f"request {number}",
        method=method,
        url=url,
        request_headers=_decode(headers),
        body=body,
        status=response.status_code,
        response_headers=_decode(response.headers.raw),
        content=unpack(content, encoding) if content else content,
        began=began,
        ended=time.time(),
    )


def _decode(headers: RawHeaders) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _trust_certificates() -> ssl.SSLContext | bool:
    """The certificates of the file that the environment names for `requests`, as in every other command."""
    file = Path(os.environ.get("REQUESTS_CA_BUNDLE") or ".")
    return ssl.create_default_context(cafile=file) if file.is_file() else True

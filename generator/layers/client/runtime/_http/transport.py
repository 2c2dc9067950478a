"""The input and output of a call: `Transport` for sync clients, `AsyncTransport` for async ones."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, aclosing, closing
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .._calls.flow import call_flow, is_streamed
from .._calls.messages import Failure, Form, RawResponse, Response, SignedRequest
from .._calls.operation import Operation
from .._calls.session import Session
from .._files.download import Target
from .._logging.redaction import mask_queries

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")


class Transport:
    """Sends the requests of one session with `httpx2.Client`."""

    def __init__(self, session: Session, *, timeout: float, http: httpx2.Client | None) -> None:
        import httpx2

        _mask_log(session)
        self.session = session
        self._http = http or httpx2.Client(timeout=timeout)
        self._owned = http is None

    def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owned:
            self._http.close()

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], target: Target | None = None) -> Response[T]:
        """Make one call and decode its response."""
        flow = call_flow(self.session, operation, arguments)
        request = next(flow)
        while True:
            outcome = self._send(request, target)
            try:
                request = flow.send(outcome)
            except StopIteration as done:
                response: Response[T] = done.value
                return response

    def download(self, operation: Operation[Any], arguments: Mapping[str, Any], path: str | PathLike[str]) -> Path:
        """Stream the response of one call into a file."""
        with Target(path, operation.accepts) as target:
            self.call(operation, arguments, target)
            return target.commit()

    def _send(self, request: SignedRequest, target: Target | None) -> RawResponse | Failure:
        import httpx2

        try:
            with ExitStack() as files:
                return self._receive(self._build(request, files), request, target)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return _to_failure(error)

    def _build(self, request: SignedRequest, files: ExitStack) -> httpx2.Request:
        if isinstance(request.content, Form):
            from .multipart import build_form_request

            return build_form_request(self._http, request, request.content, files)
        return self._http.build_request(request.method, request.url, headers=request.headers, content=request.content)

    def _receive(self, built: httpx2.Request, request: SignedRequest, target: Target | None) -> RawResponse:
        response = self._http.send(built, stream=target is not None)
        if target is None or not is_streamed(request, response.status_code, response.headers):
            return RawResponse(response.status_code, response.headers, response.read())
        with closing(response):
            target.begin()
            for chunk in response.iter_bytes():
                target.write(chunk)
        return RawResponse(response.status_code, response.headers, b"")


class AsyncTransport:
    """Sends the requests of one session with `httpx2.AsyncClient`."""

    def __init__(self, session: Session, *, timeout: float, http: httpx2.AsyncClient | None) -> None:
        import httpx2

        _mask_log(session)
        self.session = session
        self._http = http or httpx2.AsyncClient(timeout=timeout)
        self._owned = http is None

    async def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owned:
            await self._http.aclose()

    async def call(
        self, operation: Operation[T], arguments: Mapping[str, Any], target: Target | None = None
    ) -> Response[T]:
        """Make one call and decode its response."""
        flow = call_flow(self.session, operation, arguments)
        request = next(flow)
        while True:
            outcome = await self._send(request, target)
            try:
                request = flow.send(outcome)
            except StopIteration as done:
                response: Response[T] = done.value
                return response

    async def download(
        self, operation: Operation[Any], arguments: Mapping[str, Any], path: str | PathLike[str]
    ) -> Path:
        """Stream the response of one call into a file, which is written in a thread."""
        from anyio.to_thread import run_sync

        with Target(path, operation.accepts) as target:
            await self.call(operation, arguments, target)
            return await run_sync(target.commit)

    async def _send(self, request: SignedRequest, target: Target | None) -> RawResponse | Failure:
        import httpx2

        try:
            with ExitStack() as files:
                return await self._receive(await self._build(request, files), request, target)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return _to_failure(error)

    async def _build(self, request: SignedRequest, files: ExitStack) -> httpx2.Request:
        if isinstance(request.content, Form):
            from .multipart import build_form_request_async

            return await build_form_request_async(self._http, request, request.content, files)
        return self._http.build_request(request.method, request.url, headers=request.headers, content=request.content)

    async def _receive(self, built: httpx2.Request, request: SignedRequest, target: Target | None) -> RawResponse:
        from anyio.to_thread import run_sync

        response = await self._http.send(built, stream=target is not None)
        if target is None or not is_streamed(request, response.status_code, response.headers):
            return RawResponse(response.status_code, response.headers, await response.aread())
        async with aclosing(response):
            target.begin()
            async for chunk in response.aiter_bytes():
                await run_sync(target.write, chunk)
        return RawResponse(response.status_code, response.headers, b"")


def _mask_log(session: Session) -> None:
    mask_queries("httpx2", session.service.secrets | session.service.personal)


def _to_failure(error: httpx2.HTTPError | httpx2.InvalidURL) -> Failure:
    """Keep only the text: the exception itself holds the request and its secrets."""
    import httpx2

    reason = str(error) or type(error).__name__
    if isinstance(error, httpx2.InvalidURL):
        return Failure("unsendable", reason, sent=False)
    if isinstance(error, httpx2.TimeoutException):
        unsent = isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        return Failure("timeout", type(error).__name__, sent=not unsent)
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError | httpx2.UnsupportedProtocol):
        return Failure("unreachable", reason, sent=False)
    return Failure("broken", reason, sent=True)

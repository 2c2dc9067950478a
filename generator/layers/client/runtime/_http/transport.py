"""The input and output of a call: `Transport` waits, `AsyncTransport` awaits; all else is shared."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, aclosing, closing
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .._calls.flow import exchange, streams
from .._calls.messages import Answer, Failure, Form, Reply, Wire
from .._calls.operation import Operation
from .._calls.session import Session
from .._files.download import Target
from .._logging.redaction import quiet_log

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")


class Transport:
    """Sends the requests of one session with `httpx2.Client`."""

    def __init__(self, session: Session, *, timeout: float, http: httpx2.Client | None) -> None:
        import httpx2

        _quiet(session)
        self.session = session
        self._http = http or httpx2.Client(timeout=timeout)
        self._owned = http is None

    def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owned:
            self._http.close()

    def call(self, operation: Operation[T], arguments: Mapping[str, Any], target: Target | None = None) -> Answer[T]:
        """Make one call and decode its answer."""
        flow = exchange(self.session, operation, arguments)
        wire = next(flow)
        while True:
            outcome = self._send(wire, target)
            try:
                wire = flow.send(outcome)
            except StopIteration as done:
                answer: Answer[T] = done.value
                return answer

    def download(self, operation: Operation[Any], arguments: Mapping[str, Any], path: str | PathLike[str]) -> Path:
        """Stream the answer of one call into a file."""
        with Target(path, operation.accepts) as target:
            self.call(operation, arguments, target)
            return target.commit()

    def _send(self, wire: Wire, target: Target | None) -> Reply | Failure:
        import httpx2

        try:
            with ExitStack() as opened:
                return self._answer(self._request(wire, opened), wire, target)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return _failure(error)

    def _request(self, wire: Wire, opened: ExitStack) -> httpx2.Request:
        if isinstance(wire.content, Form):
            from .multipart import request

            return request(self._http, wire, wire.content, opened)
        return self._http.build_request(wire.method, wire.url, headers=wire.headers, content=wire.content)

    def _answer(self, request: httpx2.Request, wire: Wire, target: Target | None) -> Reply:
        response = self._http.send(request, stream=target is not None)
        if target is None or not streams(wire, response.status_code, response.headers):
            return Reply(response.status_code, response.headers, response.read())
        with closing(response):
            target.begin()
            for chunk in response.iter_bytes():
                target.write(chunk)
        return Reply(response.status_code, response.headers, b"")


class AsyncTransport:
    """Sends the requests of one session with `httpx2.AsyncClient`."""

    def __init__(self, session: Session, *, timeout: float, http: httpx2.AsyncClient | None) -> None:
        import httpx2

        _quiet(session)
        self.session = session
        self._http = http or httpx2.AsyncClient(timeout=timeout)
        self._owned = http is None

    async def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owned:
            await self._http.aclose()

    async def call(
        self, operation: Operation[T], arguments: Mapping[str, Any], target: Target | None = None
    ) -> Answer[T]:
        """Make one call and decode its answer."""
        flow = exchange(self.session, operation, arguments)
        wire = next(flow)
        while True:
            outcome = await self._send(wire, target)
            try:
                wire = flow.send(outcome)
            except StopIteration as done:
                answer: Answer[T] = done.value
                return answer

    async def download(
        self, operation: Operation[Any], arguments: Mapping[str, Any], path: str | PathLike[str]
    ) -> Path:
        """Stream the answer of one call into a file; the file is written in a thread."""
        from anyio.to_thread import run_sync

        with Target(path, operation.accepts) as target:
            await self.call(operation, arguments, target)
            return await run_sync(target.commit)

    async def _send(self, wire: Wire, target: Target | None) -> Reply | Failure:
        import httpx2

        try:
            with ExitStack() as opened:
                return await self._answer(await self._request(wire, opened), wire, target)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return _failure(error)

    async def _request(self, wire: Wire, opened: ExitStack) -> httpx2.Request:
        if isinstance(wire.content, Form):
            from .multipart import awaited_request

            return await awaited_request(self._http, wire, wire.content, opened)
        return self._http.build_request(wire.method, wire.url, headers=wire.headers, content=wire.content)

    async def _answer(self, request: httpx2.Request, wire: Wire, target: Target | None) -> Reply:
        from anyio.to_thread import run_sync

        response = await self._http.send(request, stream=target is not None)
        if target is None or not streams(wire, response.status_code, response.headers):
            return Reply(response.status_code, response.headers, await response.aread())
        async with aclosing(response):
            target.begin()
            async for chunk in response.aiter_bytes():
                await run_sync(target.write, chunk)
        return Reply(response.status_code, response.headers, b"")


def _quiet(session: Session) -> None:
    scheme = session.service.scheme
    names = session.service.secrets | session.service.personal
    quiet_log("httpx2", names | {scheme.signature_parameter} if scheme else names)


def _failure(error: httpx2.HTTPError | httpx2.InvalidURL) -> Failure:
    """Only the text is taken over: the exception itself holds the request and its secrets."""
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

"""The input and output of an async call, under asyncio or trio."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, aclosing
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2

from .._calls.capture import note_response
from .._calls.flow import call_flow, is_streamed
from .._calls.messages import Failure, Form, RawResponse, Response, SignedRequest, Wait
from .._calls.operation import Operation
from .._calls.options import Settings
from .._errors.exceptions import ClientClosed, SetupFailed
from .._files.cancel import heed_cancel, rest_async
from .._files.download import Target
from .._files.progress import Transfer
from .._session.session import Session
from .cancelling import run_cancellable_async
from .phases import Phase

if TYPE_CHECKING:
    from .requests import RequestWriter

T = TypeVar("T")
_NO_OPTIONS: Mapping[str, Any] = {}


class AsyncTransport:
    """Sends the requests of one session with `httpx2.AsyncClient`: the user's, or one for each event loop."""

    def __init__(self, session: Session, settings: Settings, http: httpx2.AsyncClient | None) -> None:
        from .connections import check_client, mask_log

        mask_log(session)
        self.session = session
        self.settings = settings
        self._http = None if http is None else check_client(http, httpx2.AsyncClient)
        self._state = _State()
        if http is None:
            self._state.spare = self._open()  # what cannot work is reported when the client is made

    def with_options(self, options: Mapping[str, Any]) -> AsyncTransport:
        """A transport over the same connections with other settings."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, settings=self.settings.override(options))
        return other

    async def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        from anyio.lowlevel import current_token

        self._state.is_closed = self._http is None
        clients, self._state.clients = self._state.clients, {}
        if own := clients.get(current_token()):
            await own.aclose()
        if spare := self._state.spare:
            await spare.aclose()

    async def call(
        self,
        operation: Operation[T],
        arguments: Mapping[str, Any],
        options: Mapping[str, Any] = _NO_OPTIONS,
        target: Target | None = None,
    ) -> Response[T]:
        """Make one call and decode its response."""
        settings = self.settings.override(options) if options else self.settings
        flow = call_flow(self.session, settings, operation, arguments)
        try:
            step = next(flow)
            while True:
                outcome = await self._take(step, target)
                try:
                    step = flow.send(outcome)
                except StopIteration as done:
                    response: Response[T] = done.value
                    note_response(response)
                    return response
        finally:
            flow.close()  # a kept exception would keep an abandoned call alive, and what it holds

    async def download(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        path: str | PathLike[str],
        transfer: Transfer,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Path:
        """Stream the response of one call into a file, which is written in a thread."""
        from anyio.to_thread import run_sync

        source = f"{self.session.base_url}{arguments['url']}"
        deadline = self.settings.override(options).deadline
        target = await run_sync(Target, path, operation.accepts, transfer, source, deadline)
        with heed_cancel(transfer.cancel, f"{path}: the download"), target:
            await self.call(operation, arguments, options, target)
            return await run_sync(target.commit)

    async def _take(self, step: SignedRequest | Wait, target: Target | None) -> RawResponse | Failure | None:
        if isinstance(step, SignedRequest):
            return await run_cancellable_async(partial(self._send, step, target))
        await rest_async(step.seconds)
        return None

    async def _send(self, request: SignedRequest, target: Target | None) -> RawResponse | Failure:
        from anyio import fail_after

        from .receiving import CAUGHT, add_range, to_outcome

        http = self._client()
        request, phase = add_range(request, target), Phase()
        try:
            with ExitStack() as files, fail_after(request.timeout):
                built = await self._build(http, request, files)
                built.extensions["trace"] = phase.note
                return await self._receive(http, built, request, target)
        except CAUGHT as error:
            is_unsent = isinstance(error, TimeoutError) and phase.is_before_request(is_own=self._http is None)
            return to_outcome(error, target, is_unsent=is_unsent)
        except RuntimeError as error:
            if "loop" not in str(error):
                raise
        raise SetupFailed("the client in http= belongs to another event loop (make one in each loop, or pass none)")

    def _client(self) -> httpx2.AsyncClient:
        """The HTTP client of this event loop."""
        from anyio.lowlevel import current_token

        from .connections import check_client

        if self._state.is_closed or (self._http is not None and self._http.is_closed):
            raise ClientClosed("the client is closed (make calls inside its `async with` block, or before `close()`)")
        if self._http is not None:
            return check_client(self._http, type(self._http))  # it may have been changed since it was passed
        token, state = current_token(), self._state
        with state.lock:  # event loops of several threads
            if token not in state.clients:
                for other in filter(_is_closed, list(state.clients)):
                    state.writers.pop(state.clients.pop(other), None)
                state.clients[token], state.spare = state.spare or self._open(), None
            return state.clients[token]

    def _open(self) -> httpx2.AsyncClient:
        from .connections import open_async_client

        return open_async_client(self.session.base_url)

    async def _build(self, http: httpx2.AsyncClient, request: SignedRequest, files: ExitStack) -> httpx2.Request:
        if isinstance(request.content, Form):
            from .multipart import build_form_request_async

            return await build_form_request_async(http, request, request.content, files)
        from .requests import write_request

        if self._http is not None:
            return write_request(http, request, request.content)
        return self._writer(http).write(request, request.content)

    async def _exchange(self, http: httpx2.AsyncClient, built: httpx2.Request) -> httpx2.Response:
        if self._http is not None:
            return await http.send(built, stream=True)
        return await self._writer(http).transport.handle_async_request(built)

    def _writer(self, http: httpx2.AsyncClient) -> RequestWriter[httpx2.AsyncBaseTransport]:
        from .requests import RequestWriter

        writer = self._state.writers.get(http)
        if writer is None:
            writer = self._state.writers[http] = RequestWriter(http, self.session)
        return writer

    async def _receive(
        self, http: httpx2.AsyncClient, built: httpx2.Request, request: SignedRequest, target: Target | None
    ) -> RawResponse:
        from anyio.to_thread import run_sync

        from .receiving import LARGEST

        async with aclosing(await self._exchange(http, built)) as response:
            status, headers = response.status_code, response.headers
            if target is None or not is_streamed(request, status, headers):
                content = b"".join([part async for part in _unpack(response, LARGEST)])
                if target is not None:
                    target.refuse(status)
                return RawResponse(status, headers, content)
            await run_sync(target.begin, status, headers)
            async for part in _unpack(response, None):
                await run_sync(target.write, part)
                target.report()
            target.finish()
        return RawResponse(status, headers, b"")


class _State:
    """What a transport shares with those that only have other settings."""

    def __init__(self) -> None:
        self.clients: dict[Any, httpx2.AsyncClient] = {}
        self.spare: httpx2.AsyncClient | None = None
        self.is_closed = False
        self.lock = threading.Lock()
        self.writers: dict[httpx2.AsyncClient, RequestWriter[httpx2.AsyncBaseTransport]] = {}


def _is_closed(token: object) -> bool:
    """Whether the event loop of this token of anyio is closed; trio's does not say."""
    is_closed: Callable[[], bool] = getattr(getattr(token, "native_token", token), "is_closed", bool)
    return is_closed()


async def _unpack(response: httpx2.Response, largest: int | None) -> AsyncIterator[bytes]:
    """The body in parts; raises if it is cut short or too large."""
    from .receiving import read_content
    from .unpacking import Unpacker

    if response.is_stream_consumed:  # as some transports of tests return them
        yield read_content(response)
        return
    unpacker = Unpacker(response.status_code, response.headers, largest)
    async for chunk in response.aiter_raw():
        for part in unpacker.feed(chunk):
            yield part
    unpacker.finish()

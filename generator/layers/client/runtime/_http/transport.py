"""The input and output of a sync call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx2

from .._calls.capture import note_response
from .._calls.flow import call_flow, is_streamed
from .._calls.messages import Failure, Form, RawResponse, Response, SignedRequest, Wait
from .._calls.operation import Operation
from .._calls.options import Settings
from .._errors.exceptions import ClientClosed
from .._files.cancel import heed_cancel, rest
from .._files.download import Target
from .._files.progress import Transfer
from .._session.session import Session
from .connections import check_client
from .deadlines import check_deadline, limit_time
from .receiving import CAUGHT, LARGEST, add_range, read_content, to_outcome
from .requests import RequestWriter, write_request
from .unpacking import Unpacker

T = TypeVar("T")
_NO_OPTIONS: Mapping[str, Any] = {}


class Transport:
    """Sends the requests of one session with `httpx2.Client`."""

    def __init__(self, session: Session, settings: Settings, http: httpx2.Client, *, is_own: bool) -> None:
        self.session = session
        self.settings = settings
        self._http = http
        self._writer: RequestWriter[httpx2.BaseTransport] | None = RequestWriter(http, session) if is_own else None
        self._exchange = self._writer.transport.handle_request if self._writer else partial(http.send, stream=True)

    def call(
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
                outcome = self._take(step, target)
                try:
                    step = flow.send(outcome)
                except StopIteration as done:
                    response: Response[T] = done.value
                    note_response(response)
                    return response
        finally:
            flow.close()  # a kept exception would keep an abandoned call alive, and what it holds

    def download(
        self,
        operation: Operation[Any],
        arguments: Mapping[str, Any],
        path: str | PathLike[str],
        transfer: Transfer,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Path:
        """Stream the response of one call into a file."""
        source = f"{self.session.base_url}{arguments['url']}"
        deadline = self.settings.override(options).deadline
        with (
            heed_cancel(transfer.cancel, f"{path}: the download"),
            Target(path, operation.accepts, transfer, source, deadline) as target,
        ):
            self.call(operation, arguments, options, target)
            return target.commit()

    def _take(self, step: SignedRequest | Wait, target: Target | None) -> RawResponse | Failure | None:
        if isinstance(step, SignedRequest):
            return self._send(step, target)
        rest(step.seconds)
        return None

    def _send(self, request: SignedRequest, target: Target | None) -> RawResponse | Failure:
        if self._http.is_closed:
            raise ClientClosed("the client is closed (make calls inside its `with` block, or before `close()`)")
        if self._writer is None:
            check_client(self._http, type(self._http))  # it may have been changed since it was passed
        request = add_range(request, target)
        try:
            with limit_time(request.timeout):
                if isinstance(request.content, Form):
                    return self._send_form(request, request.content, target)
                return self._receive(self._build(request, request.content), request, target)
        except CAUGHT as error:
            return to_outcome(error, target)

    def _send_form(self, request: SignedRequest, form: Form, target: Target | None) -> RawResponse:
        from .multipart import build_form_request

        with ExitStack() as files:
            return self._receive(build_form_request(self._http, request, form, files), request, target)

    def _build(self, request: SignedRequest, content: bytes | None) -> httpx2.Request:
        if self._writer is not None:
            return self._writer.write(request, content)
        return write_request(self._http, request, content)

    def _receive(self, built: httpx2.Request, request: SignedRequest, target: Target | None) -> RawResponse:
        with closing(self._exchange(built)) as response:
            status, headers = response.status_code, response.headers
            if target is None or not is_streamed(request, status, headers):
                content = b"".join(_unpack(response, LARGEST))
                if target is not None:
                    target.refuse(status)
                return RawResponse(status, headers, content)
            target.begin(status, headers)
            for part in _unpack(response, None):
                target.write(part)
                target.report()
            target.finish()
        return RawResponse(status, headers, b"")


def _unpack(response: httpx2.Response, largest: int | None) -> Iterator[bytes]:
    """The body in parts; raises if it is cut short, too large, or too late."""
    if response.is_stream_consumed:  # as some transports of tests return them
        yield read_content(response)
        return
    unpacker = Unpacker(response.status_code, response.headers, largest)
    for chunk in cast("httpx2.SyncByteStream", response.stream):  # iter_raw would cut it anew
        check_deadline()
        yield from unpacker.feed(chunk)
    unpacker.finish()

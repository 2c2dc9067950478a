"""One connection: headers that come too slowly or without end, too many connections, and what is no HTTP."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from http import HTTPStatus
from typing import Any, ClassVar

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from ..errors import (
    ApiError,
    headers_too_large,
    not_http,
    path_too_long,
    request_timeout,
    target_too_long,
    too_many_connections,
)
from ..settings.limits import USUAL, Limits
from .framing import check_framing
from .network import with_close
from .upgrades import NoUpgrades

_LONGEST_TARGET = 65_535  # bytes of path and query
_LONGEST_PATH = 8_192
_LONGEST_HEADERS = 65_536  # bytes of all names and values
_MOST_HEADERS = 200
_LINGERS_SECONDS = 2.0  # as a response gets lost if the connection is closed while the client sends
_MOST_DROPPED = 1_048_576


class Connection(NoUpgrades):
    """uvicorn's connection without its own access log, which would hold queries, however logging is set up."""

    limits: ClassVar[Limits] = USUAL

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access_log = False
        self._in_headers = False
        self._received = 0
        self._header_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._closing: asyncio.TimerHandle | None = None
        self._unanswered: deque[RequestResponseCycle] = deque()
        self._is_ended = False  # the client sends nothing more
        self._is_refused = False  # what still comes is dropped
        self._dropped = 0
        self._fault: ApiError | None = None  # of a request that was read, and is not to be answered before others

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self.app = _busy
        self._watch()

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            self._dropped += len(data)
            if self._dropped > _MOST_DROPPED:
                self.transport.close()
            return
        if self._fault is None:
            self.feed(data)
        self._watch()
        if self._in_headers:
            self._received += len(data)
            if self._received > _LONGEST_HEADERS + len(self.url):
                self._fault = self._fault or headers_too_large(_MOST_HEADERS, _LONGEST_HEADERS)
                if not self._has_unanswered:
                    self._refuse(self._fault)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio closes the connection for anything but True
        """Whether the connection stays open: until all requests that came before this end have responses."""
        self._is_ended = True
        if self._has_unanswered and self.cycle.more_body:
            self.send_400_response("the body is cut short")
        return self._has_unanswered

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        _cancel(self._stalled)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        _cancel(self._stalled)
        _cancel(self._closing)
        self._disconnect_unanswered()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers, self._received, self._header_bytes = True, 0, 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > _LONGEST_TARGET:
            self._fault = target_too_long(_LONGEST_TARGET)
            raise self._fault  # ends the parser

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_headers:  # trailers come after the body, and say nothing that is checked before it
            return
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if len(self.headers) > _MOST_HEADERS or self._header_bytes > _LONGEST_HEADERS:
            self._fault = headers_too_large(_MOST_HEADERS, _LONGEST_HEADERS)
            raise self._fault

    def on_headers_complete(self) -> None:
        self._in_headers = False
        self._fault = check_framing(self.parser.get_http_version(), self.headers)
        if len(self.url.partition(b"?")[0]) > _LONGEST_PATH:
            self._fault = self._fault or path_too_long(_LONGEST_PATH)
        if self._fault is not None:
            raise self._fault
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before:
            self._unanswered.append(self.cycle)

    def on_response_complete(self) -> None:
        self._unanswered.popleft()
        super().on_response_complete()
        if self._has_unanswered:
            return
        if self._fault is not None:
            self._refuse(self._fault)
        elif self._is_ended:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # overrides
        """Refuses what cannot be read, once the requests before it are answered."""
        is_in_body = self._fault is None and self._has_unanswered and self.cycle.more_body
        self._fault = self._fault or not_http()
        if is_in_body and self.pipeline:
            self.pipeline.popleft()  # the last one to be read: its body is not whole
            self._unanswered.pop()
        elif is_in_body or not self._has_unanswered:
            self._refuse(self._fault)

    @property
    def _has_unanswered(self) -> bool:
        return bool(self._unanswered)

    def _disconnect_unanswered(self) -> None:
        for cycle in self._unanswered:  # uvicorn knows of the last one alone
            cycle.disconnected = True
            cycle.waiting_for_100_continue = False
            cycle.message_event.set()

    def _watch(self) -> None:
        """While headers are awaited time runs, and more bytes of them do not win any."""
        if self._has_unanswered and not self._in_headers:
            self._unwatch()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.limits.read_seconds, self._too_late)

    def _unwatch(self) -> None:
        _cancel(self._deadline)
        self._deadline = None

    def _await_reader(self, left: int | None = None) -> None:
        """Closes the connection if as much of the response is unsent as at the last look.

        The system's own buffer, of some MB, takes more only once a third of it is free.
        """
        now = self.transport.get_write_buffer_size()
        if now == left:
            self.transport.abort()
        else:
            self._stalled = self.loop.call_later(self.limits.read_seconds, self._await_reader, now)

    def _too_late(self) -> None:
        self._deadline = None
        if self._has_unanswered:  # a request before these headers
            self._watch()
        elif self._in_headers:
            self._refuse(request_timeout(self.limits.read_seconds))
        else:
            self.transport.close()

    def _refuse(self, error: ApiError) -> None:
        if self.transport.is_closing() or self._is_refused:
            return
        body = json.dumps(error.content).encode()
        status = HTTPStatus(error.status)
        head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
        self._linger()

    def _linger(self) -> None:
        """Sends nothing more, and closes the connection once the client has done so, or soon."""
        self._unwatch()
        self._is_refused = True
        self._disconnect_unanswered()  # what the application still sends would come after the end
        if self._is_ended:
            self.transport.close()
        else:
            self.transport.write_eof()
            self._closing = self.loop.call_later(_LINGERS_SECONDS, self.transport.close)


class Cuttable(Connection):
    """Lets the application close the connection without a response."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as above
        super().connection_made(transport)
        self.app = with_close(self.app, transport.close)


def connection_class(limits: Limits, *, is_flaky: bool = False) -> type[Connection]:
    """The kind of connection that keeps these limits; a flaky one can be cut."""
    return type("Connection", (Cuttable if is_flaky else Connection,), {"limits": limits})


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    error = too_many_connections()
    await JSONResponse(error.content, error.status, error.headers)(scope, receive, send)

"""One connection: headers that come too slowly or without end, too many connections, and what is no HTTP."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, ClassVar

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from ..errors import ApiError, headers_too_large, not_http, request_timeout, too_many_connections
from ..settings.limits import USUAL, Limits
from .network import with_close
from .upgrades import NoUpgrades

_LONGEST_HEADERS = 65_536


class Connection(NoUpgrades):
    """uvicorn's connection without its own access log, which would hold queries, however logging is set up."""

    limits: ClassVar[Limits] = USUAL

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access_log = False
        self._in_headers = False
        self._received = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self.app = _busy
        self._watch()

    def data_received(self, data: bytes) -> None:
        self.feed(data)
        self._watch()
        if self._in_headers:
            self._received += len(data)
            if self._received > _LONGEST_HEADERS:
                self._refuse(headers_too_large(_LONGEST_HEADERS))

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        _cancel(self._stalled)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        _cancel(self._stalled)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers, self._received = True, 0

    def on_headers_complete(self) -> None:
        self._in_headers = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # overrides
        self._refuse(not_http())

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _watch(self) -> None:
        """While headers are awaited time runs, and more bytes of them do not win any."""
        if self._is_answering and not self._in_headers:
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
        if self._is_answering:  # a request before these headers
            self._watch()
        elif self._in_headers:
            self._refuse(request_timeout(self.limits.read_seconds))
        else:
            self.transport.close()

    def _refuse(self, error: ApiError) -> None:
        if self.transport.is_closing():
            return
        body = json.dumps(error.content).encode()
        status = HTTPStatus(error.status)
        head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
        self.transport.close()


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

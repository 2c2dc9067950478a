"""One connection: headers that come too slowly, too many connections, and requests that are no HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import Any, ClassVar

import h11
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .limits import USUAL, Limits
from .refusals import no_http, too_many, too_slow


class Connection(H11Protocol):
    """uvicorn's connection without its own access log, which would hold queries, however logging is set up."""

    limits: ClassVar[Limits] = USUAL

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access_log = False
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self.app = _busy
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # overrides
        self._refuse(400, no_http().content)

    def _watch(self) -> None:
        """While headers are awaited time runs, and more bytes of them do not win any."""
        if self.conn.their_state is not h11.IDLE:
            self._unwatch()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.limits.read_seconds, self._too_late)

    def _unwatch(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        if self.transport.is_closing():
            return
        if self.conn.trailing_data[0]:
            self._refuse(408, too_slow(self.limits.read_seconds).content)
        else:  # it never began a request
            self.transport.close()

    def _refuse(self, status: int, content: dict[str, object]) -> None:
        body = json.dumps(content).encode()
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


def limited(limits: Limits) -> type[Connection]:
    """The kind of connection that keeps these limits."""
    return type("Connection", (Connection,), {"limits": limits})


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = too_many()
    await JSONResponse(refusal.content, refusal.status, refusal.headers)(scope, receive, send)

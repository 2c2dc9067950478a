"""The access log: method, path, status, time. Never a query, a header or a body: they hold secrets."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOG = logging.getLogger("procwise_sandbox.access")


class Logged:
    """Writes one line for each answered request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent = (time.perf_counter() - started) * 1000
                _LOG.info("%s %r %d %.1f ms", scope["method"], scope["path"], message["status"], spent)
            await send(message)

        await self._app(scope, receive, noting)

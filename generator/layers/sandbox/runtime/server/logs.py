"""The access log: never a query, a header or a body, since they hold secrets."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import SandboxError
from ..http import journal

STYLES = ("text", "json")
_LOG = logging.getLogger("procwise_sandbox.access")


def set_up(style: str, *, quiet: bool) -> None:
    """Everything that is logged goes to stderr, in lines of text or of JSON."""
    if style not in STYLES:
        raise SandboxError(f"there is no log style {style} (there are: {', '.join(STYLES)})")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if style == "json" else logging.Formatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING if quiet else logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object for each record: a request with its facts, anything else with its message."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {"time": datetime.fromtimestamp(record.created, UTC).isoformat()}
        facts = getattr(record, "facts", None)
        return json.dumps(told | (facts or {"level": record.levelname.lower(), "message": super().format(record)}))


class Logged:
    """Writes one line for each answered request, and keeps it in the journal, if there is one."""

    def __init__(self, app: ASGIApp, kept: journal.Journal | None = None) -> None:
        self._app = app
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._kept is None and not _LOG.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        note = journal.begun()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._tell(scope, message["status"], (time.perf_counter() - started) * 1000, note)
            await send(message)

        await self._app(scope, receive, noting)

    def _tell(self, scope: Scope, status: int, spent: float, note: journal.Note) -> None:
        facts = journal.entry(scope["method"], scope["path"], status, spent, note)
        if _LOG.isEnabledFor(logging.INFO):
            line = (scope["method"], journal.told_path(scope["path"]), status, spent, note.verdict or "-")
            _LOG.info("%s %r %d %.1f ms %s", *line, extra={"facts": facts})
        if self._kept is not None:
            self._kept.add({"time": int(time.time() * 1000), **facts})

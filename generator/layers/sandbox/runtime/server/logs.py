"""The access log: never a query, a header or a body, since they hold secrets."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import SandboxError
from ..http import request_log
from .log_stream import DroppingHandler

STYLES = ("text", "json")
_LOG = logging.getLogger("procwise_sandbox.access")


def set_up_logging(style: str, *, quiet: bool) -> None:
    """Everything that is logged goes to stderr, in lines of text or of JSON."""
    if style not in STYLES:
        raise SandboxError(f"there is no log style {style} (there are: {', '.join(STYLES)})")
    handler = DroppingHandler()
    handler.setFormatter(JsonLines() if style == "json" else logging.Formatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING if quiet else logging.INFO)
    logging.getLogger("procwise_sandbox.page").setLevel(logging.INFO)  # a link that nobody sees is of no use
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """One JSON object for each record: a request with its facts, anything else with its message."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {"time": datetime.fromtimestamp(record.created, UTC).isoformat()}
        facts = getattr(record, "facts", None)
        return json.dumps(fields | (facts or {"level": record.levelname.lower(), "message": super().format(record)}))


class AccessLog:
    """Writes one line for each request, and adds it to the journal and the recorder, if there are any."""

    def __init__(
        self,
        app: ASGIApp,
        journal_of: request_log.Journal | None = None,
        recorder: request_log.Recorder | None = None,
    ) -> None:
        self._app = app
        self._journal = journal_of
        self._recorder = recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_logged = self._journal is not None or self._recorder is not None or _LOG.isEnabledFor(logging.INFO)
        if not is_logged:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        note = request_log.start_note()

        status = 0

        async def send_and_log(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._log_request(scope, status, (time.perf_counter() - started) * 1000, note)
            await send(message)

        await self._app(scope, receive, send_and_log)
        if status == 0:
            self._record(scope, status, note)

    def _record(self, scope: Scope, status: int, note: request_log.Note) -> None:
        if self._recorder is not None:
            self._recorder.add(scope["method"], scope["path"], status, note)

    def _log_request(self, scope: Scope, status: int, spent: float, note: request_log.Note) -> None:
        self._record(scope, status, note)
        facts = request_log.entry(scope["method"], scope["path"], status, spent, note)
        if _LOG.isEnabledFor(logging.INFO):
            line = (scope["method"], request_log.mask_path(scope["path"]), status, spent, note.verdict or "-")
            _LOG.info("%s %r %d %.1f ms %s", *line, extra={"facts": facts})
        if self._journal is not None:
            self._journal.add({"time": int(time.time() * 1000), **facts})

"""Log lines on stderr that stop nothing: lines that nobody reads are dropped and counted."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread

KEPT = 10_000
_LAST_SECONDS = 1.0
_STDERR = 2


class DroppingHandler(logging.Handler):
    """Hands lines to a thread that writes them; one that is full drops new lines, and says later how many.

    Each process has a thread of its own, which begins with its first line: threads do not survive a fork.
    """

    def __init__(self, descriptor: int = _STDERR) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._process = 0
        self._dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        if self._process != os.getpid():
            self._start()
        if self._lines.qsize() >= KEPT:
            self._dropped += 1
            return
        if self._dropped:
            self._lines.put(self._format_dropped())
        self._lines.put(self.format(record))

    def close(self) -> None:
        """Gives the last lines a moment to be read."""
        if self._process == os.getpid():
            if self._dropped:
                self._lines.put(self._format_dropped())
            self._lines.put(None)
            self._thread.join(_LAST_SECONDS)
            self._process = 0
        super().close()

    def _start(self) -> None:
        self._process, self._dropped = os.getpid(), 0
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._thread = Thread(target=_write_lines, args=(self._lines.get, self._descriptor), name="log", daemon=True)
        self._thread.start()

    def _format_dropped(self) -> str:
        message = "%d lines of the log were dropped: nobody reads them"
        record = logging.LogRecord("procwise_sandbox", logging.WARNING, "", 0, message, (self._dropped,), None)
        self._dropped = 0
        return self.format(record)


def _write_lines(take: Callable[[], str | None], descriptor: int) -> None:
    while (line := take()) is not None:
        content = f"{line}\n".encode(errors="backslashreplace")
        with suppress(OSError):  # whoever read has gone
            while content:
                content = content[os.write(descriptor, content) :]

"""Background jobs that make a file: queued, running, then success or failure, told by the database."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import BigInteger, Column, Connection, Table, Text, delete, insert, select, update

from .state import OWN, State

PENDING = ("queued", "running")
_LOST_AFTER_MS = 60_000
_LOG = logging.getLogger("procwise_sandbox")
_JOBS = Table(
    "_jobs",
    OWN,
    Column("name", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)


class Jobs:
    """Runs jobs one after the other; `seconds` is how long each of the two pending states lasts."""

    def __init__(self, state: State, files: Path, *, clock: Callable[[], float], seconds: float) -> None:
        self._state = state
        self._files = files
        self._clock = clock
        self._seconds = seconds
        self._workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")

    def queue(self, connection: Connection, name: str) -> bool:
        """Marks the job as queued; False where it is already on its way."""
        if self.status(connection, name) in PENDING:
            return False
        self.forget(connection, name)
        connection.execute(insert(_JOBS).values(name=name, status="queued", changed_at=self._now()))
        return True

    def start(self, name: str, write: Callable[[Connection, Path], None]) -> None:
        """Runs the queued job; `write` makes the file from the state. Called after the commit."""
        self._workers.submit(self._run, name, write)

    def status(self, connection: Connection, name: str) -> str:
        """How far the job is; `not_found` where its process or its file is gone."""
        row = connection.execute(select(_JOBS).where(_JOBS.c.name == name)).one_or_none()
        if row is None:
            return "never_run"
        lost = row.status in PENDING and self._now() - row.changed_at > _LOST_AFTER_MS
        gone = row.status == "success" and not self.file(name).exists()
        return "not_found" if lost or gone else str(row.status)

    def file(self, name: str) -> Path:
        """Where the job's file is. The name is made by the sandbox, never by a request."""
        return self._files / name

    def forget(self, connection: Connection, name: str) -> None:
        connection.execute(delete(_JOBS).where(_JOBS.c.name == name))

    def close(self) -> None:
        """Waits for the running job; those that wait are dropped and later told as `not_found`."""
        self._workers.shutdown(cancel_futures=True)

    def _run(self, name: str, write: Callable[[Connection, Path], None]) -> None:
        part = self._files / f"{name}.part"
        try:
            time.sleep(self._seconds)
            if not self._mark(name, "running"):
                return  # forgotten: the object is gone
            time.sleep(self._seconds)
            with self._state.unit() as connection:
                write(connection, part)
            part.replace(self.file(name))
            if not self._mark(name, "success"):
                self.file(name).unlink(missing_ok=True)
        except Exception:  # noqa: BLE001  # a failed job is a state that is told, not an error here
            _LOG.exception("the job %s failed", name)
            part.unlink(missing_ok=True)
            self._mark(name, "failure")

    def _mark(self, name: str, status: str) -> bool:
        changed = update(_JOBS).where(_JOBS.c.name == name).values(status=status, changed_at=self._now())
        with self._state.unit() as connection:
            return connection.execute(changed).rowcount == 1

    def _now(self) -> int:
        return int(self._clock() * 1000)

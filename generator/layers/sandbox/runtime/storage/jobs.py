"""Background jobs that make a file: queued, running, then success or failure, stored in the database.

The queue is the database's: whichever process has its hands free takes the oldest job. It holds the job by a
lease, which it renews for as long as it lives; what a dead process held is queued again once its lease is over.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Protocol

from sqlalchemy import BigInteger, Column, Connection, Row, Table, Text, Update, delete, func, select, update

from ..errors import DatabaseBusy
from ..settings.defaults import LEASE_SECONDS
from .failures import report_failure
from .files import unfinished_path
from .state import OWN, State, insert_once

PENDING = ("queued", "running")
_SHORTEST_LOOK = 0.05
_LOG = logging.getLogger("procwise_sandbox")
_JOBS = Table(
    "_background_jobs",
    OWN,
    Column("name", Text, primary_key=True),
    Column("subject", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("leased_until", BigInteger, nullable=False),
)
_FREE = {"owner": "", "leased_until": 0}


class JobWork(Protocol):
    """What the jobs do. Only `collect` and `record` have the state to themselves, and only for a moment."""

    def collect(self, connection: Connection, subject: int) -> Any: ...
    def make(self, collected: Any, target: Path) -> None: ...
    def record(self, connection: Connection, subject: int, file: Path, asked_at: int) -> None: ...


class Jobs:
    """Does one job after the other; `seconds` is how long each of the two pending states lasts."""

    def __init__(self, state: State, files: Path, *, seconds: float, lease_seconds: float = LEASE_SECONDS) -> None:
        self._state = state
        self._files = files
        self._seconds = seconds
        self._lease_seconds = lease_seconds
        self._owner = secrets.token_hex(8)
        self._work: JobWork | None = None
        self._asked, self._stopping = Event(), Event()
        self._failed: set[str] = set()  # what the database has no space to say yet
        self._starting = Lock()
        self._thread: Thread | None = None

    def set_work(self, work: JobWork) -> None:
        """Says what the jobs do."""
        self._work = work

    def add_successful(self, connection: Connection, name: str, subject: int, asked_at: int) -> None:
        """Adds a job whose file is there."""
        insert_once(connection, _JOBS, name=name, subject=subject, status="success", asked_at=asked_at, **_FREE)

    def queue(self, connection: Connection, name: str, subject: int, asked_at: int) -> None:
        """Marks the job as queued, unless it is already on its way; `wake` is called after the commit."""
        if self.status(connection, name) not in PENDING:
            self.forget(connection, name)
            insert_once(connection, _JOBS, name=name, subject=subject, status="queued", asked_at=asked_at, **_FREE)
            self._failed.discard(name)

    def resume(self) -> None:
        """Goes on with what was left at the last end; called at the start."""
        with self._state.transaction() as connection:
            left = connection.scalar(select(func.count()).where(_JOBS.c.status.in_(PENDING)))
        if left:
            self.wake()

    def wake(self) -> None:
        """Makes this process look for jobs: new ones, and those that a dead process left."""
        self._asked.set()
        with self._starting:
            if self._thread is None and self._work is not None and not self._stopping.is_set():
                self._thread = Thread(target=self._serve, args=(self._work,), name="jobs", daemon=True)
                self._thread.start()

    def status(self, connection: Connection, name: str) -> str:
        """How far the job is; `not_found` where its file is gone."""
        row = connection.execute(select(_JOBS).where(_JOBS.c.name == name)).one_or_none()
        if row is None:
            return "never_run"
        if row.status in PENDING and name in self._failed:
            return "failure"
        if row.status in PENDING and row.leased_until < _now():
            self.wake()  # it may be that of a dead process, and this one asleep
        gone = row.status == "success" and not self.file(name).exists()
        return "not_found" if gone else str(row.status)

    def file(self, name: str) -> Path:
        """Where the job's file is. The name is made by the sandbox, never by a request."""
        return self._files / name

    def forget(self, connection: Connection, name: str) -> None:
        connection.execute(delete(_JOBS).where(_JOBS.c.name == name))

    def close(self) -> None:
        """Waits for the file that is being made; jobs that wait stay queued."""
        self._stopping.set()
        self._asked.set()
        with self._starting:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _serve(self, work: JobWork) -> None:
        while not self._stopping.is_set():
            self._asked.clear()
            try:
                job, seconds = self._find_job()
                if job is not None:
                    seconds = self._run_job(work, job)
            except DatabaseBusy:
                seconds = self._lease_seconds
            except Exception as failure:  # noqa: BLE001  # nothing to do but to retry
                report_failure("looking for jobs", failure)
                seconds = self._lease_seconds
            self._asked.wait(seconds)

    def _find_job(self) -> tuple[Row[Any] | None, float | None]:
        """The oldest job that nobody alive holds; without one, in how many seconds there may be one."""
        pending = _JOBS.c.status.in_(PENDING)
        with self._state.transaction(reads=True) as connection:
            now = _now()
            free = select(_JOBS).where(pending, _JOBS.c.leased_until < now).order_by(_JOBS.c.asked_at, _JOBS.c.name)
            job = connection.execute(free.limit(1)).one_or_none()
            if job is not None:
                return job, None
            next_end = connection.scalar(select(func.min(_JOBS.c.leased_until)).where(pending))
            return None, None if next_end is None else max((next_end - now) / 1000, _SHORTEST_LOOK)

    def _claim(self, job: Row[Any]) -> bool:
        """Whether the job is now this process's: if it is still as it was seen."""
        as_seen = update(_JOBS).where(
            _JOBS.c.name == job.name, _JOBS.c.owner == job.owner, _JOBS.c.leased_until == job.leased_until
        )
        return self._write(as_seen.values(status="queued", owner=self._owner, leased_until=self._end()))

    def _run_job(self, work: JobWork, job: Row[Any]) -> float:
        """Does the job unless another process has it; in how many seconds to look for the next one."""
        left, part = (unfinished_path(self.file(job.name), owner) for owner in (job.owner, self._owner))
        try:
            if not self._claim(job):
                return _SHORTEST_LOOK
            left.unlink(missing_ok=True)
            if job.name in self._failed:
                return self._record_failure(job.name)
            with self._keep_lease(job.name):
                self._make(work, job, part)
        except DatabaseBusy:
            _LOG.warning("the job %s is done again: the database was busy", job.name)
        except Exception as failure:  # noqa: BLE001  # a failed job is a status, not an error here
            report_failure(f"the job {job.name}", failure)
            part.unlink(missing_ok=True)  # which may be the space that the status needs
            return self._record_failure(job.name)
        finally:
            part.unlink(missing_ok=True)
        return 0

    def _record_failure(self, name: str) -> float:
        """Says that the job failed: in the database, or in this process while that has no space."""
        self._failed.add(name)
        try:
            self._change(name, status="failure", **_FREE)
        except Exception as failure:  # noqa: BLE001  # it is recorded when the lease is over
            report_failure(f"recording that the job {name} failed", failure)
            return self._lease_seconds
        self._failed.discard(name)
        return 0

    def _make(self, work: JobWork, job: Row[Any], part: Path) -> None:
        """Makes the file; a job that is no longer this process's, or that of no object, is left as it is."""
        is_made = self._wait_state() and self._change(job.name, status="running") and self._wait_state()
        if not is_made:
            self._change(job.name, status="queued", **_FREE)
            return
        with self._state.transaction() as connection:
            collected = work.collect(connection, job.subject)
        work.make(collected, part)
        with self._state.transaction() as connection:
            if connection.execute(self._own(job.name).values(status="success", **_FREE)).rowcount == 1:
                part.replace(self.file(job.name))
                work.record(connection, job.subject, self.file(job.name), job.asked_at)

    def _wait_state(self) -> bool:
        """Whether the time of a state passed before the end of this process."""
        return not self._stopping.wait(self._seconds)

    @contextmanager
    def _keep_lease(self, name: str) -> Iterator[None]:
        """Renews the lease, from a thread of its own, since the file may take long to make."""
        done = Event()
        thread = Thread(target=self._renew, args=(name, done), name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _renew(self, name: str, done: Event) -> None:
        while not done.wait(self._lease_seconds / 3):
            try:
                self._change(name, leased_until=self._end())
            except Exception as failure:  # noqa: BLE001  # the job goes on, and fails or not by itself
                report_failure(f"keeping the job {name}", failure)

    def _change(self, name: str, **values: object) -> bool:
        """Whether the job is still this process's, and was changed."""
        return self._write(self._own(name).values(**values))

    def _write(self, change: Update) -> bool:
        """Whether something was changed; a busy database changes nothing."""
        try:
            with self._state.transaction() as connection:
                return connection.execute(change).rowcount == 1
        except DatabaseBusy:
            return False

    def _own(self, name: str) -> Update:
        return update(_JOBS).where(_JOBS.c.name == name, _JOBS.c.owner == self._owner)

    def _end(self) -> int:
        return _now() + int(self._lease_seconds * 1000)


def _now() -> int:
    """By the clock of the system: that of the sandbox may be off on purpose, in each process by another time."""
    return int(time.time() * 1000)

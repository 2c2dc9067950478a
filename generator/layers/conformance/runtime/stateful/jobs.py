"""Background jobs: idle, pending, success, and a file at the end."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator

from ..api import Job, Operation
from ..results import SHOULD, Level, Result
from .check_run import CheckRun, Exchange, NotPossible
from .checks.objects import FILE, JOB
from .factory import CreatedObject, ObjectFactory

_SECONDS = 60.0
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
_ZIP = "application/zip"


def check_job(run: CheckRun, start: Operation) -> Iterator[Result]:
    """Check one job on an own object."""
    job, factory = start.job, ObjectFactory(run)
    status = run.api.find(job.status_operation) if job else None
    if job is None or status is None:
        return
    created = factory.object_for(start)
    before = run.ask(status, factory.ids(status, created))
    fine = not job.idle or before.object.get(job.field) in job.idle
    expected = f"{' or '.join(job.idle)}, since no job was started"
    yield from run.verdict(JOB, before, fine, expected, of=start, detail="" if fine else "before the start")
    started = run.ask(start, factory.ids(start, created))
    if not started.succeeded:
        raise NotPossible(f"{start.id} answered {started.status}")
    ended, strange = _wait_for_end(run, factory, status, job, created)
    yield from run.verdict(JOB, ended, not strange, f"one of {', '.join(job.words)}", of=start, detail=strange)
    word = ended.object.get(job.field)
    fine = word in job.success
    observed = f"{word} after at most {_SECONDS:.0f} seconds"
    detail = "" if fine else "the end"
    # The description does not say how long it may take, or what it needs; here nothing was uploaded.
    level: Level | None = SHOULD if word in (*job.pending, *job.failure) else None
    expected = " or ".join(job.success)
    yield from run.verdict(JOB, ended, fine, expected, of=start, observed=observed, detail=detail, level=level)
    download = run.api.find(job.download_operation)
    if fine and download is not None:
        yield from _check_file(run, factory, download, created)


def run_job(run: CheckRun, factory: ObjectFactory, start: Operation, created: CreatedObject) -> bool:
    """Start a job on an own object, wait for its end, and return whether it succeeded."""
    job = start.job
    status = run.api.find(job.status_operation) if job else None
    if job is None or status is None or not run.ask(start, factory.ids(start, created)).succeeded:
        return False
    ended, _ = _wait_for_end(run, factory, status, job, created)
    return ended.object.get(job.field) in job.success


def _wait_for_end(
    run: CheckRun, factory: ObjectFactory, status: Operation, job: Job, created: CreatedObject
) -> tuple[Exchange, str]:
    """The last status response, and a state that is not described, if there was one."""
    deadline, turn, strange = time.monotonic() + _SECONDS, 0, ""
    while True:
        exchange = run.ask(status, factory.ids(status, created))
        word = exchange.object.get(job.field)
        strange = strange if word in job.words else f"the word {word}"
        if word not in job.pending or time.monotonic() > deadline:
            return exchange, strange
        time.sleep(_PAUSES[min(turn, len(_PAUSES) - 1)])
        turn += 1


def _check_file(run: CheckRun, factory: ObjectFactory, download: Operation, created: CreatedObject) -> Iterator[Result]:
    exchange = run.ask(download, factory.ids(download, created))
    fault = "" if exchange.succeeded else "no file"
    if not fault and exchange.response.media_type == _ZIP:
        fault = _zip_fault(exchange.response.content)
    yield from run.verdict(FILE, exchange, not fault, "a file that can be read", observed=fault)


def _zip_fault(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            broken = archive.testzip()
    except zipfile.BadZipFile as error:
        return f"no zip file: {error}"
    return f"a broken entry {broken}" if broken else ""

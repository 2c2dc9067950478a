"""Background jobs: idle, pending, success, and a file at the end."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator

from ..description import Job, Operation
from ..results import SHOULD, Result
from .check_context import Exchange, NotPossible, Trial
from .checks.objects import FILE, JOB
from .factory import Making, Thing

_SECONDS = 60.0
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
_ZIP = "application/zip"


def run_through(trial: Trial, start: Operation) -> Iterator[Result]:
    """The checks of one job, on an own object."""
    job, making = start.job, Making(trial)
    status = trial.api.operation(job.status_operation) if job else None
    if job is None or status is None:
        return
    thing = making.subject(start)
    before = trial.ask(status, making.ids(status, thing))
    fine = not job.idle or before.object.get(job.field) in job.idle
    expected = f"{' or '.join(job.idle)}, since no job was started"
    yield from trial.verdict(JOB, before, fine, expected, of=start, detail="" if fine else "before the start")
    started = trial.ask(start, making.ids(start, thing))
    if not started.succeeded:
        raise NotPossible(f"{start.id} answered {started.status}")
    ended, strange = _ended(trial, making, status, job, thing)
    yield from trial.verdict(JOB, ended, not strange, f"one of {', '.join(job.words)}", of=start, detail=strange)
    word = ended.object.get(job.field)
    fine = word in job.success
    observed = f"{word} after at most {_SECONDS:.0f} seconds"
    detail = "" if fine else "the end"
    # No description says how long it may take, or what it needs; here it finds nothing that anybody uploaded.
    level = SHOULD if word in (*job.pending, *job.failure) else ""
    expected = " or ".join(job.success)
    yield from trial.verdict(JOB, ended, fine, expected, of=start, observed=observed, detail=detail, level=level)
    download = trial.api.operation(job.download_operation)
    if fine and download is not None:
        yield from _file(trial, making, download, thing)


def succeeds(trial: Trial, making: Making, start: Operation, thing: Thing) -> bool:
    """Start a job on an own object, wait for its end, and tell whether it succeeded."""
    job = start.job
    status = trial.api.operation(job.status_operation) if job else None
    if job is None or status is None or not trial.ask(start, making.ids(start, thing)).succeeded:
        return False
    ended, _ = _ended(trial, making, status, job, thing)
    return ended.object.get(job.field) in job.success


def _ended(trial: Trial, making: Making, status: Operation, job: Job, thing: Thing) -> tuple[Exchange, str]:
    """The last answer to the question how far it is, and a word that is none of the described ones."""
    deadline, turn, strange = time.monotonic() + _SECONDS, 0, ""
    while True:
        exchange = trial.ask(status, making.ids(status, thing))
        word = exchange.object.get(job.field)
        strange = strange if word in job.words else f"the word {word}"
        if word not in job.pending or time.monotonic() > deadline:
            return exchange, strange
        time.sleep(_PAUSES[min(turn, len(_PAUSES) - 1)])
        turn += 1


def _file(trial: Trial, making: Making, download: Operation, thing: Thing) -> Iterator[Result]:
    exchange = trial.ask(download, making.ids(download, thing))
    fault = "" if exchange.succeeded else "no file"
    if not fault and exchange.answer.media_type == _ZIP:
        fault = _zip_fault(exchange.answer.content)
    yield from trial.verdict(FILE, exchange, not fault, "a file that can be read", observed=fault)


def _zip_fault(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            broken = archive.testzip()
    except zipfile.BadZipFile as error:
        return f"no zip file: {error}"
    return f"a broken entry {broken}" if broken else ""

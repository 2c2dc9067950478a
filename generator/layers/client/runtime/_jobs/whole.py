"""A job from its start to its file, in one call that a crash does not undo."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .._calls.options import Settings
from .._errors.exceptions import InvalidArgument, JobFailed, JobTimedOut
from .._files.progress import Cancel, OnProgress
from .handle import HandleFile, JobKind
from .job import AsyncJob, Job, Place

_LONGEST = 3600.0
_FIRST_REST = 0.5


class JobRun:
    """One run: where the file goes, how much time is left, and where the handle is kept meanwhile.

    The deadline is that of the call, else that of the client, else an hour.
    """

    def __init__(
        self,
        kind: JobKind,
        server: str,
        settings: Settings,
        place: tuple[Any, ...],
        *,
        to: Place | None,
        handle: Place | None,
        progress: OnProgress | None,
        cancel: Cancel | None,
        options: Mapping[str, Any],
    ) -> None:
        self.target = kind.choose_file(to, place)
        self.is_kept = handle is not None
        self.progress = progress
        self.cancel = cancel
        self._file = HandleFile(handle)
        self._same = kind.write_handle(server, place)
        self._options = dict(options)
        seconds = self._options.pop("deadline", settings.deadline or _LONGEST)
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def find(self) -> str | None:
        """The handle of the job that an earlier process started, None if there is none."""
        found = self._file.read()
        if found is not None and found != self._same:
            raise InvalidArgument(f"the file {self._file} keeps the handle of another job (choose another one)")
        return found

    def keep(self, handle: str) -> None:
        """Keep the handle of the job that was started."""
        self._file.write(handle)

    def time_left(self) -> float | None:
        """The seconds until the deadline, more than none."""
        return None if self._deadline is None else max(0.001, self._deadline - time.monotonic())

    def options(self) -> dict[str, Any]:
        """The options of the next call."""
        return {**self._options, "deadline": self.time_left()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or (isinstance(error, JobFailed) and not isinstance(error, JobTimedOut)):
            self._file.remove()


def run_job(
    run: JobRun, start: Callable[[dict[str, Any]], Job[Any]], take_up: Callable[[str, dict[str, Any]], Job[Any]]
) -> Path:
    """Start the job or take it up, wait for it, and download its result."""
    with run:
        found = run.find()
        job = start(run.options()) if found is None else take_up(found, run.options())
        run.keep(job.handle)
        job.wait(run.time_left(), _FIRST_REST, progress=run.progress, cancel=run.cancel)
        job = take_up(job.handle, run.options())
        return job.download(run.target, progress=run.progress, cancel=run.cancel, resume=run.is_kept)


async def run_job_async(
    run: JobRun,
    start: Callable[[dict[str, Any]], Awaitable[AsyncJob[Any]]],
    take_up: Callable[[str, dict[str, Any]], AsyncJob[Any]],
) -> Path:
    """The same, awaited."""
    with run:
        found = run.find()
        job = await start(run.options()) if found is None else take_up(found, run.options())
        run.keep(job.handle)
        await job.wait(run.time_left(), _FIRST_REST, progress=run.progress, cancel=run.cancel)
        job = take_up(job.handle, run.options())
        return await job.download(run.target, progress=run.progress, cancel=run.cancel, resume=run.is_kept)

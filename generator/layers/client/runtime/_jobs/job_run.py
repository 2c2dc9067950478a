"""A job from its start to its file, in one call that a crash does not undo."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .._calls.options import Settings
from .._errors.exceptions import InvalidArgument, JobFailed, JobTimedOut
from .._files.cancel import Cancel, heed_cancel
from .._files.progress import OnProgress, check_watchers
from .handle import HandleFile, JobKind
from .job import AsyncJob, Job, Place, follow, follow_async
from .polling import WAITING, Patience, Steps, watch

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
        check_watchers(progress, cancel)
        self.target = kind.choose_file(to, place)
        self._kind = kind
        self.is_kept = handle is not None
        self.progress = progress
        self.cancel = cancel
        self._file = HandleFile(handle)
        self._same = kind.write_handle(server, place)
        self._policy = settings.override(options).retry  # refuses what is no option
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

    def watch(self, *, is_own: bool) -> Steps:
        """The steps of waiting for the job; `is_own` says that this run started it."""
        states = self._kind.states if is_own else self._kind.end_states()
        patience = Patience(timeout=self._time_left(), interval=_FIRST_REST, progress=self.progress, cancel=self.cancel)
        return watch(states, patience, self._policy)

    def options(self) -> dict[str, Any]:
        """The options of the next call."""
        return {**self._options, "deadline": self._time_left()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or (isinstance(error, JobFailed) and not isinstance(error, JobTimedOut)):
            self._file.remove()

    def _time_left(self) -> float | None:
        """The seconds until the deadline, more than none."""
        return None if self._deadline is None else max(0.001, self._deadline - time.monotonic())


def run_job(
    run: JobRun, start: Callable[[dict[str, Any]], Job[Any]], take_up: Callable[[str, dict[str, Any]], Job[Any]]
) -> Path:
    """Start the job or take it up, wait for it, and download its result."""
    with run, heed_cancel(run.cancel, WAITING):
        found = run.find()
        handle = start(run.options()).handle if found is None else found
        run.keep(handle)
        follow(run.watch(is_own=found is None), take_up(handle, run.options()).look)
        job = take_up(handle, run.options())
        return job.download(run.target, progress=run.progress, cancel=run.cancel, resume=run.is_kept)


async def run_job_async(
    run: JobRun,
    start: Callable[[dict[str, Any]], Awaitable[AsyncJob[Any]]],
    take_up: Callable[[str, dict[str, Any]], AsyncJob[Any]],
) -> Path:
    """The same, awaited."""
    with run, heed_cancel(run.cancel, WAITING):
        found = run.find()
        handle = (await start(run.options())).handle if found is None else found
        run.keep(handle)
        await follow_async(run.watch(is_own=found is None), take_up(handle, run.options()).look)
        job = take_up(handle, run.options())
        return await job.download(run.target, progress=run.progress, cancel=run.cancel, resume=run.is_kept)

"""Waiting for a job without input and output: the same steps for the sync and the async client."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

from .._calls.retrying import is_transient
from .._errors.exceptions import InvalidArgument, JobFailed, JobTimedOut, ProcwiseError
from .._files.progress import Cancel, OnProgress, Progress, check_cancel, check_watchers

Step = float | None
Steps = Generator[Step, "str | ProcwiseError | None", str]
_GROWTH = 1.5
_LOOK = 0.2  # how often somebody who may cancel is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The states that end a job; every other state means that it is still running.

    `idle` are those of a job that was never started; whoever takes up a job takes them as its end.
    """

    success: tuple[str, ...]
    failure: tuple[str, ...]
    idle: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a job is waited for, how often it is looked at, who hears of it and who may end it.

    The time between two looks grows from `interval` to `longest_interval` seconds.
    """

    timeout: float | None = 600
    interval: float = 2
    longest_interval: float = 30
    progress: OnProgress | None = None
    cancel: Cancel | None = None

    def __post_init__(self) -> None:
        check_watchers(self.progress, self.cancel)
        for name in ("timeout", "interval", "longest_interval"):
            value = getattr(self, name)
            if value is None and name == "timeout":
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise InvalidArgument(f"{name}={value!r} is no number of seconds")


def watch(states: States, patience: Patience) -> Steps:
    """Yield None to ask for the state and receive it, or the seconds to wait, until the job succeeds.

    Errors that may pass are waited out. Raises JobFailed, JobTimedOut, and Cancelled.
    """
    began, pause = time.monotonic(), patience.interval
    deadline = None if patience.timeout is None else began + patience.timeout
    while True:
        check_cancel(patience.cancel, "waiting for the job")
        received = yield None
        left = float("inf") if deadline is None else max(0.0, deadline - time.monotonic())
        asked = 0.0
        if isinstance(received, ProcwiseError):
            if not is_transient(received) or not left:
                raise received
            asked = received.retry_after or 0.0
        else:
            state = str(received)
            if patience.progress is not None:
                patience.progress(Progress(stage="wait", state=state, seconds=time.monotonic() - began))
            if _is_done(states, state, patience, left):
                return state
        yield from _rest(min(max(pause, asked), left), patience.cancel)
        pause = max(patience.interval, min(pause * _GROWTH, patience.longest_interval))


def _is_done(states: States, state: str, patience: Patience, left: float) -> bool:
    if state in states.success:
        return True
    if state in states.failure:
        raise JobFailed(f"the job ended as {state!r}", state=state)
    if not left:
        seconds = patience.timeout or 0
        limit = f"{round(seconds, 1) if seconds >= 1 else seconds:g}"
        message = f"the job was not done within {limit} seconds; its state is {state!r}"
        raise JobTimedOut(message, state=state)
    return False


def _rest(seconds: float, cancel: Cancel | None) -> Generator[Step, object, None]:
    """Wait; in short steps if somebody may cancel."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        check_cancel(cancel, "waiting for the job")
        yield left if cancel is None else min(left, _LOOK)

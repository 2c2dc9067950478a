"""Waiting for a job without input and output: the same steps for the sync and the async client."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from .._calls.options import RetryPolicy
from .._calls.retrying import is_transient
from .._errors.argument_checks import show_value
from .._errors.exceptions import InvalidArgument, JobFailed, JobTimedOut, ProcwiseError
from .._files.cancel import Cancel, check_cancel
from .._files.progress import OnProgress, Progress, check_watchers

WAITING = "waiting for the job"
_GROWTH = 1.5
_SHORTEST_LOOK = 0.5
_MOST_SECONDS = 1e9


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for the state once, in so many seconds; None is without limit."""

    seconds: float | None


Step = Ask | float
Steps = Generator[Step, "str | ProcwiseError | None", str]


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
                raise InvalidArgument(f"{name}={show_value(value)} is no number of seconds")
            if value > _MOST_SECONDS:
                raise InvalidArgument(f"{name}= is longer than any machine waits")


def read_patience(timeout: float | None, interval: float, options: Mapping[str, Any]) -> Patience:
    """The patience with these options of `wait`; InvalidArgument if there is no such option."""
    known = {field.name for field in fields(Patience)}
    if unknown := options.keys() - known:
        raise InvalidArgument(f"{sorted(unknown)[0]}= is no option of wait (there are {', '.join(sorted(known))})")
    return Patience(timeout=timeout, interval=interval, **options)


def watch(states: States, patience: Patience, policy: RetryPolicy) -> Steps:
    """Yield `Ask` and receive the state, or the seconds to wait, until the job succeeds.

    Errors that may pass are waited out. Raises JobFailed, JobTimedOut, and Cancelled. Who asks does not try
    again by itself, and a look that begins shortly before the end still has half a second.
    """
    began, pause, state = time.monotonic(), patience.interval, ""
    deadline = None if patience.timeout is None else began + patience.timeout
    while True:
        check_cancel(patience.cancel, WAITING)
        received = yield Ask(None if deadline is None else max(_SHORTEST_LOOK, deadline - time.monotonic()))
        left = float("inf") if deadline is None else max(0.0, deadline - time.monotonic())
        error = received if isinstance(received, ProcwiseError) else None
        if error is None:
            state = str(received)
            if patience.progress is not None:
                patience.progress(Progress(stage="wait", state=state, seconds=time.monotonic() - began))
            if _is_done(states, state):
                return state
        elif not is_transient(error):
            raise error
        if not left:
            raise _describe_timeout(patience, state, error) from None
        asked = min((error and error.retry_after) or 0.0, policy.longest_retry_after)
        yield _choose_rest(max(pause, asked), left)
        pause = max(patience.interval, min(pause * _GROWTH, patience.longest_interval))


def _choose_rest(wanted: float, left: float) -> float:
    """The seconds until the next look: rather half of what is left than all, since the result takes its time too."""
    return wanted if wanted < left else max(left / 2, min(left, _SHORTEST_LOOK))


def _is_done(states: States, state: str) -> bool:
    if state in states.failure:
        raise JobFailed(f"the job ended as {state!r}", state=state)
    return state in states.success


def _describe_timeout(patience: Patience, state: str, error: ProcwiseError | None) -> JobTimedOut:
    seconds = patience.timeout or 0
    limit = f"{round(seconds, 1) if seconds >= 1 else seconds:g}"
    message = f"the job was not done within {limit} seconds; its state is {state!r}"
    if error is not None:
        known = f"was last seen as {state!r}" if state else "is not known"
        message = f"the job was not done within {limit} seconds; its state {known}, and the last look failed: {error}"
    return JobTimedOut(message, state=state)

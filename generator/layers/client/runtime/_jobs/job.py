"""Background jobs: one call starts them, a second one returns their state, a third one downloads the result."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Generic, Self, TypeVar

from .._calls.retrying import is_transient
from .._errors.exceptions import JobFailed, JobTimedOut, ProcwiseError

T = TypeVar("T")
Place = str | PathLike[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """The states that end a job; every other state means that it is still running."""

    success: tuple[str, ...]
    failure: tuple[str, ...]


def poll(states: States, timeout: float, interval: float) -> Generator[float, str | ProcwiseError, str]:
    """Yield how long to wait, receive the state, until the job succeeds; errors that may pass are waited out.

    Raises JobFailed, and JobTimedOut after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    pause = 0.0
    while True:
        received = yield pause
        if isinstance(received, ProcwiseError):
            if not is_transient(received) or time.monotonic() >= deadline:
                raise received
            pause = min(max(interval, received.retry_after or 0), max(0.0, deadline - time.monotonic()))
            continue
        state = received
        if state in states.success:
            return state
        if state in states.failure:
            raise JobFailed(f"the job ended as {state!r}", state=state)
        left = deadline - time.monotonic()
        if left <= 0:
            raise JobTimedOut(f"the job was not done within {timeout:g} seconds; its state is {state!r}", state=state)
        pause = min(interval, left)


def read_state(status: object, field: str) -> str:
    """The state in the response of the status call."""
    members = status.to_dict() if hasattr(status, "to_dict") else {}
    return str(members.get(field, ""))


class Job(Generic[T]):
    """A job that was started; `answer` is the value that the call that started it returned."""

    def __init__(
        self,
        answer: T,
        states: States,
        status: Callable[[], object],
        fetch: Callable[[Place], Path],
        field: str,
    ) -> None:
        self.answer = answer
        self._field = field
        self._states = states
        self._status = status
        self._fetch = fetch

    def status(self) -> str:
        """The state of the job now; makes one call."""
        return read_state(self._status(), self._field)

    def wait(self, timeout: float = 600, interval: float = 2) -> Self:
        """Ask every `interval` seconds until the job succeeded, for at most `timeout` seconds."""
        polling = poll(self._states, timeout, interval)
        pause = next(polling)
        while True:
            time.sleep(pause)
            try:
                pause = polling.send(self._status_or_error())
            except StopIteration:
                return self

    def _status_or_error(self) -> str | ProcwiseError:
        try:
            return self.status()
        except ProcwiseError as error:
            return error

    def download(self, to: Place) -> Path:
        """Write the result to a file, which appears only when it is complete and checked."""
        return self._fetch(to)


class AsyncJob(Generic[T]):
    """A job that was started; `answer` is the value that the call that started it returned."""

    def __init__(
        self,
        answer: T,
        states: States,
        status: Callable[[], Awaitable[object]],
        fetch: Callable[[Place], Awaitable[Path]],
        field: str,
    ) -> None:
        self.answer = answer
        self._field = field
        self._states = states
        self._status = status
        self._fetch = fetch

    async def status(self) -> str:
        """The state of the job now; makes one call."""
        return read_state(await self._status(), self._field)

    async def wait(self, timeout: float = 600, interval: float = 2) -> Self:
        """Ask every `interval` seconds until the job succeeded, for at most `timeout` seconds."""
        from anyio import sleep

        polling = poll(self._states, timeout, interval)
        pause = next(polling)
        while True:
            await sleep(pause)
            try:
                pause = polling.send(await self._status_or_error())
            except StopIteration:
                return self

    async def _status_or_error(self) -> str | ProcwiseError:
        try:
            return await self.status()
        except ProcwiseError as error:
            return error

    async def download(self, to: Place) -> Path:
        """Write the result to a file, which appears only when it is complete and checked."""
        return await self._fetch(to)

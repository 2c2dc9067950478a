"""Background jobs: one call starts them, a second one returns their state, a third one downloads the result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, Unpack

from .._calls.options import RetryPolicy
from .._errors.exceptions import Cancelled, ProcwiseError
from .._errors.pickling import BoundToClient
from .._files.cancel import heed_cancel, rest, rest_async
from .handle import JobKind
from .options import DownloadOptions, WaitOptions
from .polling import WAITING, Ask, States, Steps, read_patience, watch

T = TypeVar("T")
Place = str | PathLike[str]


class _BaseJob(BoundToClient, Generic[T]):
    """What both kinds of job have in common: what was started, and how it is found again."""

    _instead = "pass its handle on, and take the job up there with the resume_ method of the client's resource"

    def __init__(
        self,
        kind: JobKind,
        server: str,
        place: tuple[Any, ...],
        answer: T | None,
        policy: RetryPolicy,
        *,
        is_own: bool,
    ) -> None:
        self._kind = kind
        self._answer = answer
        self._policy = policy
        self._is_own = is_own
        self.handle = kind.write_handle(server, place)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.handle}>"

    @property
    def answer(self) -> T:
        """The value that the call that started the job returned."""
        if not self._is_own:
            raise ProcwiseError("the job was taken up, not started: there is no response of the call that started it")
        answer: Any = self._answer
        result: T = answer
        return result

    def _read_state(self, status: object) -> str:
        members = status.to_dict() if hasattr(status, "to_dict") else {}
        return str(members.get(self._kind.field, ""))

    @property
    def _states(self) -> States:
        return self._kind.states if self._is_own else self._kind.end_states()


class Job(_BaseJob[T]):
    """A job: `.wait()` until it is done, then `.download(path)`.

    `handle` is a text without any secret, by which another process takes up the job.
    """

    def __init__(
        self,
        kind: JobKind,
        server: str,
        place: tuple[Any, ...],
        status: Callable[[Mapping[str, Any]], object],
        fetch: Callable[..., Path],
        answer: T | None,
        policy: RetryPolicy,
        *,
        is_own: bool,
    ) -> None:
        super().__init__(kind, server, place, answer, policy, is_own=is_own)
        self._status = status
        self._fetch = fetch

    def status(self) -> str:
        """The state of the job now; makes one call."""
        return self._read_state(self._status({}))

    def look(self, seconds: float | None) -> str:
        """The state of the job now, from one attempt that may take so many seconds."""
        return self._read_state(self._status(_limit_look(seconds)))

    def wait(self, timeout: float | None = 600, interval: float = 2, **options: Unpack[WaitOptions]) -> Self:
        """Ask for the state until the job succeeded, for at most `timeout` seconds.

        The time between two questions grows from `interval` seconds to `longest_interval`, 30 if it is left
        out. `progress` is called with each state; `cancel`, such as a `threading.Event`, ends the waiting.
        """
        patience = read_patience(timeout, interval, options)
        with heed_cancel(patience.cancel, WAITING):
            follow(watch(self._states, patience, self._policy), self.look)
        return self

    def download(self, to: Place, **options: Unpack[DownloadOptions]) -> Path:
        """Write the result to a file, which appears only when it is complete and checked.

        With `resume=True` what came is kept beside it if the download fails, and the next one goes on from there.
        """
        return self._fetch(to, **options)


def _limit_look(seconds: float | None) -> dict[str, Any]:
    """The options of a call for the state: no retries, since whoever waits asks again anyway."""
    return {"max_retries": 0} if seconds is None else {"max_retries": 0, "deadline": seconds}


def follow(steps: Steps, look: Callable[[float | None], str]) -> None:
    """Take the steps of waiting for a job."""
    outcome: str | ProcwiseError | None = None
    with suppress(StopIteration):
        while True:
            step = steps.send(outcome)
            if not isinstance(step, Ask):
                rest(step)
                continue
            try:
                outcome = look(step.seconds)
            except Cancelled:
                raise
            except ProcwiseError as error:
                outcome = error


class AsyncJob(_BaseJob[T]):
    """A job: await `.wait()` until it is done, then `.download(path)`.

    `handle` is a text without any secret, by which another process takes up the job.
    """

    def __init__(
        self,
        kind: JobKind,
        server: str,
        place: tuple[Any, ...],
        status: Callable[[Mapping[str, Any]], Awaitable[object]],
        fetch: Callable[..., Awaitable[Path]],
        answer: T | None,
        policy: RetryPolicy,
        *,
        is_own: bool,
    ) -> None:
        super().__init__(kind, server, place, answer, policy, is_own=is_own)
        self._status = status
        self._fetch = fetch

    async def status(self) -> str:
        """The state of the job now; makes one call."""
        return self._read_state(await self._status({}))

    async def look(self, seconds: float | None) -> str:
        """The state of the job now, from one attempt that may take so many seconds."""
        return self._read_state(await self._status(_limit_look(seconds)))

    async def wait(self, timeout: float | None = 600, interval: float = 2, **options: Unpack[WaitOptions]) -> Self:
        """Ask for the state until the job succeeded, for at most `timeout` seconds.

        The time between two questions grows from `interval` seconds to `longest_interval`, 30 if it is left
        out. `progress` is called with each state; `cancel`, such as an `asyncio.Event`, ends the waiting.
        """
        patience = read_patience(timeout, interval, options)
        with heed_cancel(patience.cancel, WAITING):
            await follow_async(watch(self._states, patience, self._policy), self.look)
        return self

    async def download(self, to: Place, **options: Unpack[DownloadOptions]) -> Path:
        """Write the result to a file, which appears only when it is complete and checked.

        With `resume=True` what came is kept beside it if the download fails, and the next one goes on from there.
        """
        return await self._fetch(to, **options)


async def follow_async(steps: Steps, look: Callable[[float | None], Awaitable[str]]) -> None:
    """Take the steps of waiting for a job, awaited."""
    outcome: str | ProcwiseError | None = None
    with suppress(StopIteration):
        while True:
            step = steps.send(outcome)
            if not isinstance(step, Ask):
                await rest_async(step)
                continue
            try:
                outcome = await look(step.seconds)
            except Cancelled:
                raise
            except ProcwiseError as error:
                outcome = error

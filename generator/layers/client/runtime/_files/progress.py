"""How far an upload, a download or a job is, and how it is cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from .._errors.exceptions import Cancelled, InvalidArgument

LOOK = 0.2  # how often somebody who may cancel is asked, in seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far something is: `done` of `total` bytes; `total` is None if it is not known.

    For the stage "wait" of a job, `state` is its state and `seconds` how long it has been waited for.
    """

    stage: Literal["upload", "wait", "download"]
    done: int = 0
    total: int | None = None
    state: str = ""
    seconds: float = 0.0


OnProgress: TypeAlias = Callable[[Progress], object]


class Cancel(Protocol):
    """What says that something is to end before it is done, such as `threading.Event` or `asyncio.Event`."""

    def is_set(self) -> bool:
        """Whether it is to end."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """How a file is downloaded: who hears of it, who may end it, and whether a part of it is kept."""

    progress: OnProgress | None = None
    cancel: Cancel | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        check_watchers(self.progress, self.cancel)


def check_watchers(progress: object, cancel: object = None) -> None:
    """Refuse what can be neither called nor asked."""
    if progress is not None and not callable(progress):
        raise InvalidArgument(f"progress= must be a function, not a value of type {type(progress).__name__}")
    if is_async_function(progress):
        raise InvalidArgument("progress= must be a plain function: an `async def` would never run")
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise InvalidArgument(f"cancel= must be an event, not a value of type {type(cancel).__name__}")


def check_cancel(cancel: Cancel | None, what: str) -> None:
    """Raise Cancelled if that is wanted."""
    if cancel is not None and cancel.is_set():
        raise Cancelled(f"{what} was cancelled")


def is_async_function(function: object) -> bool:
    """Whether a call of it returns something to await."""
    from inspect import iscoroutinefunction

    return iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004


_HEEDED: ContextVar[tuple[Cancel, str] | None] = ContextVar("_HEEDED", default=None)


@contextmanager
def heed_cancel(cancel: Cancel | None, what: str) -> Iterator[None]:
    """Let everything in the block end with `Cancelled` soon after that is wanted; `what` is what was cancelled."""
    token = _HEEDED.set(_HEEDED.get() if cancel is None else (cancel, what))
    try:
        yield
    finally:
        _HEEDED.reset(token)


def is_heeding() -> bool:
    """Whether somebody may cancel what is done here."""
    return _HEEDED.get() is not None


def check_heeded() -> None:
    """Raise Cancelled if whoever may cancel wants that."""
    heeded = _HEEDED.get()
    if heeded is not None:
        check_cancel(*heeded)


def rest(seconds: float) -> None:
    """Wait, in short steps if somebody may cancel."""
    for step in _cut_rest(seconds):
        check_heeded()
        time.sleep(step)


async def rest_async(seconds: float) -> None:
    """The same, awaited."""
    from anyio import sleep

    for step in _cut_rest(seconds):
        check_heeded()
        await sleep(step)


def _cut_rest(seconds: float) -> Iterator[float]:
    if not is_heeding():
        yield seconds
        return
    while seconds > 0:
        yield min(seconds, LOOK)
        seconds -= LOOK

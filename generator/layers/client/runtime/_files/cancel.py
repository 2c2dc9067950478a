"""How something that takes long is cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from .._errors.exceptions import Cancelled

LOOK = 0.2  # how often somebody who may cancel is asked, in seconds


class Cancel(Protocol):
    """What says that something is to end before it is done, such as `threading.Event` or `asyncio.Event`."""

    def is_set(self) -> bool:
        """Whether it is to end."""
        ...


def check_cancel(cancel: Cancel | None, what: str) -> None:
    """Raise Cancelled if that is wanted."""
    if cancel is not None and cancel.is_set():
        raise Cancelled(f"{what} was cancelled")


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

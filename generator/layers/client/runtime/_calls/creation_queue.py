"""The objects that this process is creating right now: two that look alike are created one after the other."""

from __future__ import annotations

import threading
from collections.abc import Generator, Hashable, Iterator
from contextlib import contextmanager

from .messages import Wait

_LOOK_AGAIN, _PATIENCE = 0.02, 60.0  # seconds


class Creation:
    """One object that is being created; `is_alone` unless one that looks like it is created at the same time."""

    def __init__(self, key: Hashable) -> None:
        self.key = key
        self.is_alone = True


class CreationQueue:
    """All of them, so that after a lost response none is taken for another one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[Creation] = []

    @contextmanager
    def begin(self, key: Hashable) -> Iterator[Creation]:
        """Take part for as long as the block lasts."""
        creation = Creation(key)
        with self._lock:
            self._running.append(creation)
        try:
            yield creation
        finally:
            with self._lock:
                self._running.remove(creation)

    def wait_for_turn(self, creation: Creation, seconds: float | None) -> Generator[Wait, None, None]:
        """Wait until those that began earlier are done; they are no longer alone if that takes too long."""
        patience = _PATIENCE if seconds is None else min(seconds / 2, _PATIENCE)
        while not self._is_first(creation):
            if patience <= 0:
                self._crowd(creation)
                return
            yield Wait(_LOOK_AGAIN)
            patience -= _LOOK_AGAIN

    def _is_first(self, creation: Creation) -> bool:
        with self._lock:
            return next(one for one in self._running if one.key == creation.key) is creation

    def _crowd(self, creation: Creation) -> None:
        with self._lock:
            for one in self._running:
                if one.key == creation.key:
                    one.is_alone = False


CREATIONS = CreationQueue()

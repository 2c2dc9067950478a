"""The objects that a client is creating right now."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class Creation:
    """One object that is being created; `is_alone` as long as no other one looks like it."""

    def __init__(self, key: Hashable) -> None:
        self.key = key
        self.is_alone = True


class Creations:
    """All of them, so that two that look alike are not taken for each other after a lost response."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[Creation] = []

    @contextmanager
    def begin(self, key: Hashable) -> Iterator[Creation]:
        """Take part for as long as the block lasts."""
        creation = Creation(key)
        with self._lock:
            for other in (one for one in self._running if one.key == key):
                other.is_alone = creation.is_alone = False
            self._running.append(creation)
        try:
            yield creation
        finally:
            with self._lock:
                self._running.remove(creation)

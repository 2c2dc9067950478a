"""Entries in the order of their time: programs write a recording in the order of their own lists."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from .recorded import Recorded

MOST_HELD = 512  # entries
LARGEST_HELD = 16 * 1024 * 1024  # bytes of their bodies


class EntryQueue:
    """Holds entries until nothing earlier is to be expected, or until there are too many of them.

    An entry without a time stays behind the one ahead of it.
    """

    def __init__(self) -> None:
        self._held: list[tuple[float, int, Recorded]] = []
        self._number = self._size = 0
        self._last = 0.0

    def push(self, entry: Recorded) -> None:
        """Add an entry."""
        self._last = entry.began if entry.began is not None else self._last
        self._number += 1
        self._size += _measure(entry)
        heapq.heappush(self._held, (self._last, self._number, entry))

    def pop_before(self, moment: float) -> Iterator[Recorded]:
        """The entries that began before a moment, in seconds since 1970, and those that are too many to be held."""
        while self._held and (self._held[0][0] < moment or self._is_full):
            _, _, first = heapq.heappop(self._held)
            self._size -= _measure(first)
            yield first

    @property
    def _is_full(self) -> bool:
        return len(self._held) > MOST_HELD or self._size > LARGEST_HELD


def sort_entries(entries: Iterable[Recorded]) -> Iterator[Recorded]:
    """The entries by the time at which they began, as far as the queue reaches."""
    queue = EntryQueue()
    for entry in entries:
        queue.push(entry)
        yield from queue.pop_before(float("-inf"))
    yield from queue.pop_before(float("inf"))


def _measure(entry: Recorded) -> int:
    return len(entry.body or b"") + len(entry.content or b"") + len(entry.url)

"""The deviations of all responses of one client, counted."""

from __future__ import annotations

import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from .._logging.callers import find_caller_depth

if TYPE_CHECKING:
    from .._codec.reading import Note
    from .._errors.deviation import Deviation

DriftMode = Literal["observe", "warn", "strict"]
_MOST = 1000
_OTHERS = ("", "", "", "")


class DeviationCounter:
    """What deviated so far, by operation and place; of hostile servers' endless variety, only the start.

    `mask` hides secrets in what servers say.
    """

    def __init__(self, mode: DriftMode, mask: Callable[[str], str]) -> None:
        self.mode = mode
        self._mask = mask
        self._found: dict[tuple[str, str, str, str], Deviation] = {}
        self._counts: Counter[tuple[str, str, str, str]] = Counter()
        self._lock = threading.Lock()

    def record(self, operation: str, notes: Iterable[Note]) -> None:
        """Count the deviations of one response, and warn of new ones if that is wanted."""
        with self._lock:
            new = [added for note in notes if (added := self._count(operation, note))]
        if self.mode == "warn":
            from .._errors.deviation import DriftWarning

            for deviation in new:
                warnings.warn(str(deviation), DriftWarning, stacklevel=find_caller_depth())

    def deviations(self) -> tuple[Deviation, ...]:
        """All deviations, in the order in which they were first seen."""
        with self._lock:
            return tuple(replace(deviation, count=self._counts[key]) for key, deviation in self._found.items())

    def deviation(self, operation: str, note: Note) -> Deviation:
        """A note as users see it."""
        from .._errors.deviation import Deviation

        return Deviation(operation, self._mask(note.pointer), note.expected, self._mask(note.seen), note.count)

    def _count(self, operation: str, note: Note) -> Deviation | None:
        """The deviation if it is new."""
        key = (operation, note.pattern, note.expected, note.seen)
        if key not in self._found and len(self._found) >= _MOST:
            key, expected = _OTHERS, f"at most {_MOST} kinds of deviation"
            note = replace(note, pointer="", pattern="", expected=expected, seen="others")
        self._counts[key] += note.count
        if key in self._found:
            return None
        self._found[key] = self.deviation(operation, note)
        return self._found[key]

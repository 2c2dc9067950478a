"""What is odd about the pages of one list, for the list itself and for `client.drift()`."""

from __future__ import annotations

from typing import NamedTuple

from .._codec.reading import Note
from .._drift.counter import DeviationCounter
from .._errors.deviation import Deviation
from .._errors.exceptions import ResponseDeviates


class Oddity(NamedTuple):
    """What should be and what is; `breaks` says that no change of the list meanwhile explains it."""

    expected: str
    seen: str
    breaks: bool


NO_PAGE_COUNT = Oddity("the header with the number of pages", "nothing", breaks=True)
NO_ITEM_COUNT = Oddity("the header with the number of items", "nothing", breaks=True)
OTHER_PAGE = Oddity("the page that was asked for", "another page", breaks=True)
SAME_PAGE = Oddity("other items than on the page before", "the same items", breaks=True)
TOO_FEW = Oddity("as many items as the header counts", "fewer items", breaks=True)
TOO_MANY = Oddity("as many items as the header counts", "more items", breaks=True)
OTHER_COUNT = Oddity("the number of items of the page before", "another number", breaks=False)
SAME_ITEM = Oddity("each item once", "an item of an earlier page", breaks=False)


class Findings:
    """The oddities of one list; those that break the description raise if the client is strict."""

    def __init__(self, counter: DeviationCounter, operation: str) -> None:
        self._counter = counter
        self._operation = operation
        self._own = DeviationCounter("observe", str)

    def note(self, oddity: Oddity, count: int = 1) -> None:
        """Record it so many times."""
        note = Note("", "", oddity.expected, oddity.seen, count)
        self._own.record(self._operation, [note])
        self._counter.record(self._operation, [note])
        if oddity.breaks and self._counter.mode == "strict":
            deviation = self._counter.deviation(self._operation, note)
            raise ResponseDeviates(f"the list deviates from the description: {deviation}", deviations=(deviation,))

    def deviations(self) -> tuple[Deviation, ...]:
        """All of them, counted."""
        return self._own.deviations()

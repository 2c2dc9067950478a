"""What is odd about the pages of one list, for the list itself and for `client.drift()`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .._calls.messages import read_count
from .._calls.operation import Layout
from .._codec.reading import Note
from .._drift.counter import DeviationCounter
from .._errors.deviation import Deviation
from .._errors.exceptions import ResponseDeviates


class Oddity(NamedTuple):
    """What should be and what is; `breaks` says that no change of the list meanwhile explains it."""

    expected: str
    seen: str
    breaks: bool


OTHER_PAGE = Oddity("the page that was asked for", "another page", breaks=True)
SAME_PAGE = Oddity("other items than on the page before", "the same items", breaks=True)
TOO_FEW = Oddity("as many items as the header counts", "fewer items", breaks=True)
TOO_MANY = Oddity("as many items as the header counts", "more items", breaks=True)
OTHER_COUNT = Oddity("the number of items of the page before", "another number", breaks=False)
SAME_ITEM = Oddity("each item once", "an item of an earlier page", breaks=False)
_HEADERS = (  # what a layout calls it, what it says, the least that it can be
    ("page_count", "the header with the number of pages", 0),
    ("item_count", "the header with the number of items", 0),
    ("page", "the header with the number of the page", 1),
    ("limit", "the header with the size of the pages", 1),
)


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


def check_headers(layout: Layout, headers: Mapping[str, str]) -> Iterator[Oddity]:
    """The headers of a page that are missing or hold no such number, of those that the description names."""
    for part, expected, least in _HEADERS:
        name = getattr(layout, part)
        count = read_count(headers, name) if name else least
        if count is None or count < least:
            yield Oddity(expected, "no such number" if name in headers else "nothing", breaks=True)

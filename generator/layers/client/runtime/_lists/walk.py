"""Which pages of a list to read, and where it ends: the same rules for the sync and the async pager."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from .._calls.messages import Response
from .._calls.operation import Layout
from .._errors.exceptions import UnexpectedAnswer
from .findings import (
    OTHER_COUNT,
    SAME_ITEM,
    SAME_PAGE,
    TOO_FEW,
    TOO_MANY,
    Findings,
)
from .page import Page, read_page

T = TypeVar("T")
Outcome = Response[list[T]] | Exception


class Walk(Generic[T]):
    """One way through a list, from page `start` on, up to `parallel` pages at once when their number is known.

    The list ends with an empty page, or with the last page if exactly as many items came as the server
    counts, or if that page is not full where nothing is counted. A page without new items is an error if the
    number of pages does not ask for it, and so is an empty one if the number of pages says that it is not the end.
    """

    def __init__(self, layout: Layout, findings: Findings, start: int, parallel: int) -> None:
        self.next_page = start
        self._start = start
        self._layout = layout
        self._findings = findings
        self._parallel = parallel
        self._ids: set[Any] = set()
        self._received = 0
        self._last: Page[T] | None = None
        self._repeats = False
        self._is_over = False

    def choose_pages(self) -> range:
        """The numbers of the pages to read now; none if the list is over."""
        if self._is_over:
            return range(0)
        known = (self._last and self._last.page_count) or 0
        return range(self.next_page, max(self.next_page, min(self.next_page + self._parallel - 1, known)) + 1)

    def take(self, outcomes: Sequence[Outcome[T]]) -> Iterator[Page[T]]:
        """The pages that these outcomes of `choose_pages` hold; raises the first error among them in its turn."""
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
            page = read_page(self._layout, self._findings, self.next_page, outcome)
            self._check(page)
            yield page
            self.next_page += 1
            if self._is_over:
                return

    def _check(self, page: Page[T]) -> None:
        before, self._last = self._last, page
        if before is not None and before.item_count != page.item_count:
            self._findings.note(OTHER_COUNT)
        self._check_items(page, before)
        if self._ends_with(page):
            self._is_over = True
            self._check_count(page)

    def _check_items(self, page: Page[T], before: Page[T] | None) -> None:
        ids = [number for item in page if isinstance(number := getattr(item, "id", None), int | str)]
        known = sum(number in self._ids for number in ids)
        is_same = bool(page) and (known == len(page) or (before is not None and before.items == page.items))
        if is_same and (self._repeats or self.next_page > (page.page_count or 0)):
            place = f"{self._layout.operation}: page {self.next_page}"
            raise UnexpectedAnswer(
                f"{place} holds nothing new, so items may be missing (does the server page its lists?)"
            )
        self._repeats = is_same
        if is_same:
            self._findings.note(SAME_PAGE)
        elif doubled := known + len(ids) - len(set(ids)):
            self._findings.note(SAME_ITEM, doubled)
        self._received += len(page) - len(ids) + len(set(ids) - self._ids)
        self._ids.update(ids)

    def _ends_with(self, page: Page[T]) -> bool:
        if not page:
            self._refuse_gap(page)
            return True
        if page.page_count is None or self.next_page < page.page_count:
            return False
        expected = self._count_expected(page)
        if expected is None:
            return page.limit is not None and len(page) < page.limit
        if self._received > expected:
            self._findings.note(TOO_MANY)
        return self._received == expected

    def _refuse_gap(self, page: Page[T]) -> None:
        """Raise if this empty page is not behind the last one by its own count."""
        if page.page_count is not None and self.next_page < page.page_count:
            raise UnexpectedAnswer(
                f"{self._layout.operation}: page {self.next_page} of {page.page_count} is empty, so items are missing"
            )

    def _count_expected(self, page: Page[T]) -> int | None:
        """How many items should have come by the end, None if that is not known."""
        if page.item_count is None or (self._start > 1 and page.limit is None):
            return None
        return max(0, page.item_count - (self._start - 1) * (page.limit or 0))

    def _check_count(self, page: Page[T]) -> None:
        expected = self._count_expected(page)
        if expected is not None and self._received < expected:
            self._findings.note(TOO_FEW)

"""One page of a list, and its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar, overload

from .._calls.messages import Response, read_count
from .._calls.operation import Layout
from .._errors.exceptions import UnexpectedAnswer
from .findings import OTHER_PAGE, Findings, check_headers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Sequence[T]):
    """One page: its items, its number from 1, and the counts that the server sent with it.

    A count is None if its header was missing. `response` has status, headers and bytes.
    """

    items: Sequence[T]
    number: int
    limit: int | None
    item_count: int | None
    page_count: int | None
    response: Response[list[T]] = field(repr=False, compare=False, kw_only=True)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return self.items[index]


def read_page(layout: Layout, findings: Findings, number: int, response: Response[list[T]]) -> Page[T]:
    """The page of that number in its response; what is odd about its headers is noted."""
    headers = response.headers
    if not isinstance(response.value, list):
        raise UnexpectedAnswer("the response holds no list of items")
    for oddity in check_headers(layout, headers):
        findings.note(oddity)
    found = read_count(headers, layout.page) or number
    if found != number:
        findings.note(OTHER_PAGE)
    return Page(
        items=tuple(response.value),
        number=found,
        limit=read_count(headers, layout.limit),
        item_count=read_count(headers, layout.item_count),
        page_count=read_count(headers, layout.page_count),
        response=response,
    )

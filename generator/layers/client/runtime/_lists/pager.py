"""Lists that come in pages: read lazily, one request for each page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar, overload

from .._calls.messages import Response
from .._calls.operation import Layout
from .._errors.exceptions import ProcwiseError, UnexpectedAnswer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Sequence[T]):
    """One page: its items, its number from 1, and the counts that the server sent with it.

    A count is None if its header was missing.
    """

    items: Sequence[T]
    number: int
    limit: int | None
    item_count: int | None
    page_count: int | None

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return self.items[index]


class _BasePager(Generic[T]):
    """What both pagers have in common: the layout, and the page that was read last."""

    def __init__(self, layout: Layout, start: int) -> None:
        self._layout = layout
        self._start = start
        self._last: Page[T] | None = None

    def __repr__(self) -> str:
        state = "not read yet" if self._last is None else f"of {self._last.item_count} items"
        return f"<{type(self).__name__} {state}>"

    def _read_page(self, number: int, response: Response[list[T]]) -> Page[T]:
        layout, headers = self._layout, response.headers
        if not isinstance(response.value, list):
            raise UnexpectedAnswer("the answer holds no list of items")
        self._last = Page(
            items=tuple(response.value),
            number=_read_count(headers, layout.page) or number,
            limit=_read_count(headers, layout.limit),
            item_count=_read_count(headers, layout.item_count),
            page_count=_read_count(headers, layout.page_count),
        )
        return self._last

    def _is_last(self, number: int, page: Page[T]) -> bool:
        if page.page_count is not None:
            return number >= page.page_count
        if len(page) < (page.limit or self._layout.max_limit):
            return True
        raise UnexpectedAnswer(f"the answer has no {self._layout.page_count}, so pages may be missing")


class Pager(_BasePager[T]):
    """A list across all its pages; iterate over it for its items. No request is made before.

    `item_count`, `page_count` and `limit` come with the page that was read last; if none was,
    they read the first one.
    """

    def __init__(self, read: Callable[[int], Response[list[T]]], layout: Layout, start: int) -> None:
        super().__init__(layout, start)
        self._read = read

    def page(self, number: int) -> Page[T]:
        """That page alone, counted from 1."""
        return self._read_page(number, self._read(number))

    def pages(self) -> Iterator[Page[T]]:
        """All pages in order."""
        number = self._start
        while True:
            page = self.page(number)
            yield page
            if self._is_last(number, page):
                return
            number += 1

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page

    @property
    def item_count(self) -> int | None:
        """How many items there are on all pages."""
        return self._last_or_first.item_count

    @property
    def page_count(self) -> int | None:
        """How many pages there are."""
        return self._last_or_first.page_count

    @property
    def limit(self) -> int | None:
        """How many items a page holds at the most."""
        return self._last_or_first.limit

    @property
    def _last_or_first(self) -> Page[T]:
        return self._last or self.page(self._start)


class AsyncPager(_BasePager[T]):
    """A list across all its pages; iterate over it with `async for`. No request is made before.

    `item_count`, `page_count` and `limit` come with the page that was read last; `await` the
    pager to read the first one.
    """

    def __init__(self, read: Callable[[int], Awaitable[Response[list[T]]]], layout: Layout, start: int) -> None:
        super().__init__(layout, start)
        self._read = read

    async def page(self, number: int) -> Page[T]:
        """That page alone, counted from 1."""
        return self._read_page(number, await self._read(number))

    async def pages(self) -> AsyncIterator[Page[T]]:
        """All pages in order."""
        number = self._start
        while True:
            page = await self.page(number)
            yield page
            if self._is_last(number, page):
                return
            number += 1

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page:
                yield item

    def __await__(self) -> Generator[Any, None, Self]:
        return self._load_first().__await__()

    async def _load_first(self) -> Self:
        await self.page(self._start)
        return self

    @property
    def item_count(self) -> int | None:
        """How many items there are on all pages."""
        return self._last_or_first.item_count

    @property
    def page_count(self) -> int | None:
        """How many pages there are."""
        return self._last_or_first.page_count

    @property
    def limit(self) -> int | None:
        """How many items a page holds at the most."""
        return self._last_or_first.limit

    @property
    def _last_or_first(self) -> Page[T]:
        if self._last is None:
            raise ProcwiseError("no page was read yet: `await` the list first, or iterate over it")
        return self._last


def _read_count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() else None

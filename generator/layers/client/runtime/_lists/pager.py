"""Lists that come in pages: read lazily, one request for each page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextvars import copy_context
from typing import Any, Generic, Self, TypeVar

from .._calls.messages import Response
from .._calls.operation import Layout
from .._codec.unset import UNSET
from .._drift.counter import DeviationCounter
from .._errors.argument_checks import show_value
from .._errors.deviation import Deviation
from .._errors.exceptions import InvalidArgument, ProcwiseError
from .._errors.pickling import BoundToClient
from .findings import Findings
from .page import Page, read_page
from .walk import Outcome, Walk

T = TypeVar("T")
_MOST = 32


def check_page_number(number: object) -> int:
    """The number of a page; InvalidArgument if no page has it."""
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise InvalidArgument(
            f"page={show_value(number)} is no number of a page (count from 1, or leave it out for the first)"
        )
    return number


class _BasePager(BoundToClient, Generic[T]):
    """What both pagers have in common: the layout, the page that was read last, and where to go on."""

    _instead = "pass its items or its next_page on, and list from that page there"

    def __init__(self, layout: Layout, start: object, counter: DeviationCounter) -> None:
        self._layout = layout
        self._start = start = 1 if start is UNSET else check_page_number(start)
        self._findings = Findings(counter, layout.operation)
        self._parallel = 1
        self._first: Page[T] | None = None
        self._last: Page[T] | None = None
        self._next_page = start

    def __repr__(self) -> str:
        state = "not read yet" if self._last is None else f"of {self._last.item_count} items"
        return f"<{type(self).__name__} {state}>"

    def prefetch(self, pages: int) -> Self:
        """The same list, read by so many requests at once (at most 32) as soon as the number of pages is known."""
        if isinstance(pages, bool) or not isinstance(pages, int) or not 1 <= pages <= _MOST:
            raise InvalidArgument(f"prefetch({show_value(pages)}) is no number of pages (pass 1 to {_MOST})")
        other = self.__copy__()
        other._parallel = pages
        return other

    @property
    def next_page(self) -> int:
        """The page to go on with after a break: pass it as the page of a new list, in another process too."""
        return self._next_page

    def drift(self) -> tuple[Deviation, ...]:
        """What was odd about the pages read so far: other totals, items that came twice, missing headers.

        `drift()` of the client has it too.
        """
        return self._findings.deviations()

    def _walk(self) -> Walk[T]:
        self._next_page = self._start
        return Walk(self._layout, self._findings, self._start, self._parallel)

    def _keep(self, page: Page[T]) -> Page[T]:
        self._first, self._last = page if self._first is None else self._first, page
        return page

    def _take(self, walk: Walk[T], outcomes: list[Outcome[T]]) -> Iterator[Page[T]]:
        for page in walk.take(outcomes):
            self._keep(page)
            self._next_page = walk.next_page
            if page or walk.next_page == self._start:
                yield page
            self._next_page = walk.next_page + 1


class Pager(_BasePager[T]):
    """A list across all its pages; iterate over it for its items. No request is made before.

    `item_count`, `page_count` and `limit` come with the page that was read last; if none was,
    they read the first one, and so does asking whether the list is true: whether it has items.
    """

    def __init__(
        self, read: Callable[[int], Response[list[T]]], layout: Layout, start: object, counter: DeviationCounter
    ) -> None:
        super().__init__(layout, start, counter)
        self._read = read

    def page(self, number: int) -> Page[T]:
        """That page alone, counted from 1."""
        return self._keep(read_page(self._layout, self._findings, number, self._read(check_page_number(number))))

    def pages(self) -> Iterator[Page[T]]:
        """All pages in order, without an empty one at the end."""
        walk = self._walk()
        while numbers := walk.choose_pages():
            yield from self._take(walk, self._read_all(numbers))

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page

    def first(self) -> T | None:
        """The first item, None if there is none; reads one page."""
        return next(iter(self.page(self._start)), None)

    def __bool__(self) -> bool:
        return bool(self.page(self._start) if self._first is None else self._first)

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
        return self.page(self._start) if self._last is None else self._last

    def _read_all(self, numbers: range) -> list[Outcome[T]]:
        if len(numbers) == 1:
            return [self._read(numbers[0])]
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(len(numbers)) as pool:
            return [one.result() for one in [pool.submit(copy_context().run, self._try, n) for n in numbers]]

    def _try(self, number: int) -> Outcome[T]:
        try:
            return self._read(number)
        except Exception as error:  # noqa: BLE001  # it is raised when the page's turn comes
            return error


class AsyncPager(_BasePager[T]):
    """A list across all its pages; iterate over it with `async for`. No request is made before.

    `item_count`, `page_count`, `limit` and whether the list is true, which is whether it has items,
    come with the pages that were read; `await` the pager to read the first one.
    """

    def __init__(
        self,
        read: Callable[[int], Awaitable[Response[list[T]]]],
        layout: Layout,
        start: object,
        counter: DeviationCounter,
    ) -> None:
        super().__init__(layout, start, counter)
        self._read = read

    async def page(self, number: int) -> Page[T]:
        """That page alone, counted from 1."""
        response = await self._read(check_page_number(number))
        return self._keep(read_page(self._layout, self._findings, number, response))

    async def pages(self) -> AsyncIterator[Page[T]]:
        """All pages in order, without an empty one at the end."""
        walk = self._walk()
        while numbers := walk.choose_pages():
            for page in self._take(walk, await self._read_all(numbers)):
                yield page

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page:
                yield item

    async def first(self) -> T | None:
        """The first item, None if there is none; reads one page."""
        return next(iter(await self.page(self._start)), None)

    def __await__(self) -> Generator[Any, None, Self]:
        return self._load_first().__await__()

    def __bool__(self) -> bool:
        return bool(self._last_or_first if self._first is None else self._first)

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

    async def _read_all(self, numbers: range) -> list[Outcome[T]]:
        if len(numbers) == 1:
            return [await self._read(numbers[0])]
        from anyio import create_task_group

        outcomes: dict[int, Outcome[T]] = {}
        async with create_task_group() as tasks:
            for number in numbers:
                tasks.start_soon(self._try, number, outcomes)
        return [outcomes[number] for number in numbers]

    async def _try(self, number: int, outcomes: dict[int, Outcome[T]]) -> None:
        try:
            outcomes[number] = await self._read(number)
        except Exception as error:  # noqa: BLE001  # it is raised when the page's turn comes
            outcomes[number] = error

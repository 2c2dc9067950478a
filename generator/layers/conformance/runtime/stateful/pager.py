"""Lists, page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..description import Json, Operation
from ..http.caller import Caller
from .check_context import Exchange
from .factory import Making, Thing

# A list that is longer than this many pages is not walked to its end.
_MOST_PAGES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A list that can be asked for, page by page; `thing` tells the ids of its path, `query` narrows it."""

    making: Making
    lister: Operation
    thing: Thing | None = None
    query: Mapping[str, object] = field(default_factory=dict)
    caller: Caller | None = None

    def page(self, number: int, limit: int) -> Exchange:
        """One page; all of the list where it has no pages."""
        paging = self.lister.pagination
        asked = {paging.page: number, paging.limit: limit} if paging else {}
        ids = self.making.ids(self.lister, self.thing)
        return self.making.trial.ask(self.lister, ids, query={**self.query, **asked}, caller=self.caller)

    def pages(self, limit: int = 0) -> Iterator[Exchange]:
        """The pages up to the first that is not full."""
        paging = self.lister.pagination
        size = limit or (paging.max_limit if paging else 0)
        for number in range(1, _MOST_PAGES + 1):
            page = self.page(number, size)
            yield page
            if paging is None or len(page.items) < size:
                return

    def until(self, found: Callable[[Exchange], bool]) -> Exchange:
        """The first page of which it holds, or the last one."""
        page = None
        for page in self.pages():
            if found(page):
                break
        assert page is not None  # noqa: S101  # a list has at least one page
        return page

    def holding(self, thing: Thing) -> tuple[bool, Exchange]:
        """Whether the list holds the object, and the page that tells it; a very long list is filtered."""
        pages = 0
        for page in self.pages():
            pages += 1
            if holds(page, thing):
                return True, page
        query = narrowed(self.lister, thing.sent)
        if pages == _MOST_PAGES and query and not self.query:
            return replace(self, query=query).holding(thing)
        return False, page


def holds(page: Exchange, thing: Thing) -> bool:
    """Whether the object is on the page."""
    return held(page, thing) is not None


def held(page: Exchange, thing: Thing) -> Mapping[str, Json] | None:
    """The object as the page tells it; None where it is not there."""
    name = thing.creator.identity
    return next((item for item in page.items if str(item.get(name)) == str(thing.identity)), None)


def condition(lister: Operation, conditions: Mapping[str, Mapping[str, Json]]) -> dict[str, object]:
    """The query that filters a list."""
    return {lister.filter.filter: json.dumps(conditions, ensure_ascii=False)} if lister.filter else {}


def narrowed(lister: Operation, sent: Mapping[str, Json]) -> dict[str, object]:
    """The query that leaves hardly more than an object made with these values, where the list can be filtered so."""
    filters = lister.filter
    for column in filters.columns if filters else ():
        value = sent.get(column.name)
        if column.type == "string" and "eq" in column.operators and isinstance(value, str) and value.isascii():
            return condition(lister, {column.name: {"eq": value}})
    return {}

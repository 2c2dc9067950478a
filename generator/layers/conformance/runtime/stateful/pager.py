"""Lists, page by page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..api import Json, Operation
from ..http.caller import Caller
from .check_run import Exchange
from .factory import CreatedObject, ObjectFactory

# A longer list is not read to its end.
_MOST_PAGES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """A list that is read page by page; `created` has the ids of its path, `query` narrows it."""

    factory: ObjectFactory
    lister: Operation
    created: CreatedObject | None = None
    query: Mapping[str, object] = field(default_factory=dict)
    caller: Caller | None = None

    def page(self, number: int, limit: int) -> Exchange:
        """One page; the whole list if it has no pages."""
        paging = self.lister.pagination
        asked = {paging.page: number, paging.limit: limit} if paging else {}
        ids = self.factory.ids(self.lister, self.created)
        return self.factory.run.ask(self.lister, ids, query={**self.query, **asked}, caller=self.caller)

    def pages(self, limit: int = 0) -> Iterator[Exchange]:
        """The pages up to the first that is not full."""
        paging = self.lister.pagination
        size = limit or (paging.max_limit if paging else 0)
        for number in range(1, _MOST_PAGES + 1):
            page = self.page(number, size)
            yield page
            if paging is None or len(page.items) < size:
                return

    def first_page_where(self, matches: Callable[[Exchange], bool]) -> Exchange:
        """The first page that matches, or the last one."""
        page = None
        for page in self.pages():
            if matches(page):
                break
        assert page is not None  # noqa: S101  # a list has at least one page
        return page

    def find(self, created: CreatedObject) -> tuple[bool, Exchange]:
        """Whether the list has the object, and the page that shows it; a very long list is filtered."""
        pages = 0
        for page in self.pages():
            pages += 1
            if is_on_page(page, created):
                return True, page
        query = build_filter_query(self.lister, created.sent)
        if pages == _MOST_PAGES and query and not self.query:
            return replace(self, query=query).find(created)
        return False, page


def is_on_page(page: Exchange, created: CreatedObject) -> bool:
    """Whether the object is on the page."""
    return item_of(page, created) is not None


def item_of(page: Exchange, created: CreatedObject) -> Mapping[str, Json] | None:
    """The object on the page, None if it is not there."""
    name = created.creator.identity
    return next((item for item in page.items if str(item.get(name)) == str(created.identity)), None)


def filter_query(lister: Operation, conditions: Mapping[str, Mapping[str, Json]]) -> dict[str, object]:
    """The query that filters a list."""
    return {lister.filter.filter: json.dumps(conditions, ensure_ascii=False)} if lister.filter else {}


def build_filter_query(lister: Operation, sent: Mapping[str, Json]) -> dict[str, object]:
    """The query that filters a list by these values, if that is possible."""
    filters = lister.filter
    for column in filters.columns if filters else ():
        value = sent.get(column.name)
        if column.type == "string" and "eq" in column.operators and isinstance(value, str) and value.isascii():
            return filter_query(lister, {column.name: {"eq": value}})
    return {}

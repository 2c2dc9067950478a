"""Lists, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ...api import Json, Operation
from ...http.caller import Caller
from ..check_run import Exchange
from ..factory import CreatedObject, ObjectFactory
from .paging import Paging, build_filter_query, infer_paging

# A longer list is not read to its end.
_MOST_PAGES = 30
UNKNOWN_END = "the object is on no page that was read, and nothing says whether there are more: an x-pagination would"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """A list that is read page by page; `created` has the ids of its path, `query` narrows it."""

    factory: ObjectFactory
    lister: Operation
    created: CreatedObject | None = None
    query: Mapping[str, object] = field(default_factory=dict)
    caller: Caller | None = None

    @property
    def paging(self) -> Paging:
        """How the list is paged."""
        return infer_paging(self.lister)

    def page(self, number: int, limit: int) -> Exchange:
        """One page of a list with `x-pagination`; the first page of any other."""
        paging = self.lister.pagination
        return self.ask({paging.page: number, paging.limit: limit} if paging else {})

    def ask(self, asked: Mapping[str, object]) -> Exchange:
        """The response to these parameters."""
        ids = self.factory.ids(self.lister, self.created)
        return self.factory.run.ask(self.lister, ids, query={**self.query, **asked}, caller=self.caller)

    def pages(self, limit: int = 0) -> Iterator[Exchange]:
        """The pages, to the last one or as far as is known how to go on."""
        yield from (page for page, _ in self._read(limit))

    def _read(self, limit: int = 0) -> Iterator[tuple[Exchange, bool]]:
        """The pages, each with whether it is known to be the last."""
        paging, api = self.paging, self.factory.api
        asked: dict[str, object] | None = paging.begin(limit)
        for _ in range(_MOST_PAGES):
            if asked is None:
                return
            page = self.ask(asked)
            yield page, paging.is_last(asked, page, api)
            asked = paging.follow(asked, page, api)

    def first_page_where(self, matches: Callable[[Exchange], bool]) -> tuple[Exchange, bool]:
        """The first page that matches, or the last one; and whether no other page can match."""
        last: tuple[Exchange, bool] | None = None
        for last in self._read():
            if matches(last[0]):
                return last[0], True
        assert last is not None  # noqa: S101  # a list has at least one page
        return last

    def find(self, created: CreatedObject) -> tuple[bool, Exchange, bool]:
        """Whether the list has the object, the page that shows it, and whether that is certain.

        A very long list is filtered.
        """
        page, is_certain = self.first_page_where(lambda one: is_on_page(one, created))
        listed = is_on_page(page, created)
        query = build_filter_query(self.lister, created.sent)
        if not listed and not is_certain and query and not self.query:
            return replace(self, query=query).find(created)
        return listed, page, is_certain


def is_on_page(page: Exchange, created: CreatedObject) -> bool:
    """Whether the object is on the page."""
    return item_of(page, created) is not None


def item_of(page: Exchange, created: CreatedObject) -> Mapping[str, Json] | None:
    """The object on the page, None if it is not there."""
    name = created.creator.identity
    return next((item for item in page.items if str(item.get(name)) == str(created.identity)), None)

"""Faults of lists: their pages, what the headers say of them, their filters and their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..http.context import Answer, Call, Handler
from ..model import Api, Description, Operation, Pagination
from .fault import Fault
from .schemas import with_schemas, without

_NO_MAXIMUM = 2**31
_FILTER = "x-filter"


def _paged(change: Callable[[Pagination, Answer, list[Any]], Mapping[str, str]]) -> Callable[..., Handler]:
    """A fault of the headers: `change` answers all of them, from the answer and its items."""

    def behaves(operation: Operation, handler: Handler) -> Handler:
        paging = operation.pagination
        if paging is None:
            return handler

        def careless(call: Call) -> Answer:
            answer = handler(call)
            return replace(answer, headers=change(paging, answer, _items(operation, answer)))

        return careless

    return behaves


def _items(operation: Operation, answer: Answer) -> list[Any]:
    content: Any = answer.content
    items = content.get(operation.envelope) if operation.envelope else content
    return items if isinstance(items, list) else []


def _one_page_more(paging: Pagination, answer: Answer, _items: list[Any]) -> dict[str, str]:
    return {**answer.headers, paging.page_count: str(int(answer.headers[paging.page_count]) + 1)}


def _items_of_page(paging: Pagination, answer: Answer, items: list[Any]) -> dict[str, str]:
    return {**answer.headers, paging.item_count: str(len(items))}


def _none(paging: Pagination, answer: Answer, _items: list[Any]) -> dict[str, str]:
    told = {paging.item_count, paging.page_count, paging.page_header, paging.limit_header}
    return {name: value for name, value in answer.headers.items() if name not in told}


def _asking(without: Callable[[Operation], frozenset[str]]) -> Callable[[Operation, Handler], Handler]:
    """A fault that does not look at some query parameters of a list."""

    def behaves(operation: Operation, handler: Handler) -> Handler:
        ignored = without(operation)

        def careless(call: Call) -> Answer:
            return handler(replace(call, query={k: v for k, v in call.query.items() if k not in ignored}))

        return careless if ignored else handler

    return behaves


def _page(operation: Operation) -> frozenset[str]:
    return frozenset((operation.pagination.page,) if operation.pagination else ())


def _limit(operation: Operation) -> frozenset[str]:
    return frozenset((operation.pagination.limit,) if operation.pagination else ())


def _sort(operation: Operation) -> frozenset[str]:
    return frozenset((operation.filter.sort,) if operation.filter else ())


def _conditions(operation: Operation) -> frozenset[str]:
    """Everything that narrows the list: the filter, and parameters named like a member."""
    if operation.kind != "list":
        return frozenset()
    return frozenset(operation.query) - _page(operation) - _limit(operation) - _sort(operation)


def _newest_left_out(operation: Operation, handler: Handler) -> Handler:
    def careless(call: Call) -> Answer:
        answer = handler(call)
        shorter = _items(operation, answer)[:-1]
        return replace(answer, content={operation.envelope: shorter} if operation.envelope else shorter)

    return careless if operation.kind == "list" else handler


def _unlimited(description: Description) -> Description:
    return replace(description, apis=tuple(_unlimited_api(api) for api in description.apis))


def _unlimited_api(api: Api) -> Api:
    limits = {operation.id: operation.pagination.limit for operation in api.operations if operation.pagination}

    def change(schemas: dict[str, Any]) -> None:
        for operation, limit in limits.items():
            members = schemas["query"][operation]
            members |= {limit: without(members.get(limit, {}), "maximum")}

    return with_schemas(replace(api, operations=tuple(map(_unlimited_operation, api.operations))), change)


def _unlimited_operation(operation: Operation) -> Operation:
    paging = operation.pagination
    return replace(operation, pagination=replace(paging, max_limit=_NO_MAXIMUM)) if paging else operation


FAULTS: Mapping[str, Fault] = {
    "page-count-off-by-one": Fault(
        clause="x-pagination.headers.page_count",
        meaning="the header tells one page more than there is",
        behaves=_paged(_one_page_more),
    ),
    "item-count-of-page": Fault(
        clause="x-pagination.headers.item_count",
        meaning="the header counts the items of the page instead of all",
        behaves=_paged(_items_of_page),
    ),
    "pagination-headers-missing": Fault(
        clause="x-pagination.headers", meaning="no header tells about pages", behaves=_paged(_none)
    ),
    "page-ignored": Fault(clause="x-pagination.page", meaning="every page is the first one", behaves=_asking(_page)),
    "limit-ignored": Fault(
        clause="x-pagination.limit", meaning="every page is as long as the default", behaves=_asking(_limit)
    ),
    "limit-maximum-ignored": Fault(
        clause="x-pagination.max_limit", meaning="a page may be as long as it likes", describes=_unlimited
    ),
    "newest-not-listed": Fault(
        clause="x-pagination.items", meaning="the last item of each page is left out", behaves=_newest_left_out
    ),
    "filter-ignored": Fault(clause=_FILTER, meaning="conditions narrow no list", behaves=_asking(_conditions)),
    "sort-ignored": Fault(clause=_FILTER, meaning="a list is in its own order", behaves=_asking(_sort)),
}

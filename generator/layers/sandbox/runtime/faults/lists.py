"""Faults of lists: pages, page headers, filters, order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..api import Api, Description, Operation, Pagination
from ..http.context import Handler, HandlerResult, RequestContext
from .fault import SHOULD, Fault
from .schemas import with_schemas, without

_NO_MAXIMUM = 2**31
_FILTER = "x-filter"


def _change_page_headers(
    change: Callable[[Pagination, HandlerResult, list[Any]], Mapping[str, str]],
) -> Callable[..., Handler]:
    """A fault of the page headers: `change` returns all headers, from the result and its items."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        paging = operation.pagination
        if paging is None:
            return handler

        def faulty(context: RequestContext) -> HandlerResult:
            result = handler(context)
            return replace(result, headers=change(paging, result, _items(operation, result)))

        return faulty

    return wrap_handler


def _items(operation: Operation, result: HandlerResult) -> list[Any]:
    content: Any = result.content
    items = content.get(operation.wrapper) if operation.wrapper else content
    return items if isinstance(items, list) else []


def _one_page_more(paging: Pagination, result: HandlerResult, _items: list[Any]) -> dict[str, str]:
    return {**result.headers, paging.page_count: str(int(result.headers[paging.page_count]) + 1)}


def _items_of_page(paging: Pagination, result: HandlerResult, items: list[Any]) -> dict[str, str]:
    return {**result.headers, paging.item_count: str(len(items))}


def _pages_rounded_down(paging: Pagination, result: HandlerResult, _items: list[Any]) -> dict[str, str]:
    count, limit = int(result.headers[paging.item_count]), int(result.headers[paging.limit_header])
    return {**result.headers, paging.page_count: str(count // limit)}


def _without_page_headers(paging: Pagination, result: HandlerResult, _items: list[Any]) -> dict[str, str]:
    names = {paging.item_count, paging.page_count, paging.page_header, paging.limit_header}
    return {name: value for name, value in result.headers.items() if name not in names}


def _without_query(without: Callable[[Operation], frozenset[str]]) -> Callable[[Operation, Handler], Handler]:
    """A fault that ignores some query parameters of a list."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        ignored = without(operation)

        def faulty(context: RequestContext) -> HandlerResult:
            return handler(replace(context, query={k: v for k, v in context.query.items() if k not in ignored}))

        return faulty if ignored else handler

    return wrap_handler


def _change_pages(
    change: Callable[[Callable[[int], HandlerResult], int, str], HandlerResult],
) -> Callable[[Operation, Handler], Handler]:
    """A fault of pages: `change` gets what returns a page, the number that is asked for, and the key of the items."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        paging = operation.pagination
        if paging is None or not operation.wrapper:
            return handler

        def faulty(context: RequestContext) -> HandlerResult:
            def page(number: int) -> HandlerResult:
                return handler(replace(context, query={**context.query, paging.page: number}))

            asked = int(str(context.query.get(paging.page, 1)))
            result = change(page, asked, operation.wrapper)
            return replace(result, headers={**result.headers, paging.page_header: str(asked)})

        return faulty

    return wrap_handler


def _swap_pages(page: Callable[[int], HandlerResult], asked: int, _key: str) -> HandlerResult:
    other = page({1: 2, 2: 1}.get(asked, asked))
    return other if other.content != page(99999).content else page(asked)  # of one page there is nothing to swap


def _overlap_pages(page: Callable[[int], HandlerResult], asked: int, key: str) -> HandlerResult:
    result = page(asked)
    items: Any = result.content
    if asked == 1 or not items[key]:
        return result
    before: Any = page(asked - 1).content
    return replace(result, content={key: [before[key][-1], *items[key][1:]]})


def _go_on(page: Callable[[int], HandlerResult], asked: int, key: str) -> HandlerResult:
    result = page(asked)
    content: Any = result.content
    return result if content[key] else replace(result, content=page(1).content)


def _count_everything(operation: Operation, handler: Handler) -> Handler:
    """The headers are those of the list without its conditions."""
    paging, ignored = operation.pagination, _conditions(operation)
    if paging is None:
        return handler

    def faulty(context: RequestContext) -> HandlerResult:
        query = {name: value for name, value in context.query.items() if name not in ignored}
        return replace(handler(context), headers=handler(replace(context, query=query)).headers)

    return faulty


def _page(operation: Operation) -> frozenset[str]:
    return frozenset((operation.pagination.page,) if operation.pagination else ())


def _limit(operation: Operation) -> frozenset[str]:
    return frozenset((operation.pagination.limit,) if operation.pagination else ())


def _sort(operation: Operation) -> frozenset[str]:
    return frozenset((operation.filter.sort,) if operation.filter else ())


def _conditions(operation: Operation) -> frozenset[str]:
    """The query parameters that filter: the filter itself, and those named like a member."""
    if operation.kind != "list":
        return frozenset()
    return frozenset(operation.query) - _page(operation) - _limit(operation) - _sort(operation)


def _without_newest(operation: Operation, handler: Handler) -> Handler:
    def faulty(context: RequestContext) -> HandlerResult:
        result = handler(context)
        shorter = _items(operation, result)[:-1]
        return replace(result, content={operation.wrapper: shorter} if operation.wrapper else shorter)

    return faulty if operation.kind == "list" else handler


def _without_maximum(description: Description) -> Description:
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
        meaning="the header counts one page more than there is",
        wrap_handler=_change_page_headers(_one_page_more),
    ),
    "item-count-of-page": Fault(
        clause="x-pagination.headers.item_count",
        meaning="the header counts the items of the page instead of all",
        wrap_handler=_change_page_headers(_items_of_page),
    ),
    "item-count-of-everything": Fault(
        clause="x-pagination.headers.item_count",
        meaning="the headers count the list without its conditions",
        wrap_handler=_count_everything,
    ),
    "page-count-rounded-down": Fault(
        clause="x-pagination.headers.page_count",
        meaning="the header counts full pages alone",
        wrap_handler=_change_page_headers(_pages_rounded_down),
    ),
    "pagination-headers-missing": Fault(
        clause="x-pagination.headers",
        meaning="no header says anything of pages",
        wrap_handler=_change_page_headers(_without_page_headers),
    ),
    "page-ignored": Fault(
        clause="x-pagination.page", meaning="every page is the first one", wrap_handler=_without_query(_page)
    ),
    "limit-ignored": Fault(
        clause="x-pagination.limit", meaning="every page is as long as the default", wrap_handler=_without_query(_limit)
    ),
    "limit-maximum-ignored": Fault(
        clause="x-pagination.max_limit",
        meaning="a page may be as long as it likes",
        change_description=_without_maximum,
    ),
    "newest-not-listed": Fault(
        clause="x-pagination.items", meaning="the last item of each page is left out", wrap_handler=_without_newest
    ),
    "pages-swapped": Fault(
        clause="x-pagination.page",
        level=SHOULD,
        meaning="the first two pages are swapped",
        wrap_handler=_change_pages(_swap_pages),
    ),
    "pages-overlap": Fault(
        clause="x-pagination.page",
        meaning="a page begins with the last item of the page before",
        wrap_handler=_change_pages(_overlap_pages),
    ),
    "pages-go-on": Fault(
        clause="x-pagination.page",
        meaning="beyond the last page the first one is sent again",
        wrap_handler=_change_pages(_go_on),
    ),
    "filter-ignored": Fault(
        clause=_FILTER, meaning="conditions narrow no list", wrap_handler=_without_query(_conditions)
    ),
    "sort-ignored": Fault(clause=_FILTER, meaning="a list is in its own order", wrap_handler=_without_query(_sort)),
}

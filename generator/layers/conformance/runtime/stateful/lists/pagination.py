"""Pagination: the headers, the length of a page, and that no item is missing or repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...api import Operation, Pagination
from ...lifecycles import find_lifecycle
from ...results import Result
from ..check_run import CheckRun, Exchange, NotPossible
from ..checks.lists import ARITHMETIC, HEADERS, LIMIT, MAXIMUM, PAST, WALK
from ..factory import CreatedObject, ObjectFactory
from .pager import Pager

_LIMIT = 2
_OWN = 5
_TRIES = 3
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHeaders:
    """The pagination headers of a page; -1 if a header is missing or no number."""

    item_count: int
    page_count: int
    page: int
    limit: int


def check_pagination(run: CheckRun, lister: Operation) -> Iterator[Result]:
    """Check one paged list. Below an own object every item is known, elsewhere only single pages are checked."""
    factory = ObjectFactory(run)
    if lister.pagination is None:
        return
    above, own = _fill(factory, lister) if run.plan.writes else (None, set())
    pager = Pager(factory=factory, lister=lister, created=above)
    yield from _check_pages(run, pager, lister.pagination)
    yield from _check_maximum(run, pager, lister.pagination)
    if above is not None:
        yield from _check_whole_list(run, pager, lister.pagination, own)
    elif own:
        yield from _check_first_two(run, pager)


def _fill(factory: ObjectFactory, lister: Operation) -> tuple[CreatedObject | None, set[str]]:
    """Create objects for the list; the parent, if they have one, and the ids in the list."""
    lifecycle = find_lifecycle(factory.api, lister)
    if lifecycle is None:
        return None, set()
    above = None
    if lister.placeholders:
        above = factory.create(factory.creator(lister.placeholders[-1].creator))
    before = Pager(factory=factory, lister=lister, created=above).page(1, _OWN * _OWN).items if above else []
    objects = [factory.create(lifecycle.creator, above=above) for _ in range(_OWN if above else _LIMIT)]
    name = lifecycle.creator.identity
    return above, {str(item.get(name)) for item in before} | {str(created.identity) for created in objects}


def parse_headers(page: Exchange, paging: Pagination) -> PageHeaders:
    """The headers of a page, as numbers."""
    names = (paging.item_count, paging.page_count, paging.page_header, paging.limit_header)
    texts = [page.response.headers.get(name.lower(), "") for name in names]
    count, pages, number, limit = (int(text) if _NUMBER.fullmatch(text) else -1 for text in texts)
    return PageHeaders(item_count=count, page_count=pages, page=number, limit=limit)


def _consistent_page(pager: Pager, paging: Pagination, number: int) -> Exchange:
    """A page; requested again if it is inconsistent, since other users may change the list meanwhile."""
    page = pager.page(number, _LIMIT)
    for _ in range(_TRIES - 1):
        if not _faults(page, paging, number):
            break
        page = pager.page(number, _LIMIT)
    return page


def _check_pages(run: CheckRun, pager: Pager, paging: Pagination) -> Iterator[Result]:
    """Check the first pages, and one beyond the last: there a server may also return the last page."""
    for number in (1, 2):
        page = _consistent_page(pager, paging, number)
        if not page.succeeded:
            raise NotPossible(f"{pager.lister.id} answered {page.status}")
        headers = parse_headers(page, paging)
        missing = -1 in (headers.item_count, headers.page_count, headers.page, headers.limit)
        yield from run.verdict(HEADERS, page, not missing, "four headers with whole numbers", observed=str(headers))
        fault = "" if missing else _wrong_numbers(headers, number)
        yield from run.verdict(ARITHMETIC, page, not fault, "headers that fit each other", observed=fault)
        fault = _wrong_length(page, headers, number)
        yield from run.verdict(LIMIT, page, not fault, f"at most {_LIMIT} items", observed=fault)
        if 0 <= headers.item_count <= _LIMIT:
            break  # what comes beyond the last page is not described
    if not missing:
        asked = headers.page_count + 2
        page = pager.page(asked, _LIMIT)
        item_of = 0 < parse_headers(page, paging).page < asked
        fine = item_of or not (page.succeeded and page.items)
        expected, observed = f"no items, or those of a page before {asked} that is named", f"{len(page.items)} items"
        yield from run.verdict(PAST, page, fine, expected, observed=observed)


def _faults(page: Exchange, paging: Pagination, number: int) -> str:
    headers = parse_headers(page, paging)
    return _wrong_numbers(headers, number) or _wrong_length(page, headers, number)


def _wrong_numbers(headers: PageHeaders, number: int) -> str:
    """How the headers contradict the request or each other; empty if they do not."""
    pages = -(-headers.item_count // _LIMIT)
    if headers.page != number:
        return f"page {headers.page} instead of {number}"
    if headers.limit != _LIMIT:
        return f"the limit {headers.limit} instead of {_LIMIT}"
    if headers.page_count != pages and headers.item_count > 0:
        return f"{headers.page_count} pages of {_LIMIT} for {headers.item_count} items"
    return ""


def _wrong_length(page: Exchange, headers: PageHeaders, number: int) -> str:
    """How the number of items is wrong; empty if it is not."""
    length = len(page.items)
    if length > _LIMIT:
        return f"{length} items"
    expected = min(_LIMIT, max(0, headers.item_count - (number - 1) * _LIMIT))
    if headers.item_count >= 0 and length != expected:
        return f"{length} items on page {number} of a list of {headers.item_count}"
    return ""


def _check_maximum(run: CheckRun, pager: Pager, paging: Pagination) -> Iterator[Result]:
    page = pager.page(1, paging.max_limit + 1)
    most = max(parse_headers(page, paging).limit, len(page.items)) if page.succeeded else 0
    fine = page.status < 500 and most <= paging.max_limit
    expected = f"an error, or a page of at most {paging.max_limit}"
    yield from run.verdict(MAXIMUM, page, fine, expected, observed=f"a page of {most}")


def _check_whole_list(run: CheckRun, pager: Pager, paging: Pagination, own: set[str]) -> Iterator[Result]:
    """Below an own object nobody else adds or removes anything."""
    lifecycle = find_lifecycle(run.api, pager.lister)
    name = lifecycle.creator.identity if lifecycle else "id"
    pages = [pager.page(number + 1, _LIMIT) for number in range(-(-len(own) // _LIMIT))]
    seen = [str(item.get(name)) for page in pages for item in page.items]
    fine = sorted(seen) == sorted(own)
    observed = f"{len(seen)} items, {len(set(seen))} different ones, {len(own - set(seen))} missing"
    yield from run.verdict(WALK, pages[-1], fine, f"{len(own)} items on {len(pages)} pages", observed=observed)
    count = parse_headers(pages[0], paging).item_count
    fine = count in (len(own), -1)
    observed = f"{count} items"
    yield from run.verdict(ARITHMETIC, pages[0], fine, f"the header says {len(own)} items", observed=observed)


def _check_first_two(run: CheckRun, pager: Pager) -> Iterator[Result]:
    """The first two items of a list that others use too are different."""
    for _ in range(_TRIES):
        first, second = pager.page(1, 1), pager.page(2, 1)
        if first.items[:1] != second.items[:1]:
            break
    fine = first.items[:1] != second.items[:1]
    yield from run.verdict(WALK, second, fine, "another item than on page 1", observed="the item of page 1")

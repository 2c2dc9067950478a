"""Lists, page by page: what the headers tell, how long a page is, and that no item is missing or there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..description import Operation, Pagination
from ..resources import made_by
from ..results import Result
from .check_context import Exchange, NotPossible, Trial
from .checks.lists import ARITHMETIC, HEADERS, LIMIT, MAXIMUM, PAST, WALK
from .factory import Making, Thing
from .pager import Walk

_LIMIT = 2
_OWN = 5
_TRIES = 3
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page tells of its list; -1 where a header is missing or no number."""

    item_count: int
    page_count: int
    page: int
    limit: int


def paged(trial: Trial, lister: Operation) -> Iterator[Result]:
    """The checks of one paged list: below an own object everything is known, elsewhere only what one answer tells."""
    making = Making(trial)
    if lister.pagination is None:
        return
    above, own = _filled(making, lister) if trial.plan.writes else (None, set())
    walk = Walk(making=making, lister=lister, thing=above)
    yield from _single(trial, walk, lister.pagination)
    yield from _maximum(trial, walk, lister.pagination)
    if above is not None:
        yield from _whole(trial, walk, lister.pagination, own)
    elif own:
        yield from _two(trial, walk)


def _filled(making: Making, lister: Operation) -> tuple[Thing | None, set[str]]:
    """Own objects in the list; with the object that they are below, where they can be below one."""
    resource = made_by(making.api, lister)
    if resource is None:
        return None, set()
    above = None
    if lister.placeholders:
        above = making.thing(making.creator(lister.placeholders[-1].creator))
    before = Walk(making=making, lister=lister, thing=above).page(1, _OWN * _OWN).items if above else []
    made = [making.thing(resource.creator, above=above) for _ in range(_OWN if above else _LIMIT)]
    name = resource.creator.identity
    return above, {str(item.get(name)) for item in before} | {str(thing.identity) for thing in made}


def told(page: Exchange, paging: Pagination) -> Told:
    """The headers of a page, as numbers."""
    names = (paging.item_count, paging.page_count, paging.page_header, paging.limit_header)
    texts = [page.answer.headers.get(name.lower(), "") for name in names]
    count, pages, number, limit = (int(text) if _NUMBER.fullmatch(text) else -1 for text in texts)
    return Told(item_count=count, page_count=pages, page=number, limit=limit)


def _steady(walk: Walk, paging: Pagination, number: int) -> Exchange:
    """A page; asked for again where it is not right, since others may change the list under the server's hands."""
    page = walk.page(number, _LIMIT)
    for _ in range(_TRIES - 1):
        if not _faults(page, paging, number):
            break
        page = walk.page(number, _LIMIT)
    return page


def _single(trial: Trial, walk: Walk, paging: Pagination) -> Iterator[Result]:
    """Page by page what each tells, and one beyond the last: there a server may also hold to the last page."""
    for number in (1, 2):
        page = _steady(walk, paging, number)
        if not page.succeeded:
            raise NotPossible(f"{walk.lister.id} answered {page.status}")
        headers = told(page, paging)
        missing = -1 in (headers.item_count, headers.page_count, headers.page, headers.limit)
        yield from trial.verdict(HEADERS, page, not missing, "four headers with whole numbers", observed=str(headers))
        fault = "" if missing else _arithmetic(headers, number)
        yield from trial.verdict(ARITHMETIC, page, not fault, "headers that fit each other", observed=fault)
        fault = _length(page, headers, number)
        yield from trial.verdict(LIMIT, page, not fault, f"at most {_LIMIT} items", observed=fault)
        if 0 <= headers.item_count <= _LIMIT:
            break  # what is told beyond the last page is not described
    if not missing:
        asked = headers.page_count + 2
        page = walk.page(asked, _LIMIT)
        held = 0 < told(page, paging).page < asked
        fine = held or not (page.succeeded and page.items)
        expected, observed = f"no items, or those of a page before {asked} that is named", f"{len(page.items)} items"
        yield from trial.verdict(PAST, page, fine, expected, observed=observed)


def _faults(page: Exchange, paging: Pagination, number: int) -> str:
    headers = told(page, paging)
    return _arithmetic(headers, number) or _length(page, headers, number)


def _arithmetic(headers: Told, number: int) -> str:
    """Where the headers contradict the request or each other."""
    pages = -(-headers.item_count // _LIMIT)
    if headers.page != number:
        return f"page {headers.page} instead of {number}"
    if headers.limit != _LIMIT:
        return f"the limit {headers.limit} instead of {_LIMIT}"
    if headers.page_count != pages and headers.item_count > 0:
        return f"{headers.page_count} pages of {_LIMIT} for {headers.item_count} items"
    return ""


def _length(page: Exchange, headers: Told, number: int) -> str:
    """Where the page has not as many items as it should."""
    length = len(page.items)
    if length > _LIMIT:
        return f"{length} items"
    expected = min(_LIMIT, max(0, headers.item_count - (number - 1) * _LIMIT))
    if headers.item_count >= 0 and length != expected:
        return f"{length} items on page {number} of a list of {headers.item_count}"
    return ""


def _maximum(trial: Trial, walk: Walk, paging: Pagination) -> Iterator[Result]:
    page = walk.page(1, paging.max_limit + 1)
    most = max(told(page, paging).limit, len(page.items)) if page.succeeded else 0
    fine = page.status < 500 and most <= paging.max_limit
    expected = f"a refusal, or a page of at most {paging.max_limit}"
    yield from trial.verdict(MAXIMUM, page, fine, expected, observed=f"a page of {most}")


def _whole(trial: Trial, walk: Walk, paging: Pagination, own: set[str]) -> Iterator[Result]:
    """Below an own object nobody else adds or removes anything."""
    resource = made_by(trial.api, walk.lister)
    name = resource.creator.identity if resource else "id"
    pages = [walk.page(number + 1, _LIMIT) for number in range(-(-len(own) // _LIMIT))]
    seen = [str(item.get(name)) for page in pages for item in page.items]
    fine = sorted(seen) == sorted(own)
    observed = f"{len(seen)} items, {len(set(seen))} different ones, {len(own - set(seen))} missing"
    yield from trial.verdict(WALK, pages[-1], fine, f"{len(own)} items on {len(pages)} pages", observed=observed)
    count = told(pages[0], paging).item_count
    fine = count in (len(own), -1)
    observed = f"{count} items"
    yield from trial.verdict(ARITHMETIC, pages[0], fine, f"the header tells {len(own)} items", observed=observed)


def _two(trial: Trial, walk: Walk) -> Iterator[Result]:
    """The first two items of a list that others use too are two."""
    for _ in range(_TRIES):
        first, second = walk.page(1, 1), walk.page(2, 1)
        if first.items[:1] != second.items[:1]:
            break
    fine = first.items[:1] != second.items[:1]
    yield from trial.verdict(WALK, second, fine, "another item than on page 1", observed="the item of page 1")

"""Lists read to their end: each item once, none missing, and totals that count them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ...api import Operation
from ...lifecycles import find_lifecycle
from ...results import ADVISORY, FAILED, MUST, SHOULD, Level, Result
from ..check_run import CheckRun, Exchange, NotPossible
from ..checks.lists import ENDLESS, ONCE, TOTAL
from ..factory import ObjectFactory
from .pager import Pager
from .totals import Total, list_totals, promises_total

_UNKNOWN = "nothing says how the list goes on, or how many items it has: an x-pagination would"
_OWN, _SIZE, _MOST, _TRIES, _SHORT = 5, 2, 8, 3, 20


def check_walk(run: CheckRun, lister: Operation) -> Iterator[Result]:
    """Check one list. Others may change it meanwhile, so a fault counts if it comes several times."""
    factory, lifecycle = ObjectFactory(run), find_lifecycle(run.api, lister)
    if lifecycle is None:
        raise NotPossible("the API has no operation that creates what it lists")
    pager = Pager(factory=factory, lister=lister)
    paged, has_total = pager.paging.style not in ("whole", "unknown"), promises_total(lister)
    if pager.paging.style == "unknown":
        for check in (ONCE,) if has_total else (ONCE, TOTAL):
            yield from run.skip(check, lister, _UNKNOWN)
    if not paged and not has_total:
        return
    above = factory.create(factory.creator(lister.placeholders[-1].creator)) if lister.placeholders else None
    created = [factory.create(lifecycle.creator, above=above) for _ in range(_OWN if run.plan.writes else 0)]
    pager = Pager(factory=factory, lister=lister, created=above)
    if not paged:
        yield from _check_first_pages(run, pager)
        return
    own = {str(one.identity) for one in created}
    level: Level = MUST if lister.pagination else SHOULD  # what is known by names alone is not described
    for tried in range(_TRIES):
        results = list(_walk(run, pager, own, lifecycle.creator.identity, level))
        if all(result.status != FAILED for result in results) or tried == _TRIES - 1:
            yield from results
            return


def _walk(run: CheckRun, pager: Pager, own: set[str], name: str, level: Level) -> Iterator[Result]:
    pages: list[Exchange] = []
    for page in pager.pages(_SIZE):
        pages.append(page)
        if len(pages) == _MOST or not page.succeeded:
            break
    if not pages or not pages[-1].succeeded:
        return
    ids = [str(item.get(name)) for page in pages for item in page.items]
    fresh = [page for page in pages if page.items]
    longest, size = pages, _SIZE
    if len(pages) == _MOST and pager.lister.pagination is None:
        longest, size = list(islice(pager.pages(), _MOST)), 0
    is_empty = not any(page.items for page in longest[-_TRIES:])
    ends = len(longest) < _MOST or (len(set(ids)) > len(ids) // 2 and not is_empty)
    observed = f"{len(pages)} pages with {len(set(ids))} different items"
    yield from run.verdict(ENDLESS, pages[-1], ends, "an end", observed=observed, level=level)
    twice, is_whole = len(ids) - len(set(ids)), len(pages) < _MOST
    missing = len(own - set(ids)) if is_whole else 0
    observed = f"{len(ids)} items, {twice} of them again, {missing} own ones missing"
    yield from run.verdict(ONCE, fresh[-1] if fresh else pages[-1], not twice and not missing, "each item once",
                           observed=observed, level=level)  # fmt: skip
    wide = [str(item.get(name)) for item in next(iter(pager.pages(_SIZE * _TRIES))).items]
    narrow = ids[: len(wide)]
    fine = not pager.paging.limit or wide == narrow or len(narrow) < len(wide)
    expected = f"{len(wide)} items in the order in which pages of {_SIZE} have them"
    yield from run.verdict(ONCE, pages[0], fine, expected, level=SHOULD, detail="" if fine else "order")
    if pager.lister.pagination is None:
        yield from _check_totals(run, pager, name, longest, size)


def _check_first_pages(run: CheckRun, pager: Pager) -> Iterator[Result]:
    """Check the totals of a list that nothing says how to go on with: a short one without pages is whole."""
    pages = [page for page in (pager.ask(pager.paging.begin(size)) for size in (_SIZE, 0)) if page.succeeded]
    count = max((len(page.items) for page in pages), default=0)
    yield from _judge_totals(run, pages, count, is_whole=pager.paging.style == "whole" and count < _SHORT)


def check_narrowed_total(run: CheckRun, pager: Pager, name: str) -> Iterator[Result]:
    """Check the totals of a list under a condition, if it can be read to its end; `name` is that of the ids."""
    if pager.lister.pagination is None and pager.paging.style != "unknown":
        yield from _check_totals(run, pager, name, list(islice(pager.pages(), _MOST)), 0)


def _check_totals(run: CheckRun, pager: Pager, name: str, pages: list[Exchange], size: int) -> Iterator[Result]:
    """Check what the pages say of the list, unless the first one says something else when it is read again."""
    if not all(page.succeeded for page in pages):
        return
    if [*list_totals(pager.ask(pager.paging.begin(size)))] != [*list_totals(pages[0])]:
        yield from run.skip(TOTAL, pager.lister, "the list changed while it was read")
        return
    ids = {str(item.get(name)) for page in pages for item in page.items}
    is_whole = len(pages) < _MOST and (pager.paging.style != "whole" or len(ids) < _SHORT)
    yield from _judge_totals(run, pages, len(ids), is_whole=is_whole)


def _judge_totals(run: CheckRun, pages: list[Exchange], count: int, *, is_whole: bool) -> Iterator[Result]:
    """Whether each page says how many items there are; at least so many, if the list may go on."""
    said = [(page, total) for page in pages if page.items or page is pages[0] for total in list_totals(page)]
    if not said and pages:
        reason = "no header or member says how many items the list has"
        yield from run.skip(TOTAL, pages[0].operation, reason)
    if not said:
        return
    wrong = [(page, total) for page, total in said if not _counts(page, total, pages, count, is_whole)]
    page, total = wrong[0] if wrong else said[0]
    level: Level = SHOULD if total.described else ADVISORY
    expected = f"{count} items in all, as {len(pages)} responses show them" if is_whole else f"at least {count} items"
    observed = f"{total.value} {total.kind} ({total.place})"
    yield from run.verdict(TOTAL, page, not wrong, expected, observed=observed, level=level)


def _counts(page: Exchange, total: Total, pages: list[Exchange], count: int, is_whole: bool) -> bool:
    """Whether a number fits; of several pages the first one is full."""
    if total.kind == "pages":
        expected = -(-count // len(pages[0].items)) if len(pages) > 1 and pages[0].items else 1
        return not is_whole or not count or total.value == expected
    is_of_page = total.kind == "items or page" and total.value == len(page.items)
    return total.value == count or (not is_whole and total.value > count) or is_of_page

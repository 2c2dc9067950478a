"""Lists read to their end: each item once, none missing, and totals that count them."""

from __future__ import annotations

from collections.abc import Iterator

from ...api import Operation
from ...lifecycles import find_lifecycle
from ...results import FAILED, MUST, SHOULD, Level, Result
from ..check_run import CheckRun, Exchange, NotPossible
from ..checks.lists import ENDLESS, ONCE, TOTAL
from ..factory import ObjectFactory
from .pager import Pager
from .paging import find_total

_OWN, _SIZE, _MOST, _TRIES = 5, 2, 8, 3


def check_walk(run: CheckRun, lister: Operation) -> Iterator[Result]:
    """Check one list. Others may change it meanwhile, so a fault counts if it comes several times."""
    factory, lifecycle = ObjectFactory(run), find_lifecycle(run.api, lister)
    if lifecycle is None:
        raise NotPossible("the API has no operation that creates what it lists")
    pager = Pager(factory=factory, lister=lister)
    if pager.paging.style == "whole":
        return
    if pager.paging.style == "unknown":
        reason = "nothing says how the list goes on, or how many items it has: an x-pagination would"
        yield from run.skip(ONCE, lister, reason)
        return
    above = factory.create(factory.creator(lister.placeholders[-1].creator)) if lister.placeholders else None
    created = [factory.create(lifecycle.creator, above=above) for _ in range(_OWN if run.plan.writes else 0)]
    pager = Pager(factory=factory, lister=lister, created=above)
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
    ends = len(pages) < _MOST or len(set(ids)) > len(ids) // 2
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
    total = find_total(pages[0])
    if total is not None and is_whole and pager.lister.pagination is None:
        expected, observed = f"{len(ids)} in all, as there are on {len(pages)} pages", f"{total}"
        yield from run.verdict(TOTAL, pages[0], total == len(ids), expected, observed=observed, level=level)

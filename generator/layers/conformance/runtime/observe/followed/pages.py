"""Pages that overlap, repeat or are swapped: an item at two places of one list, which nobody changed meanwhile."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...results import ADVISORY, SHOULD, Level, Result
from ...stateful.lists.paging import infer_paging
from ...stateful.lists.totals import find_total
from ..checks import PLACES
from ..judge import Judge, Observed
from ..recordings.recorded import Recorded
from .objects import Key, Moment, describe_moment, find_member

_MOST_LISTS = 500
_MOST_PLACES = 5_000
_MOST_SECONDS = 30.0  # between two pages that are compared: others change lists as well, and no recording has them
_LARGEST_PAGE = 1_000_000
_LONGEST_NUMBER = 9
ListKey = tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    """The pages of one list: where each item stood, the latest page, and how many items the list has, if it says so."""

    total: int | None
    latest: Moment
    places: dict[Key, tuple[int, str]] = field(default_factory=dict)


class PageJudge:
    """Compares the pages that one user gets of one list under the same conditions and in the same order."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._lists: OrderedDict[ListKey, _Seen] = OrderedDict()
        self._busy_until = float("-inf")

    def note_change(self, recorded: Recorded) -> None:
        """A request that may change any list: pages from before it, or while it was under way, say nothing."""
        self._lists.clear()
        self._busy_until = max(self._busy_until, recorded.ended or float("-inf"))

    def judge(self, observed: Observed, identity: str) -> Iterator[Result]:
        """Whether the items of a page stood at another place of the list just before."""
        operation, recorded = observed.operation, observed.recorded
        if not operation.safe:
            self.note_change(recorded)
            return
        if operation.kind != "list" or not observed.succeeded or not observed.knows_content or recorded.is_cached:
            return
        start, size = self._find_place(observed)
        if start is None or (recorded.began is not None and recorded.began < self._busy_until):
            return
        now, total = describe_moment(observed, identity), self._find_total(observed)
        if total is not None and size and start >= total:
            return  # beyond the end a server may send the last page
        seen = self._find_seen(self._name_list(observed, identity, size), total, now, recorded)
        yield from self._compare(observed, seen, start, now)

    def _compare(self, observed: Observed, seen: _Seen, start: int, now: Moment) -> Iterator[Result]:
        moved = []
        for number, item in enumerate(observed.items):
            key = find_member(self._judge.api, observed.operation, observed.parts.path, item)
            if key is None:
                return
            place, where = seen.places.get(key, (start + number, ""))
            moved += [where or "this page"] if place != start + number else []
            if len(seen.places) < _MOST_PLACES:
                seen.places[key] = start + number, now.place
        level: Level = SHOULD if seen.total is not None and now.identity else ADVISORY
        said = f"{len(moved)} items that stood at other places in {', '.join(sorted(set(moved))[:3])}"
        yield from self._judge.verdict(
            PLACES,
            observed,
            not moved,
            "each item at one place of the list",
            observed=said,
            level=level,
            detail="twice",
        )

    def _find_seen(self, key: ListKey, total: int | None, now: Moment, recorded: Recorded) -> _Seen:
        """What is known of the list, which is nothing if it may have changed since."""
        seen = self._lists.pop(key, None)
        if seen is None or seen.total != total or not _is_soon_after(seen.latest, recorded):
            seen = _Seen(total=total, latest=now)
        seen.latest = now
        self._lists[key] = seen
        if len(self._lists) > _MOST_LISTS:
            self._lists.popitem(last=False)
        return seen

    def _find_place(self, observed: Observed) -> tuple[int | None, int]:
        """The number of the first item of a page, None if that is not known; and the size that the server names."""
        operation, paging = observed.operation, infer_paging(observed.operation)
        if paging.style not in ("page", "offset"):
            return None, 0
        first = paging.first if paging.style == "page" else 0
        position = _read_number(observed.parts.query.get(paging.position, first))
        if position is None or position < first:
            return None, 0
        if paging.style == "offset":
            return position, 0
        size = 0
        if operation.pagination is not None:
            headers, names = observed.response.headers, operation.pagination
            size = _read_number(headers.get(names.limit_header.lower(), "")) or 0
            named = _read_number(headers.get(names.page_header.lower(), ""))
            if named is not None and named != position:
                return None, 0  # another page than the one that was asked for
        return (position - first) * (size or _LARGEST_PAGE), size

    def _name_list(self, observed: Observed, identity: str, size: int) -> ListKey:
        """The list, its conditions and its order; with the size of its pages, unless the server names that."""
        paging, scheme = infer_paging(observed.operation), self._judge.api.scheme
        unnamed = {paging.position, *(scheme.parameters if scheme else ()), *([paging.limit] if size else [])}
        query = sorted((name, str(value)) for name, value in observed.parts.query.items() if name not in unnamed)
        return observed.operation.id, identity, str(sorted(observed.parts.path.items())), str(query)

    def _find_total(self, observed: Observed) -> int | None:
        paging = observed.operation.pagination
        if paging is None:
            return find_total(observed)
        return _read_number(observed.response.headers.get(paging.item_count.lower(), ""))


def _is_soon_after(before: Moment, recorded: Recorded) -> bool:
    if not before.is_before(recorded):
        return False
    return before.ended is None or recorded.began is None or recorded.began - before.ended <= _MOST_SECONDS


def _read_number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None

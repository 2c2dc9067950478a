"""Filters and orders of lists, compared with a model of four own objects."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...api import Column, Json, Operation
from ...lifecycles import Lifecycle, find_lifecycle
from ...results import Result
from ..check_run import CheckRun, Exchange, NotPossible
from ..checks.lists import ARITHMETIC, FILTERED, NARROWED, SORTED, TOTAL
from ..factory import CreatedObject, ObjectFactory
from ..sent_values import moment
from .pager import UNKNOWN_END, Pager, is_on_page
from .pagination import parse_headers
from .paging import build_filter_query, filter_query
from .totals import promises_total
from .walks import check_narrowed_total

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
# The rank of each object in each column; letters of one case, so that every collation agrees.
_RANKS = ((0, 2), (1, 1), (1, 0), (2, 1))
_AWKWARD = "Zoë \"\U0001d4b3\" 'é' {}[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredList:
    """A list with four own objects, and their values in the columns that can be set."""

    factory: ObjectFactory
    lister: Operation
    lifecycle: Lifecycle
    objects: tuple[CreatedObject, ...]
    columns: tuple[Column, ...]
    bounds: Mapping[str, Mapping[str, Json]]

    def pager(self, query: Mapping[str, object]) -> Pager:
        return Pager(factory=self.factory, lister=self.lister, created=self.objects[0], query=query)


def check_filters(run: CheckRun, lister: Operation) -> Iterator[Result]:
    """Check one list that can be filtered, sorted or narrowed."""
    factory, lifecycle = ObjectFactory(run), find_lifecycle(run.api, lister)
    if lifecycle is None:
        raise NotPossible("the API has no operation that creates what it lists")
    if lister.filter:
        try:
            listing = _build_list(factory, lister, lifecycle)
        except NotPossible:  # a run that was killed may have left the same names; now there are new ones
            listing = _build_list(factory, lister, lifecycle)
        for column in listing.columns:
            for word in column.operators:
                yield from _check_operator(run, listing, column, word)
        yield from _check_count(run, listing)
        yield from _check_awkward_value(run, listing)
        yield from _check_orders(run, listing)
    yield from _check_narrowing(run, factory, lister, lifecycle)


def _build_list(factory: ObjectFactory, lister: Operation, lifecycle: Lifecycle) -> FilteredList:
    settable = {s.name: s.kind for s in lifecycle.creator.settable if s.shown}
    columns = [c for c in lister.filter.columns if c.name in settable] if lister.filter else []
    columns = [c for c in columns if (c.type, settable[c.name]) in (("string", "text"), ("date-time", "moment"))]
    if not columns:
        raise NotPossible("none of its columns can be set")
    columns.sort(key=lambda column: column.type != "string")
    stem = factory.new_name()
    above = factory.create(factory.creator(lister.placeholders[-1].creator)) if lister.placeholders else None
    rows: list[dict[str, Json]] = [
        {c.name: _value(c, stem, ranks[i % 2]) for i, c in enumerate(columns)} for ranks in _RANKS
    ]
    return FilteredList(
        factory=factory,
        lister=lister,
        lifecycle=lifecycle,
        objects=_create_rows(factory, lifecycle, rows, above),
        columns=tuple(columns),
        bounds={} if above else _bounds(columns, stem),
    )


def _create_rows(
    factory: ObjectFactory, lifecycle: Lifecycle, rows: list[dict[str, Json]], above: CreatedObject | None
) -> tuple[CreatedObject, ...]:
    """Create an object for each row; some servers reject two with one name."""
    first = [factory.create(lifecycle.creator, row, above=above) for row in rows[:2]]
    more = [factory.try_create(lifecycle.creator, row, above=above)[1] for row in rows[2:]]
    return (*first, *(created for created in more if created is not None))


def _value(column: Column, stem: str, rank: int) -> str:
    return f"{stem} {'abc'[rank]}" if column.type == "string" else f"2031-05-0{rank + 1}T10:00:00.000+00:00"


def _bounds(columns: list[Column], stem: str) -> Mapping[str, Mapping[str, Json]]:
    """Conditions that exclude the objects of others from a list."""
    for column in columns:
        if column.type == "string" and {"gte", "lte"} <= set(column.operators):
            return {column.name: {"gte": f"{stem} a", "lte": f"{stem} c"}}
    return {}


def _key(column: Column, value: Json) -> Any:
    return moment(value) if column.type == "date-time" else value


def _check_operator(run: CheckRun, listing: FilteredList, column: Column, word: str) -> Iterator[Result]:
    pivot = listing.objects[1].sent[column.name]
    compare = _OPERATORS[word]
    expected = {
        str(created.identity)
        for created in listing.objects
        if compare(_key(column, created.sent[column.name]), _key(column, pivot))
    }
    # a bound on the same side would hide an operator that is ignored
    bounds = {n: dict(expected_text) for n, expected_text in listing.bounds.items()}
    if column.name in bounds:
        sides = {"g": ("gte",), "l": ("lte",), "e": ("gte", "lte")}[word[0]]
        bounds[column.name] = {w: v for w, v in bounds[column.name].items() if w not in sides}
    conditions = {**bounds, column.name: {**bounds.get(column.name, {}), word: pivot}}
    yield from _check_condition(run, listing, conditions, expected, f"{column.name} {word}")


def _check_condition(
    run: CheckRun, listing: FilteredList, conditions: Mapping[str, Mapping[str, Json]], expected: set[str], detail: str
) -> Iterator[Result]:
    ids, page = _list_ids(listing, filter_query(listing.lister, conditions))
    own = {str(created.identity) for created in listing.objects}
    wrong, lacking = (set(ids) & own) - expected, expected - set(ids)
    observed = f"{len(wrong)} that do not fit, {len(lacking)} missing"
    fine = page.succeeded and not wrong and not lacking
    expected_text = f"{len(expected)} of the own {len(own)} objects under {json.dumps(conditions, ensure_ascii=False)}"
    yield from run.verdict(FILTERED, page, fine, expected_text, observed=observed, detail="" if fine else detail)


def _list_ids(listing: FilteredList, query: Mapping[str, object]) -> tuple[list[str], Exchange]:
    """The ids of the list in their order, and its last page."""
    ids: list[str] = []
    page = listing.objects[0].creation
    for page in listing.pager(query).pages():
        ids += [str(item.get(listing.lifecycle.creator.identity)) for item in page.items]
    return ids, page


def _check_count(run: CheckRun, listing: FilteredList) -> Iterator[Result]:
    """The header counts what the condition leaves; nobody else has an object of that name."""
    paging, column = listing.lister.pagination, listing.columns[0]
    if paging is None or column.type != "string" or "eq" not in column.operators:
        return
    ids, page = _list_ids(
        listing, filter_query(listing.lister, {column.name: {"eq": listing.objects[1].sent[column.name]}})
    )
    if not page.succeeded or not set(ids) <= {str(created.identity) for created in listing.objects}:
        return
    count = parse_headers(page, paging).item_count
    expected = f"the header says {len(ids)} items, as many as the condition leaves"
    yield from run.verdict(ARITHMETIC, page, count in (len(ids), -1), expected, observed=f"{count} items")


def _check_awkward_value(run: CheckRun, listing: FilteredList) -> Iterator[Result]:
    """A condition whose value has to be escaped, encoded and signed."""
    column = listing.columns[0]
    if column.type != "string" or "eq" not in column.operators:
        return
    text = f"{listing.factory.new_name()} {_AWKWARD}"
    _, created = listing.factory.try_create(listing.lifecycle.creator, {column.name: text}, above=listing.objects[0])
    if created is None:
        return
    pager = Pager(
        factory=listing.factory,
        lister=listing.lister,
        created=created,
        query=filter_query(listing.lister, {column.name: {"eq": text}}),
    )
    listed, page, _ = pager.find(created)
    detail = "" if listed else f"{column.name} eq, other than ASCII"
    yield from run.verdict(FILTERED, page, listed, f"the object with the {column.name} {text}", detail=detail)


def _check_orders(run: CheckRun, listing: FilteredList) -> Iterator[Result]:
    filters = listing.lister.filter
    columns = [c for c in listing.columns if filters and c.name in filters.sortable]
    for column in columns:
        for direction in ("asc", "desc"):
            yield from _check_order(run, listing, [(column, direction)])
    if len(columns) > 1:
        yield from _check_order(run, listing, [(columns[0], "desc"), (columns[1], "asc")])


def _check_order(run: CheckRun, listing: FilteredList, terms: list[tuple[Column, str]]) -> Iterator[Result]:
    filters = listing.lister.filter
    sort = json.dumps([{column.name: direction} for column, direction in terms])
    query = {**filter_query(listing.lister, listing.bounds), filters.sort if filters else "sort": sort}
    ids, page = _list_ids(listing, query)
    objects = {str(created.identity): created for created in listing.objects}
    rows = [[_key(c, objects[key].sent[c.name]) for c, _ in terms] for key in ids if key in objects]
    expected = list(rows)
    for place, (_, direction) in reversed(list(enumerate(terms))):
        expected.sort(key=lambda row, place=place: row[place], reverse=direction == "desc")  # type: ignore[misc]
    fine = page.succeeded and rows == expected and len(rows) == len(objects)
    observed = "another order" if len(rows) == len(objects) else f"{len(rows)} of {len(objects)} objects"
    yield from run.verdict(SORTED, page, fine, f"the order {sort}", observed=observed, detail="" if fine else sort)


def _check_narrowing(
    run: CheckRun, factory: ObjectFactory, lister: Operation, lifecycle: Lifecycle
) -> Iterator[Result]:
    """A list narrowed to one value has the own object only if that is its value."""
    if not lister.narrowing:
        return
    created = factory.create(lifecycle.creator)
    for name, words in lister.narrowing:
        own = created.creation.object.get(name)
        others = [word for word in words if word != own]
        for word in [own, *others[:2]] if own in words else []:
            query = {**build_filter_query(lister, created.sent), name: word}
            pager = Pager(factory=factory, lister=lister, created=created, query=query)
            _, page, is_certain = pager.find(created)
            if not is_certain and page.succeeded:
                yield from run.skip(NARROWED, lister, UNKNOWN_END)
                continue
            fine = page.succeeded and is_on_page(page, created) == (word == own)
            expected = f"the own object, whose {name} is {own}" if word == own else f"no object whose {name} is {own}"
            yield from run.verdict(NARROWED, page, fine, expected, detail="" if fine else f"{name}={word}")
            if fine and run.wants(TOTAL, lister) and promises_total(lister):
                yield from _check_total(run, pager, lifecycle.creator, {name: word}, others)


def _check_total(
    run: CheckRun, pager: Pager, creator: Operation, query: Mapping[str, Json], others: list[Json]
) -> Iterator[Result]:
    """A total under a condition, while the list has at least one object that does not fulfil it, if one can be made."""
    (name, word), settable = next(iter(query.items())), {setting.name for setting in creator.settable}
    different = next((one for one in others if one != word), None)
    if name in settable and different is not None:
        pager.factory.try_create(creator, {name: different}, above=pager.created)
    yield from check_narrowed_total(run, replace(pager, query=query), creator.identity)

"""Filters and orders of lists, against a model of four own objects."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..description import Column, Json, Operation
from ..resources import Resource, made_by
from ..results import Result
from .check_context import Exchange, NotPossible, Trial
from .checks.lists import FILTERED, NARROWED, SORTED
from .factory import Making, Thing
from .pager import Walk, condition, holds, narrowed
from .values import moment

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
# Places in the order of each column; letters of one case, so that every collation agrees.
_RANKS = ((0, 2), (1, 1), (1, 0), (2, 1))
_AWKWARD = "Zoë \"\U0001d4b3\" 'é' {}[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A list, four own objects in it, and their values in the columns that can be set."""

    making: Making
    lister: Operation
    resource: Resource
    things: tuple[Thing, ...]
    columns: tuple[Column, ...]
    bounds: Mapping[str, Mapping[str, Json]]

    def walk(self, query: Mapping[str, object]) -> Walk:
        return Walk(making=self.making, lister=self.lister, thing=self.things[0], query=query)


def filtered(trial: Trial, lister: Operation) -> Iterator[Result]:
    """The checks of one list that can be filtered, sorted or narrowed."""
    making, resource = Making(trial), made_by(trial.api, lister)
    if resource is None:
        raise NotPossible("the API has no operation that creates what it lists")
    if lister.filter:
        try:
            model = _model(making, lister, resource)
        except NotPossible:  # a run that was killed may have left the same names; now they are others
            model = _model(making, lister, resource)
        for column in model.columns:
            for word in column.operators:
                yield from _filter(trial, model, column, word)
        yield from _awkward(trial, model)
        yield from _orders(trial, model)
    yield from _narrowed(trial, making, lister, resource)


def _model(making: Making, lister: Operation, resource: Resource) -> Model:
    settable = {s.name: s.kind for s in resource.creator.settings if s.shown}
    columns = [c for c in lister.filter.columns if c.name in settable] if lister.filter else []
    columns = [c for c in columns if (c.type, settable[c.name]) in (("string", "text"), ("date-time", "moment"))]
    if not columns:
        raise NotPossible("nothing that its columns tell can be set")
    columns.sort(key=lambda column: column.type != "string")
    stem = making.name()
    above = making.thing(making.creator(lister.placeholders[-1].creator)) if lister.placeholders else None
    rows: list[dict[str, Json]] = [
        {c.name: _value(c, stem, ranks[i % 2]) for i, c in enumerate(columns)} for ranks in _RANKS
    ]
    return Model(
        making=making,
        lister=lister,
        resource=resource,
        things=_things(making, resource, rows, above),
        columns=tuple(columns),
        bounds={} if above else _bounds(columns, stem),
    )


def _things(making: Making, resource: Resource, rows: list[dict[str, Json]], above: Thing | None) -> tuple[Thing, ...]:
    """An object for each row; two with one name are not possible everywhere."""
    made = [making.thing(resource.creator, row, above=above) for row in rows[:2]]
    more = [making.tried(resource.creator, row, above=above)[1] for row in rows[2:]]
    return (*made, *(thing for thing in more if thing is not None))


def _value(column: Column, stem: str, rank: int) -> str:
    return f"{stem} {'abc'[rank]}" if column.type == "string" else f"2031-05-0{rank + 1}T10:00:00.000+00:00"


def _bounds(columns: list[Column], stem: str) -> Mapping[str, Mapping[str, Json]]:
    """What keeps the objects of others out of a list."""
    for column in columns:
        if column.type == "string" and {"gte", "lte"} <= set(column.operators):
            return {column.name: {"gte": f"{stem} a", "lte": f"{stem} c"}}
    return {}


def _key(column: Column, value: Json) -> Any:
    return moment(value) if column.type == "date-time" else value


def _filter(trial: Trial, model: Model, column: Column, word: str) -> Iterator[Result]:
    pivot = model.things[1].sent[column.name]
    compare = _OPERATORS[word]
    expected = {
        str(thing.identity)
        for thing in model.things
        if compare(_key(column, thing.sent[column.name]), _key(column, pivot))
    }
    # a bound on the same side would hide an operator that does nothing
    bounds = {n: dict(told) for n, told in model.bounds.items()}
    if column.name in bounds:
        sides = {"g": ("gte",), "l": ("lte",), "e": ("gte", "lte")}[word[0]]
        bounds[column.name] = {w: v for w, v in bounds[column.name].items() if w not in sides}
    conditions = {**bounds, column.name: {**bounds.get(column.name, {}), word: pivot}}
    yield from _compared(trial, model, conditions, expected, f"{column.name} {word}")


def _compared(
    trial: Trial, model: Model, conditions: Mapping[str, Mapping[str, Json]], expected: set[str], detail: str
) -> Iterator[Result]:
    found, page = _found(model, condition(model.lister, conditions))
    own = {str(thing.identity) for thing in model.things}
    wrong, lacking = (set(found) & own) - expected, expected - set(found)
    observed = f"{len(wrong)} that do not fit, {len(lacking)} missing"
    fine = page.succeeded and not wrong and not lacking
    told = f"{len(expected)} of the own {len(own)} objects under {json.dumps(conditions, ensure_ascii=False)}"
    yield from trial.verdict(FILTERED, page, fine, told, observed=observed, detail="" if fine else detail)


def _found(model: Model, query: Mapping[str, object]) -> tuple[list[str], Exchange]:
    """The ids of the list in their order, and its last page."""
    found: list[str] = []
    page = model.things[0].made
    for page in model.walk(query).pages():
        found += [str(item.get(model.resource.creator.identity)) for item in page.items]
    return found, page


def _awkward(trial: Trial, model: Model) -> Iterator[Result]:
    """A condition whose value has to be escaped, encoded and signed."""
    column = model.columns[0]
    if column.type != "string" or "eq" not in column.operators:
        return
    text = f"{model.making.name()} {_AWKWARD}"
    _, thing = model.making.tried(model.resource.creator, {column.name: text}, above=model.things[0])
    if thing is None:
        return
    walk = Walk(
        making=model.making,
        lister=model.lister,
        thing=thing,
        query=condition(model.lister, {column.name: {"eq": text}}),
    )
    listed, page = walk.holding(thing)
    detail = "" if listed else f"{column.name} eq, other than ASCII"
    yield from trial.verdict(FILTERED, page, listed, f"the object with the {column.name} {text}", detail=detail)


def _orders(trial: Trial, model: Model) -> Iterator[Result]:
    filters = model.lister.filter
    columns = [c for c in model.columns if filters and c.name in filters.sortable]
    for column in columns:
        for direction in ("asc", "desc"):
            yield from _order(trial, model, [(column, direction)])
    if len(columns) > 1:
        yield from _order(trial, model, [(columns[0], "desc"), (columns[1], "asc")])


def _order(trial: Trial, model: Model, terms: list[tuple[Column, str]]) -> Iterator[Result]:
    filters = model.lister.filter
    sort = json.dumps([{column.name: direction} for column, direction in terms])
    query = {**condition(model.lister, model.bounds), filters.sort if filters else "sort": sort}
    found, page = _found(model, query)
    things = {str(thing.identity): thing for thing in model.things}
    rows = [[_key(c, things[key].sent[c.name]) for c, _ in terms] for key in found if key in things]
    expected = list(rows)
    for place, (_, direction) in reversed(list(enumerate(terms))):
        expected.sort(key=lambda row, place=place: row[place], reverse=direction == "desc")  # type: ignore[misc]
    fine = page.succeeded and rows == expected and len(rows) == len(things)
    observed = "another order" if len(rows) == len(things) else f"{len(rows)} of {len(things)} objects"
    yield from trial.verdict(SORTED, page, fine, f"the order {sort}", observed=observed, detail="" if fine else sort)


def _narrowed(trial: Trial, making: Making, lister: Operation, resource: Resource) -> Iterator[Result]:
    """A list that is asked for one word holds the own object only under the word that it has."""
    if not lister.narrowing:
        return
    thing = making.thing(resource.creator)
    for name, words in lister.narrowing:
        own = thing.made.object.get(name)
        others = [word for word in words if word != own]
        for word in [own, *others[:2]] if own in words else []:
            query = {**narrowed(lister, thing.sent), name: word}
            page = Walk(making=making, lister=lister, thing=thing, query=query).until(lambda p: holds(p, thing))
            fine = page.succeeded and holds(page, thing) == (word == own)
            expected = f"the own object, whose {name} is {own}" if word == own else f"no object whose {name} is {own}"
            yield from trial.verdict(NARROWED, page, fine, expected, detail="" if fine else f"{name}={word}")

"""Which rows a list answers: conditions, order and page, all carried out by the database."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func

from ..errors import invalid
from ..model import Filter, Operation, Pagination
from ..storage.columns import Kind
from ..storage.state import version

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_MOST_KNOWN = 1000
Columns = Callable[[str], ColumnElement[Any] | None]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page and the headers that tell about all pages."""

    rows: list[Row[Any]]
    headers: dict[str, str]


class Totals:
    """How long the lists of a resource are: counting looks at every row, so it is done once for each state."""

    def __init__(self) -> None:
        self._version: tuple[int, int] | None = None
        self._known: dict[tuple[str, str], int] = {}

    def of(self, connection: Connection, chosen: Select[Any]) -> int:
        """How many rows are chosen."""
        counting = chosen.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        now = version(connection)
        if now is None:
            return connection.scalar(counting) or 0
        if now != self._version or len(self._known) >= _MOST_KNOWN:
            self._version, self._known = now, {}
        written = counting.compile(connection)
        asked = str(written), repr(written.params)
        if asked not in self._known:
            self._known[asked] = connection.scalar(counting) or 0
        return self._known[asked]


def page(
    connection: Connection, chosen: Select[Any], operation: Operation, query: Mapping[str, object], totals: Totals
) -> Page:
    """The asked page of the chosen rows; all of them where the list is not paged."""
    paging = operation.pagination
    if paging is None:
        return Page(list(connection.execute(chosen)), {})
    number, limit = _asked(paging, query)
    total = totals.of(connection, chosen)
    rows = connection.execute(chosen.limit(limit).offset((number - 1) * limit)) if (number - 1) * limit < total else ()
    numbers = {
        paging.item_count: total,
        paging.page_count: -(-total // limit),
        paging.page_header: number,
        paging.limit_header: limit,
    }
    return Page(list(rows), {name: str(number) for name, number in numbers.items() if name})


def conditions(filters: Filter | None, query: Mapping[str, object], column: Columns) -> Iterator[ColumnElement[bool]]:
    """The conditions of the filter parameter; all must hold."""
    if filters is None or filters.filter not in query:
        return
    asked = _parsed(filters.filter, query[filters.filter])
    if not isinstance(asked, dict):
        raise _fault(filters.filter, "must be a JSON object of columns")
    for name, tests in asked.items():
        found = column(name)
        if name not in filters.columns or found is None or not isinstance(tests, dict):
            raise _fault(
                filters.filter, f"must name a column and its operators; the columns are {', '.join(filters.columns)}"
            )
        for word, value in tests.items():
            if word not in filters.columns[name] or word not in _OPERATORS:
                raise _fault(filters.filter, f"must use the operators {', '.join(filters.columns[name])}")
            yield _OPERATORS[word](found, accepted(filters.filter, found, value))


def equal(operation: Operation, query: Mapping[str, object], column: Columns) -> Iterator[ColumnElement[bool]]:
    """Query parameters named like a column ask for the objects that have this value."""
    paging, filters = operation.pagination, operation.filter
    own = {paging.page, paging.limit} if paging else set()
    own |= {filters.filter, filters.sort} if filters else set()
    for name in query.keys() - own:
        found = column(name)
        if found is not None:
            yield found == accepted(name, found, query[name])


def order(filters: Filter | None, query: Mapping[str, object], table: Table, key: str, column: Columns) -> list[Any]:
    """The asked order, then by key; empty values come first, and last when descending."""
    terms = []
    for name, direction in _sorting(filters, query):
        found = column(name)
        if filters is None or found is None:
            continue
        terms.append(found.asc().nulls_first() if direction == "asc" else found.desc().nulls_last())
    return [*terms, table.c[key]]


def _sorting(filters: Filter | None, query: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if filters is None or filters.sort not in query:
        return
    asked = _parsed(filters.sort, query[filters.sort])
    pairs = [item for entry in asked for item in entry.items()] if _is_order(asked) else None
    if pairs is None:
        raise _fault(filters.sort, 'must be a JSON list such as [{"name":"asc"}]')
    for name, direction in pairs:
        if name not in filters.sortable or direction not in ("asc", "desc"):
            raise _fault(filters.sort, f"must sort by {', '.join(filters.sortable)}, asc or desc")
        yield name, direction


def _is_order(asked: object) -> bool:
    return isinstance(asked, list) and all(isinstance(entry, dict) and len(entry) == 1 for entry in asked)


def _asked(paging: Pagination, query: Mapping[str, object]) -> tuple[int, int]:
    """Page and limit; the validators have refused what the description does not allow."""
    number, limit = _whole(query.get(paging.page), 1), _whole(query.get(paging.limit), paging.default_limit)
    return max(number, 1), max(min(limit, paging.max_limit), 1)


def _whole(value: object, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default


def _parsed(name: str, text: object) -> Any:
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError):
        raise _fault(name, "must be JSON text") from None


def accepted(name: str, column: ColumnElement[Any], value: object) -> object:
    """The value as the column stores it; a refusal that names the parameter where it does not fit."""
    kind = column.type
    try:
        return kind.accept(value) if isinstance(kind, Kind) else int(str(value))
    except ValueError as error:
        raise _fault(name, str(error)) from None


def _fault(name: str, reason: str) -> Exception:
    return invalid({name: [reason]})

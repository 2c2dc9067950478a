"""Filters, sorts and pages lists, in the database."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, false, func

from ..api import Filter, Operation, Pagination
from ..errors import ApiError, validation_failed
from ..storage.sql_types import ColumnType, Whole
from ..storage.state import version

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_MOST_KNOWN = 1000
_MOST_TERMS = 100  # of an order; a database takes some 2,000
Columns = Callable[[str], ColumnElement[Any] | None]


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page and the page headers."""

    rows: list[Row[Any]]
    headers: dict[str, str]


class RowCounts:
    """Counts rows once for each state of the database: counting reads every row."""

    def __init__(self) -> None:
        self._version: tuple[int, int] | None = None
        self._known: dict[tuple[str, str], int] = {}

    def of(self, connection: Connection, chosen: Select[Any]) -> int:
        """The number of selected rows."""
        counting = chosen.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        now = version(connection)
        if now is None:
            return connection.scalar(counting) or 0
        if now != self._version or len(self._known) >= _MOST_KNOWN:
            self._version, self._known = now, {}
        written = counting.compile(connection)
        parsed = str(written), repr(written.params)
        if parsed not in self._known:
            self._known[parsed] = connection.scalar(counting) or 0
        return self._known[parsed]


def fetch_page(
    connection: Connection, chosen: Select[Any], operation: Operation, query: Mapping[str, object], totals: RowCounts
) -> Page:
    """The requested page; all rows if the list is not paged."""
    paging = operation.pagination
    if paging is None:
        return Page(list(connection.execute(chosen)), {})
    number, limit = _page_and_limit(paging, query, operation.default_limit)
    total = totals.of(connection, chosen)
    rows = connection.execute(chosen.limit(limit).offset((number - 1) * limit)) if (number - 1) * limit < total else ()
    numbers = {
        paging.item_count: total,
        paging.page_count: -(-total // limit),
        paging.page_header: number,
        paging.limit_header: limit,
    }
    return Page(list(rows), {name: str(number) for name, number in numbers.items() if name})


def filter_conditions(
    filters: Filter | None, query: Mapping[str, object], column: Columns
) -> Iterator[ColumnElement[bool]]:
    """The conditions of the filter parameter."""
    if filters is None or filters.filter not in query:
        return
    parsed = _parse_json(filters.filter, query[filters.filter])
    if not isinstance(parsed, dict):
        raise _invalid_parameter(filters.filter, "must be a JSON object of columns")
    known = {one.name: one.operators for one in filters.columns}
    for name, tests in parsed.items():
        column_named = column(name)
        if name not in known or column_named is None or not isinstance(tests, dict):
            raise _invalid_parameter(
                filters.filter, f"must name a column and its operators; the columns are {', '.join(known)}"
            )
        for word, value in tests.items():
            if word not in known[name] or word not in _OPERATORS:
                raise _invalid_parameter(filters.filter, f"must use the operators {', '.join(known[name])}")
            yield _OPERATORS[word](column_named, convert_value(filters.filter, column_named, value))


def equality_conditions(
    operation: Operation, query: Mapping[str, object], column: Columns
) -> Iterator[ColumnElement[bool]]:
    """The conditions of query parameters that are named like a column; what a column cannot hold, no row has."""
    paging, filters = operation.pagination, operation.filter
    own = {paging.page, paging.limit} if paging else set()
    own |= {filters.filter, filters.sort} if filters else set()
    for name in query.keys() - own:
        column_named = column(name)
        if column_named is not None:
            yield _equals(name, column_named, query[name])


def _equals(name: str, column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    try:
        return column == convert_value(name, column, value)
    except ApiError:
        return false()


def sort_terms(
    filters: Filter | None, query: Mapping[str, object], table: Table, key: str, column: Columns
) -> list[Any]:
    """The requested order, then by key; nulls first, and last if descending."""
    terms = []
    for name, direction in _parse_sort(filters, query):
        column_named = column(name)
        if filters is None or column_named is None:
            continue
        terms.append(column_named.asc().nulls_first() if direction == "asc" else column_named.desc().nulls_last())
    return [*terms, table.c[key]]


def _parse_sort(filters: Filter | None, query: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if filters is None or filters.sort not in query:
        return
    parsed = _parse_json(filters.sort, query[filters.sort])
    if not _is_order(parsed):
        raise _invalid_parameter(filters.sort, 'must be a JSON list such as [{"name":"asc"}]')
    if len(parsed) > _MOST_TERMS:
        raise _invalid_parameter(filters.sort, f"must not have more than {_MOST_TERMS} columns")
    for name, direction in (item for entry in parsed for item in entry.items()):
        if name not in filters.sortable or direction not in ("asc", "desc"):
            raise _invalid_parameter(filters.sort, f"must sort by {', '.join(filters.sortable)}, asc or desc")
        yield name, direction


def _is_order(parsed: object) -> bool:
    return isinstance(parsed, list) and all(isinstance(entry, dict) and len(entry) == 1 for entry in parsed)


def _page_and_limit(paging: Pagination, query: Mapping[str, object], default: int) -> tuple[int, int]:
    """Page and limit; the validators have rejected invalid ones."""
    number, limit = _to_int(query.get(paging.page), 1), _to_int(query.get(paging.limit), default)
    return max(number, 1), max(min(limit, paging.max_limit), 1)


def _to_int(value: object, default: int) -> int:
    return int(value) if isinstance(value, int | float) else default


def _parse_json(name: str, text: object) -> Any:
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError):
        raise _invalid_parameter(name, "must be JSON text") from None


def convert_value(name: str, column: ColumnElement[Any], value: object) -> object:
    """The value as the column stores it; raises 422 with the name of the parameter."""
    kind = column.type
    if isinstance(value, list | dict):
        raise _invalid_parameter(name, "must be one value")
    try:
        return (kind if isinstance(kind, ColumnType) else Whole()).accept(value)
    except ValueError as error:
        raise _invalid_parameter(name, str(error)) from None


def _invalid_parameter(name: str, reason: str) -> Exception:
    return validation_failed({name: [reason]})

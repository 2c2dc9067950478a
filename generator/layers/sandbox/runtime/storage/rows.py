"""One row of a table, looked up with almost every request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Result, Row, Table, select
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from .state import execute

_Converters = list[tuple[int, Callable[[Any], Any]]]


class LookUp:
    """Finds the row of a table for which the conditions hold; their values are bound by name.

    For a row of 50 columns SQLAlchemy itself would take 60 us more.
    """

    def __init__(self, table: Table, *where: ColumnElement[bool]) -> None:
        self.statement = select(table).where(*where)
        self._table = table
        self._names = SimpleResultMetaData([column.key for column in table.c])
        self._known: dict[Dialect, _Converters] = {}

    def row(self, connection: Connection, values: Mapping[str, object]) -> Row[Any] | None:
        """The row, if there is one; its members are reached by name and by place."""
        cursor = execute(connection, self.statement, values)
        found = cursor.fetchone()
        if found is None:
            return None
        members = list(found)
        for place, convert in self._converters(connection.dialect, cursor):
            members[place] = convert(members[place])
        rows: Result[Any] = IteratorResult(self._names, iter((members,)))
        return rows.one()

    def _converters(self, dialect: Dialect, cursor: Any) -> _Converters:
        """What makes the values of Python of those of the driver, by the places of the columns that need it."""
        known = self._known.get(dialect)
        if known is None:
            told = zip(self._table.c, cursor.description, strict=True)
            found = [
                column.type.dialect_impl(dialect).result_processor(dialect, code) for column, (_, code, *_) in told
            ]
            known = self._known[dialect] = [(place, convert) for place, convert in enumerate(found) if convert]
        return known

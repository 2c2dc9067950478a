"""Looks up one row of a table by the driver alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Result, Row, Table, select
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

from .state import execute

_Converters = list[tuple[int, Callable[[Any], Any]]]


class RowLookup:
    """Selects one row by conditions with named values.

    For a row of 50 columns SQLAlchemy itself would take 60 us more.
    """

    def __init__(self, table: Table, *where: ColumnElement[bool]) -> None:
        self._statement = select(table).where(*where)
        self._locking = self._statement.with_for_update()  # SQLite, which has one writer, leaves this out
        self._table = table
        self._names = SimpleResultMetaData([column.key for column in table.c])
        self._cached: dict[Dialect, _Converters] = {}

    def get_row(
        self, connection: Connection, values: Mapping[str, object], *where: ColumnElement[bool], lock: bool = False
    ) -> Row[Any] | None:
        """The row, if there is one; its members are reached by name and by place.

        A locked one is as the last transaction left it, and stays so until the end of this one.
        """
        statement = self._locking if lock else self._statement
        if where:
            return connection.execute(statement.where(*where), values).one_or_none()
        cursor = execute(connection, statement, values)
        row = cursor.fetchone()
        if row is None:
            return None
        members = list(row)
        for place, convert in self._converters(connection.dialect, cursor):
            members[place] = convert(members[place])
        rows: Result[Any] = IteratorResult(self._names, iter((members,)))
        return rows.one()

    def _converters(self, dialect: Dialect, cursor: Any) -> _Converters:
        """What makes the values of Python of those of the driver, by the places of the columns that need it."""
        cached = self._cached.get(dialect)
        if cached is None:
            columns = zip(self._table.c, cursor.description, strict=True)
            row = [
                column.type.dialect_impl(dialect).result_processor(dialect, code) for column, (_, code, *_) in columns
            ]
            cached = self._cached[dialect] = [(place, convert) for place, convert in enumerate(row) if convert]
        return cached

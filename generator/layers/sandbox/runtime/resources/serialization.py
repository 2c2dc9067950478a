"""Serializes rows to the members of a response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column, Row

from ..api import Field
from ..storage.sql_types import Moment, iso_datetime

_Writer = Callable[[Any], Any]


class Serializer:
    """Plans once for all rows: the position of each member and its converter.

    `places` are the positions of the columns in a row; `column` returns the column of a member.
    """

    def __init__(self, places: Mapping[str, int], column: Callable[[str], Column[Any] | None]) -> None:
        self._positions = places
        self._column = column
        self._plans: dict[int, list[tuple[str, int | None, bool, _Writer | None]]] = {}

    def members(self, fields: tuple[Field, ...], row: Row[Any]) -> dict[str, Any]:
        """The members of the row, for a response with these fields."""
        members: dict[str, Any] = {}
        for name, place, is_kept, write in self._plans.get(id(fields)) or self._plan(fields):
            value = None if place is None else row[place]
            if value is not None:
                members[name] = write(value) if write else value
            elif is_kept:
                members[name] = None
        return members

    def _plan(self, fields: tuple[Field, ...]) -> list[tuple[str, int | None, bool, _Writer | None]]:
        plan = self._plans[id(fields)] = []  # an id is good: the description lives as long as this does
        for field in fields:
            column = self._column(field.name)
            place = None if column is None else self._positions[column.key]
            plan.append((field.name, place, field.nullable or field.required, _writer_for(field, column)))
        return plan


def _writer_for(field: Field, column: Column[Any] | None) -> _Writer | None:
    """The converter of a stored value to a response value; None if they are the same."""
    if field.digits:
        return str
    if column is None or not isinstance(column.type, Moment):
        return None
    return _seconds if field.epoch else iso_datetime


def _seconds(since: int) -> int:
    return since // 1000

"""The members of an answer, written from a row of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column, Row

from ..model import Field
from ..storage.columns import Moment, iso

_Writer = Callable[[Any], Any]


class Writing:
    """Looks up once, for all rows, where each member stands and what writes it.

    `places` are those of the columns in a row; `column` tells the column of a member.
    """

    def __init__(self, places: Mapping[str, int], column: Callable[[str], Column[Any] | None]) -> None:
        self._places = places
        self._column = column
        self._known: dict[int, list[tuple[str, int | None, bool, _Writer | None]]] = {}

    def members(self, fields: tuple[Field, ...], row: Row[Any]) -> dict[str, Any]:
        """What an answer with these fields tells about the row."""
        members: dict[str, Any] = {}
        for name, place, is_kept, write in self._known.get(id(fields)) or self._looked_up(fields):
            value = None if place is None else row[place]
            if value is not None:
                members[name] = write(value) if write else value
            elif is_kept:
                members[name] = None
        return members

    def _looked_up(self, fields: tuple[Field, ...]) -> list[tuple[str, int | None, bool, _Writer | None]]:
        known = self._known[id(fields)] = []  # an id is good: the description lives as long as this does
        for told in fields:
            column = self._column(told.name)
            place = None if column is None else self._places[column.key]
            known.append((told.name, place, told.nullable or told.required, _writer(told, column)))
        return known


def _writer(told: Field, column: Column[Any] | None) -> _Writer | None:
    """What makes the answered value of the stored one; None where they are the same."""
    if told.digits:
        return str
    if column is None or not isinstance(column.type, Moment):
        return None
    return _seconds if told.epoch else iso


def _seconds(since: int) -> int:
    return since // 1000

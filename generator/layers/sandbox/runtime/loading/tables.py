"""The tables: one for each resource, its columns typed from every schema that the versions have of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sql

from procwise_sandbox.description import Operation, Project, Property
from procwise_sandbox.loading.names import distinct, snake

from ..api import Resource
from ..storage.sql_types import TENANT, Anything, ColumnType, Key, Moment, Whole, Words
from .column_types import column_type, common_type
from .initial import initial_value

_STORED = ("list", "show", "create", "update", "replace")
_STAMPS = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a table holds. `above` are the columns with the keys of the objects above, by their resources."""

    name: str
    title: str
    key: str
    numbered: bool
    columns: Mapping[str, type[ColumnType] | None]
    above: Mapping[str, str]


class Tables:
    """The tables of all versions, those above before those below."""

    def __init__(self, project: Project) -> None:
        self.metadata = sql.MetaData()
        uses: dict[str, _Uses] = {}
        for operation in (one for api in project.apis for one in api.operations):
            uses.setdefault(operation.resource, _Uses(operation.resource)).add(operation)
        self.build_table = {name: used.build_table() for name, used in uses.items()}
        self._titles = {one.title: one for one in reversed(self.build_table.values())}
        self.resources = tuple(self._resource(uses[name]) for name in _sort_tables(self.build_table))

    def of_object(self, operation: Operation) -> Stored:
        """The table of the objects in the response, which may be of another resource than the operation."""
        title = operation.object.resolve().name if operation.object else ""
        own = self.build_table[operation.resource]
        return own if own.title == title else self._titles.get(title, own)

    def _resource(self, uses: _Uses) -> Resource:
        stored = self.build_table[uses.name]
        shown = {name: use for name, use in uses.never_null.items() if name != stored.key}
        now = tuple(name for name in shown if name in _STAMPS or stored.columns[name] is Moment)
        random = tuple(name for name, (_, one) in shown.items() if one.secret and stored.columns[name] is Words)
        filled = {*now, *random, *stored.above.values()}
        return Resource(
            name=stored.name,
            title=stored.title,
            table=self._table(stored),
            key=stored.key,
            numbered=stored.numbered,
            initial={name: initial_value(*use) for name, use in shown.items() if name not in filled},
            now=now,
            random=random,
        )

    def _table(self, stored: Stored) -> sql.Table:
        names = distinct([TENANT, *(_sql_name(name) for name in (stored.key, *stored.columns))])[2:]
        resources = {column: resource for resource, column in stored.above.items() if resource}
        return sql.Table(
            snake(stored.name),
            self.metadata,
            sql.Column(_sql_name(stored.key), Key if stored.numbered else Words, key=stored.key, primary_key=True),
            sql.Column(TENANT, sql.Integer, nullable=False, index=True),
            *(
                self._column(name, sql_name, kind, resources.get(name, ""))
                for (name, kind), sql_name in zip(stored.columns.items(), names, strict=True)
            ),
            sqlite_autoincrement=stored.numbered,
        )

    def _column(self, name: str, sql_name: str, kind: type[ColumnType] | None, resource: str) -> sql.Column[object]:
        if not resource:
            return sql.Column(sql_name, kind or Anything, key=name)
        above = self.build_table[resource]
        target = sql.ForeignKey(f"{snake(resource)}.{_sql_name(above.key)}", ondelete="CASCADE")
        return sql.Column(sql_name, Key if above.numbered else Words, target, key=name, index=True)


@dataclass(frozen=True, slots=True)
class _Uses:
    """The operations of a resource, of all versions.

    `shown` are the members of responses; `never_null` those of them that are, with the last operation that has each.
    """

    name: str
    operations: list[Operation] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    never_null: dict[str, tuple[Operation, Property]] = field(default_factory=dict)
    types: dict[str, set[type[ColumnType] | None]] = field(default_factory=dict)

    def add(self, operation: Operation) -> None:
        self.operations.append(operation)
        if operation.kind not in _STORED:
            return
        for member in (one for one in operation.settings if _has_column(one)):
            self.types.setdefault(member.name, set()).add(column_type(member.schema))
        for member in operation.members:
            self.shown.add(member.name)
            if member.required and not member.schema.nullable:
                self.never_null[member.name] = operation, member
            self.types.setdefault(member.name, set()).add(column_type(member.schema))

    def build_table(self) -> Stored:
        items = (one.item for one in self.operations)
        key = next((item for item in items if item in self.shown), "id")
        above = self._above(key)
        types = {name: common_type(found) for name, found in self.types.items()}
        columns = dict.fromkeys(above, Words) | {name: kind for name, kind in types.items() if name != key}
        columns |= dict.fromkeys((column for column, resource in above.items() if resource), None)
        return Stored(
            name=self.name,
            title=self._title(),
            key=key,
            numbered=types.get(key) in (Whole, None),
            columns=columns,
            above={resource: column for column, resource in above.items()},
        )

    def _title(self) -> str:
        objects = (one.object.resolve().name for one in self.operations if one.object and one.kind in _STORED)
        return next((title for title in objects if title), self.name)

    def _above(self, key: str) -> dict[str, str]:
        """The columns that hold the keys of the objects above, with the resources of these."""
        found: dict[str, str] = {}
        for operation in self.operations:
            for parent in operation.parents if operation.kind not in ("action", "toggle") else ():
                name = parent.placeholder if parent.placeholder != key else f"{parent.resource}_{parent.placeholder}"
                if parent.resource not in found.values() or (name in self.shown and name not in found):
                    found = {column: above for column, above in found.items() if above != parent.resource or not above}
                    found[name] = parent.resource
        return found


def _has_column(member: Property) -> bool:
    """Passwords are only compared and files are kept in a folder: neither has a column of its own."""
    return member.schema.format != "binary" and not dict(member.schema.further).get("writeOnly")


def _sql_name(member: str) -> str:
    try:
        return snake(member)
    except ValueError:  # no letter and no digit
        return "column"


def _sort_tables(stored: Mapping[str, Stored]) -> Iterator[str]:
    waiting = dict(stored)
    while waiting:
        free = [name for name, one in waiting.items() if not (one.above.keys() - {name, ""}) & waiting.keys()]
        for name in free or list(waiting):  # a circle of resources keeps its order
            yield name
            del waiting[name]

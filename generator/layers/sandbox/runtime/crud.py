"""What every resource can do: list, show, create, update, destroy. A resource overrides what is special."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Column, ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from . import listing
from .columns import TENANT, Kind, Moment, iso
from .jobs import Jobs
from .model import Field, Operation, Parent, Resource
from .refusals import Refusal, invalid, no_such_object
from .users import User

_TAKEN = "has already been taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One verified request, with its parameters typed by the description."""

    connection: Connection
    user: User
    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Mapping[str, object]
    now_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call answers: a JSON object, or a file. `after` runs once the state is committed."""

    content: object = None
    file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[], None] | None = None


Handler = Callable[[Call], Answer]


class Crud:
    """The behaviour of one resource over its table.

    `needs` are the columns without which a special behaviour does not fit, `aliases` maps a member's
    name to the column that holds it under another name, `unique` are the groups of columns of which
    no two rows may be equal.
    """

    needs: ClassVar[frozenset[str]] = frozenset()
    aliases: ClassVar[Mapping[str, str]] = {}
    unique: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def __init__(self, resource: Resource, resources: Mapping[str, Resource], jobs: Jobs) -> None:
        self.resource = resource
        self.table = resource.table
        self.resources = resources
        self.jobs = jobs

    def handler(self, operation: Operation) -> Handler | None:
        """What carries out the operation, or None: an operation is never answered without behaviour."""
        kinds: dict[str, Handler] = {
            "list": self.index,
            "show": self.show,
            "create": self.create,
            "update": self.update,
            "destroy": self.destroy,
        }
        return self.actions().get(operation.name) or kinds.get(operation.kind)

    def actions(self) -> Mapping[str, Handler]:
        """The operations beyond the usual five, by name."""
        return {}

    def complete(self, connection: Connection, user: User, values: dict[str, Any]) -> None:
        """Fills in what a new object has beyond what was sent."""

    def derive(self, values: dict[str, Any]) -> None:
        """Fills in what follows from the values that were sent."""

    def adjust(self, row: Row[Any], members: dict[str, Any]) -> None:
        """Changes what an answer tells about a row."""

    def index(self, call: Call) -> Answer:
        operation = call.operation
        where = [*self.scope(call), *self._equal(call), *listing.conditions(operation.filter, call.query, self.column)]
        order = listing.order(operation.filter, call.query, self.table, self.resource.key, self.column)
        page = listing.page(call.connection, select(self.table).where(*where).order_by(*order), operation, call.query)
        return self._enveloped(operation, [self.shown(operation, row) for row in page.rows], page.headers)

    def show(self, call: Call) -> Answer:
        return self._one(call.operation, self.find(call))

    def create(self, call: Call) -> Answer:
        above = self._above(call)
        values = {**self.accepted(call), **{column: key for column, key, _ in above}}
        tenants = [tenant for *_, tenant in above if tenant is not None]
        key = self.add(call.connection, call.user, values, call.now_ms, tenant=tenants[-1] if tenants else None)
        return self._one(call.operation, self._row(call.connection, key))

    def update(self, call: Call) -> Answer:
        row, values = self.find(call), self.accepted(call)
        self.derive(values)
        if "updated_at" in self.resource.now:
            values["updated_at"] = call.now_ms
        key = row._mapping[self.table.c[self.resource.key]]
        if values:
            chosen = update(self.table).where(self.table.c[self.resource.key] == key)
            self._kept_unique(lambda: call.connection.execute(chosen.values(self._by_column(values))))
        return self._one(call.operation, self._row(call.connection, key))

    def destroy(self, call: Call) -> Answer:
        row = self.find(call)
        key = self.table.c[self.resource.key]
        call.connection.execute(delete(self.table).where(key == row._mapping[key]))
        return self._enveloped(call.operation, {}) if not call.operation.envelope else self._one(call.operation, row)

    def add(
        self, connection: Connection, user: User, values: Mapping[str, Any], now_ms: int, *, tenant: int | None = None
    ) -> Any:
        """Stores a new object and tells its key; it belongs to the `tenant`, or to the user's institute."""
        full: dict[str, Any] = dict.fromkeys(self.resource.now, now_ms)
        full |= {name: secrets.token_hex(16) for name in self.resource.random}
        full |= {} if self.resource.numbered else {self.resource.key: str(uuid.uuid4())}
        full |= values
        full[TENANT] = user.institute_id if tenant is None else tenant
        self.complete(connection, user, full)
        self.derive(full)
        full = {**self.resource.initial, **full}
        known = {name: value for name, value in full.items() if name in self.table.c}
        result = self._kept_unique(lambda: connection.execute(insert(self.table).values(self._by_column(known))))
        return result.inserted_primary_key[0]

    def find(self, call: Call) -> Row[Any]:
        """The object that the path names, if the user may see it; a refusal with 404 otherwise."""
        key = self.table.c[self.resource.key]
        value = _key(key, call.path[call.operation.item])
        where = [*self.scope(call), key == value]
        row = call.connection.execute(select(self.table).where(*where)).one_or_none() if value is not None else None
        if row is None:
            raise no_such_object(self.resource.title, self.resource.key, call.path[call.operation.item])
        return row

    def scope(self, call: Call) -> list[ColumnElement[bool]]:
        """What limits the visible objects: the user's institute, and the objects above in the path."""
        within = [self.table.c[column] == key for column, key, _ in self._above(call)]
        return within if call.user.sees_all else [self.table.c[TENANT] == call.user.institute_id, *within]

    def shown(self, operation: Operation, row: Row[Any]) -> dict[str, Any]:
        """What an answer tells about a row."""
        members: dict[str, Any] = {}
        for told in operation.fields:
            column = self.column(told.name)
            value = None if column is None else row._mapping[column]
            if value is not None or told.nullable or told.required:
                members[told.name] = _told(told, column, value)
        self.adjust(row, members)
        return members

    def accepted(self, call: Call) -> dict[str, Any]:
        """The settings that were sent, by column, as they are stored."""
        values: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for name, value in call.body.items():
            column = self.column(name)
            if column is None or name == self.resource.key or not isinstance(column.type, Kind):
                continue
            try:
                values[column.key] = None if value is None else column.type.accept(value)
            except ValueError as error:
                errors[name] = [str(error)]
        if errors:
            raise invalid(errors)
        return values

    def column(self, name: str) -> Column[Any] | None:
        """The column that holds the member of that name."""
        alias = self.aliases.get(name, name)
        return self.table.c.get(alias if alias in self.table.c else name)

    def _above(self, call: Call) -> list[tuple[str, Any, int | None]]:
        """Of each object above in the path: the column that holds its key, its key, its institute."""
        return [(parent.column, *self._parent(call, parent)) for parent in call.operation.parents]

    def _parent(self, call: Call, parent: Parent) -> tuple[Any, int | None]:
        text = call.path[parent.parameter]
        if not parent.resource:
            return _key(self.table.c[parent.column], text), None
        above = self.resources[parent.resource]
        key = above.table.c[above.key]
        value = _key(key, text)
        visible = [] if call.user.sees_all else [above.table.c[TENANT] == call.user.institute_id]
        chosen = select(above.table.c[TENANT]).where(key == value, *visible)
        tenant = None if value is None else call.connection.scalar(chosen)
        if tenant is None:
            raise no_such_object(above.title, above.key, text)
        return value, tenant

    def _equal(self, call: Call) -> Iterator[ColumnElement[bool]]:
        """Query parameters named like a column ask for the objects that have this value."""
        paging, filters = call.operation.pagination, call.operation.filter
        own = {paging.page, paging.limit} if paging else set()
        own |= {filters.filter, filters.sort} if filters else set()
        for name in call.query.keys() - own:
            column = self.column(name)
            if column is not None:
                yield column == listing.accepted(name, column, call.query[name])

    def _row(self, connection: Connection, key: Any) -> Row[Any]:
        return connection.execute(select(self.table).where(self.table.c[self.resource.key] == key)).one()

    def _one(self, operation: Operation, row: Row[Any]) -> Answer:
        return self._enveloped(operation, self.shown(operation, row))

    def _enveloped(self, operation: Operation, content: object, headers: Mapping[str, str] | None = None) -> Answer:
        return Answer(content={operation.envelope: content} if operation.envelope else content, headers=headers or {})

    def _by_column(self, values: Mapping[str, Any]) -> dict[Any, Any]:
        return {self.table.c[name]: value for name, value in values.items()}

    def _kept_unique(self, write: Callable[[], Any]) -> Any:
        try:
            return write()
        except IntegrityError:
            raise self._taken() from None

    def _taken(self) -> Refusal:
        names = [group[-1] for group in self.unique] or [self.resource.key]
        return invalid({name: [_TAKEN] for name in names})


def _key(column: ColumnElement[Any], text: str) -> Any:
    """A path segment as a key; None where no object can have it."""
    if isinstance(column.type, Kind):
        try:
            return column.type.accept(text)
        except ValueError:
            return None
    digits = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if digits else None


def _told(told: Field, column: Column[Any] | None, value: Any) -> Any:
    if value is None or column is None or not isinstance(column.type, Moment):
        return value
    return value // 1000 if told.epoch else iso(value)

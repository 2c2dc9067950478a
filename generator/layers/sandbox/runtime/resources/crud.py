"""What every resource can do: list, show, create, update, destroy. A resource overrides what is special."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import Column, ColumnElement, Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..errors import Refusal, invalid, no_such_object
from ..http.accounts import User
from ..http.context import Answer, Call, Handler, enveloped
from ..http.links import Links
from ..model import Operation, Parent, Resource
from ..storage.columns import TENANT, Kind, key_in
from ..storage.files import Files
from ..storage.jobs import Jobs
from ..storage.rows import LookUp
from . import listing
from .serialization import Writing

_TAKEN = "has already been taken"
_MISSING = "must exist"


@dataclass(frozen=True, slots=True)
class Shared:
    """The behaviours by resource, the background jobs, the files, and the links to files."""

    behaviours: dict[str, Crud]
    jobs: Jobs
    files: Files
    links: Links


class Crud:
    """The behaviour of one resource over its table.

    `needs` are the columns without which a special behaviour does not fit, `beside` the resources.
    `aliases` maps a member's name to the column that holds it under another name, `unique` are the
    groups of columns of which no two rows may be equal, whatever the capitals in those that are `caseless`.
    `references` maps a column to the resource whose keys it holds, `cascades` are those of them whose rows
    go with the object that they refer to. The objects of a `common` resource are seen by the users of every
    institute. `known_as` is what refusals call an object where they do not call it what the description does.
    """

    needs: ClassVar[frozenset[str]] = frozenset()
    beside: ClassVar[frozenset[str]] = frozenset()
    aliases: ClassVar[Mapping[str, str]] = {}
    unique: ClassVar[tuple[tuple[str, ...], ...]] = ()
    caseless: ClassVar[frozenset[str]] = frozenset()
    references: ClassVar[Mapping[str, str]] = {}
    cascades: ClassVar[frozenset[str]] = frozenset()
    common: ClassVar[bool] = False
    known_as: ClassVar[str] = ""

    def __init__(self, resource: Resource, shared: Shared) -> None:
        self.resource = resource
        self.title = self.known_as or resource.title
        self.table = resource.table
        self.key: Column[Any] = resource.table.c[resource.key]
        self.shared = shared
        by_key = self.key == bindparam("key")
        self._anybodys = LookUp(self.table, by_key)
        self._own = LookUp(self.table, by_key, self.table.c[TENANT] == bindparam("institute"), *self.hidden())
        self._insert = insert(self.table)
        self._totals = listing.Totals()
        self._places = {column.key: place for place, column in enumerate(self.table.c)}
        self._writing = Writing(self._places, self.column)

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

    def settle(self, connection: Connection, key: Any, values: Mapping[str, Any]) -> None:
        """Does what needs the key of a new object."""

    def release(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:  # noqa: ARG002  # overridden
        """Ends what lies outside the tables about objects that go; the names of their files."""
        return []

    def adjust(self, call: Call, row: Row[Any], members: dict[str, Any]) -> None:
        """Changes what an answer tells about a row."""

    def index(self, call: Call) -> Answer:
        operation, told = call.operation, partial(self.told, call)
        where = [*self.scope(call), *listing.equal(operation, call.query, told)]
        where += listing.conditions(operation.filter, call.query, told)
        order = listing.order(operation.filter, call.query, self.table, self.resource.key, told)
        chosen = select(self.table).where(*where).order_by(*order)
        page = listing.page(call.connection, chosen, operation, call.query, self._totals)
        return self.many(call, page.rows, page.headers)

    def show(self, call: Call) -> Answer:
        return self.one(call, self.find(call))

    def create(self, call: Call) -> Answer:
        return self.one(call, self.made(call))

    def made(self, call: Call, facts: Mapping[str, Any] | None = None) -> Row[Any]:
        """The object that the call asks for, stored; `facts` are values that no setting tells."""
        above = self._above(call)
        values = {**self.accepted(call), **(facts or {}), **{column: key for column, key, _ in above}}
        tenants = [tenant for *_, tenant in above if tenant is not None]
        key = self.add(call.connection, call.user, values, call.now_ms, tenant=tenants[-1] if tenants else None)
        return self.row(call.connection, key)

    def update(self, call: Call) -> Answer:
        row, values = self.find(call), self.accepted(call)
        self.derive(values)
        self.change(call, self.key_of(row), values)
        return self.one(call, self.row(call.connection, self.key_of(row)))

    def change(self, call: Call, key: Any, values: Mapping[str, Any]) -> None:
        """Stores new values of an object."""
        stamp = {"updated_at": call.now_ms} if "updated_at" in self.resource.now else {}
        known = self.stored({**values, **stamp})
        if known:
            chosen = update(self.table).where(self.key == key)
            self._kept_unique(lambda: call.connection.execute(chosen, known))

    def destroy(self, call: Call) -> Answer:
        row = self.find(call)
        itself = self.key == self.key_of(row)
        files = self.release(call.connection, itself)
        call.connection.execute(delete(self.table).where(itself))
        answer = self.one(call, row) if call.operation.envelope else Answer(content={})
        return replace(answer, after=partial(self.shared.files.remove, files)) if files else answer

    def add(
        self, connection: Connection, user: User, values: Mapping[str, Any], now_ms: int, *, tenant: int | None = None
    ) -> Any:
        """Stores a new object and tells its key; it belongs to the `tenant`, or to the user's institute."""
        full = self.new(connection, user, values, now_ms, tenant=tenant)
        result = self._kept_unique(lambda: connection.execute(self._insert, self.stored(full)))
        key = result.inserted_primary_key[0]
        self.settle(connection, key, full)
        return key

    def new(
        self, connection: Connection, user: User, values: Mapping[str, Any], now_ms: int, *, tenant: int | None = None
    ) -> dict[str, Any]:
        """All values of a new object."""
        full: dict[str, Any] = dict.fromkeys(self.resource.now, now_ms)
        full |= {name: secrets.token_hex(16) for name in self.resource.random}
        full |= {} if self.resource.numbered else {self.resource.key: str(uuid.uuid4())}
        full |= values
        full[TENANT] = user.institute_id if tenant is None else tenant
        self.complete(connection, user, full)
        self.derive(full)
        return {**self.resource.initial, **full}

    def stored(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that have a column. Handed over beside a statement, they leave it compiled: 500 us."""
        return {name: value for name, value in values.items() if name in self.table.c}

    def find(self, call: Call) -> Row[Any]:
        """The object that the path names, if the user may see it; a refusal with 404 otherwise."""
        return self.named(call, call.path[call.operation.item], *self._within(call))

    def named(self, call: Call, value: object, *where: ColumnElement[bool]) -> Row[Any]:
        """The object with that key, if the user may see it; a refusal with 404 otherwise."""
        row = self.seen(call, value, *where)
        if row is None:
            raise no_such_object(self.title, self.resource.key, value)
        return row

    def seen(self, call: Call, value: object, *where: ColumnElement[bool]) -> Row[Any] | None:
        """The object with that key, if there is one that the user may see."""
        key = key_in(self.key, str(value))
        if key is None:
            return None
        chosen = self._own if self._is_limited(call) else self._anybodys
        values = {"key": key, "institute": call.user.institute_id}
        if where:
            return call.connection.execute(chosen.statement.where(*where), values).one_or_none()
        return chosen.row(call.connection, values)

    def row(self, connection: Connection, key: Any) -> Row[Any]:
        """The object with that key, whoever may see it."""
        found = self._anybodys.row(connection, {"key": key})
        if found is None:
            raise LookupError(f"no {self.resource.name} has the key {key}")
        return found

    def key_of(self, row: Row[Any]) -> Any:
        return row[self._places[self.key.key]]

    def hidden(self) -> list[ColumnElement[bool]]:
        """What does not hold for the objects that only a superuser may see."""
        return []

    def tenancy(self, call: Call) -> list[ColumnElement[bool]]:
        """What limits the visible objects to those of the user's institute."""
        own = self.table.c[TENANT] == call.user.institute_id
        return [own, *self.hidden()] if self._is_limited(call) else []

    def _is_limited(self, call: Call) -> bool:
        return not (self.common or call.user.sees_all)

    def scope(self, call: Call) -> list[ColumnElement[bool]]:
        """What limits the visible objects: the user's institute, and the objects above in the path."""
        return [*self.tenancy(call), *self._within(call)]

    def one(self, call: Call, row: Row[Any]) -> Answer:
        """The answer with one object, in the envelope of the operation."""
        return enveloped(call.operation, self.shown(call, row))

    def many(self, call: Call, rows: Iterable[Row[Any]], headers: Mapping[str, str] | None = None) -> Answer:
        """The answer with a list of objects."""
        return enveloped(call.operation, [self.shown(call, row) for row in rows], headers)

    def shown(self, call: Call, row: Row[Any]) -> dict[str, Any]:
        """What an answer tells about a row."""
        members = self._writing.members(call.operation.fields, row)
        self.adjust(call, row, members)
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
        if errors := errors or self._dangling(call, values):
            raise invalid(errors)
        return values

    def column(self, name: str) -> Column[Any] | None:
        """The column that holds the member of that name."""
        alias = self.aliases.get(name, name)
        return self.table.c.get(alias if alias in self.table.c else name)

    def told(self, call: Call, name: str) -> ColumnElement[Any] | None:  # noqa: ARG002  # overridden
        """What the database compares and sorts by where a list is asked for that member."""
        return self.column(name)

    def _above(self, call: Call) -> list[tuple[str, Any, int | None]]:
        """Of each object above in the path: the column that holds its key, its key, its institute."""
        return [(parent.column, *self._parent(call, parent)) for parent in call.operation.parents]

    def _parent(self, call: Call, parent: Parent) -> tuple[Any, int | None]:
        text = call.path[parent.parameter]
        above = self.shared.behaviours.get(parent.resource)
        if above is None:
            return key_in(self.table.c[parent.column], text), None
        row = above.named(call, text)
        return above.key_of(row), row._mapping[TENANT]

    def _within(self, call: Call) -> list[ColumnElement[bool]]:
        return [self.table.c[column] == key for column, key, _ in self._above(call)]

    def _dangling(self, call: Call, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """The settings that refer to objects that are not there, or that the user may not see."""
        others = {column: self.shared.behaviours.get(name) for column, name in self.references.items()}
        sent = [(column, other) for column, other in others.items() if other and values.get(column) is not None]
        return {column: [_MISSING] for column, other in sent if other.seen(call, values[column]) is None}

    def _kept_unique(self, write: Callable[[], Any]) -> Any:
        try:
            return write()
        except IntegrityError:
            raise self._taken() from None

    def _taken(self) -> Refusal:
        names = [group[-1] for group in self.unique] or [self.resource.key]
        return invalid({name: [_TAKEN] for name in names})

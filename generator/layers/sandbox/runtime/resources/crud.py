"""List, show, create, update and destroy objects of a resource. Subclasses override what is special."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import Column, ColumnElement, Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..api import Operation, ParentColumn, Resource
from ..errors import record_not_found, validation_failed
from ..http.accounts import User
from ..http.context import Handler, HandlerResult, RequestContext, wrap_content
from ..http.roles import READS
from ..http.signed_links import Links
from ..storage.files import Files
from ..storage.jobs import Jobs
from ..storage.rows import RowLookup
from ..storage.sql_types import TENANT, ColumnType, parse_key
from . import listing
from .serialization import Serializer
from .toggles import toggle

_TAKEN = "has already been taken"
_MISSING = "must exist"


@dataclass(frozen=True, slots=True)
class Shared:
    """What all resources share: one another, the background jobs, the files, and the links to files."""

    resources: dict[str, Crud]
    jobs: Jobs
    files: Files
    links: Links


class Crud:
    """Handles the operations of one resource over its table.

    `required_columns` and `required_resources` are what a subclass needs of a description to be used.
    `aliases` maps a member's name to the column that holds it under another name, `unique` are the
    groups of columns of which no two rows may be equal, whatever the capitals in those that are `caseless`.
    `references` maps a column to the resource whose keys it holds, `cascades` are those of them whose rows
    go with the object that they refer to. The objects of a `common` resource are seen by the users of every
    institute. `error_title` is the name of an object in errors, if it is not the title in the description.
    """

    required_columns: ClassVar[frozenset[str]] = frozenset()
    required_resources: ClassVar[frozenset[str]] = frozenset()
    aliases: ClassVar[Mapping[str, str]] = {}
    unique: ClassVar[tuple[tuple[str, ...], ...]] = ()
    caseless: ClassVar[frozenset[str]] = frozenset()
    references: ClassVar[Mapping[str, str]] = {}
    cascades: ClassVar[frozenset[str]] = frozenset()
    common: ClassVar[bool] = False
    error_title: ClassVar[str] = ""

    def __init__(self, resource: Resource, shared: Shared) -> None:
        self.resource = resource
        self.title = self.error_title or resource.title
        self.table = resource.table
        self.key: Column[Any] = resource.table.c[resource.key]
        self.shared = shared
        self._lookup_any = RowLookup(self.table, by_key := self.key == bindparam("key"))
        own = by_key, self.table.c[TENANT] == bindparam("institute"), *self.hidden_conditions()
        self._lookup_own = RowLookup(self.table, *own)
        self._insert = insert(self.table)
        self._counts = listing.RowCounts()
        self._positions = {column.key: place for place, column in enumerate(self.table.c)}
        self._serializer = Serializer(self._positions, self.column)

    def handler(self, operation: Operation) -> Handler | None:
        """The handler of the operation: its own by id, or that of its kind; None if there is neither."""
        kinds: dict[str, Handler] = {
            "list": self.list_objects,
            "show": self.show,
            "create": self.create,
            "update": self.update,
            "replace": self.update,
            "delete": self.destroy,
            "toggle": partial(toggle, self),
        }
        return self.named_handlers().get(operation.id) or kinds.get(operation.kind)

    def named_handlers(self) -> Mapping[str, Handler]:
        """The handlers of operations that are special, by operation id."""
        return {}

    def before_create(self, connection: Connection, user: User, values: dict[str, Any]) -> None:
        """Fills in the values of a new object beyond its settings."""

    def derive(self, values: dict[str, Any]) -> None:
        """Fills in values that follow from others."""

    def after_create(self, connection: Connection, key: Any, values: Mapping[str, Any]) -> None:
        """Does what needs the key of the new object."""

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:  # noqa: ARG002  # overridden
        """Deletes what other tables hold about the objects; returns the names of their files."""
        return []

    def after_serialize(self, context: RequestContext, row: Row[Any], members: dict[str, Any]) -> None:
        """Changes the members of a row in a response."""

    def list_objects(self, context: RequestContext) -> HandlerResult:
        operation, column_for = context.operation, partial(self.column_for, context)
        where = [*self.scope_conditions(context), *listing.equality_conditions(operation, context.query, column_for)]
        where += listing.filter_conditions(operation.filter, context.query, column_for)
        terms = listing.sort_terms(operation.filter, context.query, self.table, self.resource.key, column_for)
        chosen = select(self.table).where(*where).order_by(*terms)
        page = listing.fetch_page(context.connection, chosen, operation, context.query, self._counts)
        return self.respond_many(context, page.rows, page.headers)

    def show(self, context: RequestContext) -> HandlerResult:
        return self.respond_one(context, self.find_requested(context))

    def create(self, context: RequestContext) -> HandlerResult:
        return self.respond_one(context, self.insert_requested(context))

    def insert_requested(self, context: RequestContext, facts: Mapping[str, Any] | None = None) -> Row[Any]:
        """Inserts the object of the request; `facts` are values beyond its settings."""
        above = self.parent_keys(context)
        values = {**self.parse_settings(context), **(facts or {}), **{column: key for column, key, _ in above}}
        tenants = [tenant for *_, tenant in above if tenant is not None]
        key = self.insert(
            context.connection, context.user, values, context.now_ms, tenant=tenants[-1] if tenants else None
        )
        return self.get_row(context.connection, key)

    def update(self, context: RequestContext) -> HandlerResult:
        row, values = self.find_requested(context), self.parse_settings(context)
        self.derive(values)
        self.store_changes(context, self.key_of(row), values)
        return self.respond_one(context, self.get_row(context.connection, self.key_of(row)))

    def store_changes(self, context: RequestContext, key: Any, values: Mapping[str, Any]) -> None:
        """Stores new values of an object."""
        stamp = {"updated_at": context.now_ms} if "updated_at" in self.resource.now else {}
        known = self.column_values({**values, **stamp})
        if known:
            chosen = update(self.table).where(self.key == key)
            self._write_unique(lambda: context.connection.execute(chosen, known))

    def destroy(self, context: RequestContext) -> HandlerResult:
        row = self.find_requested(context)
        itself = self.key == self.key_of(row)
        files = self.before_delete(context.connection, itself)
        context.connection.execute(delete(self.table).where(itself))
        result = self.respond_one(context, row) if context.operation.wrapper else HandlerResult(content={})
        return replace(result, after=partial(self.shared.files.remove, files)) if files else result

    def insert(
        self, connection: Connection, user: User, values: Mapping[str, Any], now_ms: int, *, tenant: int | None = None
    ) -> Any:
        """Inserts an object and returns its key; it belongs to the `tenant`, or to the user's institute."""
        full = self.new_values(connection, user, values, now_ms, tenant=tenant)
        result = self._write_unique(lambda: connection.execute(self._insert, self.column_values(full)))
        key = result.inserted_primary_key[0]
        self.after_create(connection, key, full)
        return key

    def new_values(
        self, connection: Connection, user: User, values: Mapping[str, Any], now_ms: int, *, tenant: int | None = None
    ) -> dict[str, Any]:
        """All values of a new object."""
        full: dict[str, Any] = dict.fromkeys(self.resource.now, now_ms)
        full |= {name: secrets.token_hex(16) for name in self.resource.random}
        full |= {} if self.resource.numbered else {self.resource.key: str(uuid.uuid4())}
        full |= values
        full[TENANT] = user.institute_id if tenant is None else tenant
        self.before_create(connection, user, full)
        self.derive(full)
        return {**self.resource.initial, **full}

    def column_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values that have a column. Passed beside a statement, they keep it compiled: 500 us."""
        return {name: value for name, value in values.items() if name in self.table.c}

    def find_requested(self, context: RequestContext) -> Row[Any]:
        """The object that the path names, if the user may see it; raises 404 otherwise."""
        return self.find_by_key(context, context.path[context.operation.item], *self._parent_conditions(context))

    def find_by_key(self, context: RequestContext, value: object, *where: ColumnElement[bool]) -> Row[Any]:
        """The object with that key, if the user may see it; raises 404 otherwise."""
        row = self.find_visible(context, value, *where)
        if row is None:
            raise record_not_found(self.title, self.resource.key, value)
        return row

    def find_visible(self, context: RequestContext, value: object, *where: ColumnElement[bool]) -> Row[Any] | None:
        """The object with that key, if there is one that the user may see."""
        key = parse_key(self.key, str(value))
        if key is None:
            return None
        chosen = self._lookup_own if self._is_tenant_bound(context) else self._lookup_any
        values = {"key": key, "institute": context.user.institute_id}
        return chosen.get_row(context.connection, values, *where, lock=context.operation.method not in READS)

    def get_row(self, connection: Connection, key: Any) -> Row[Any]:
        """The object with that key, whoever may see it."""
        row = self._lookup_any.get_row(connection, {"key": key})
        if row is None:
            raise LookupError(f"no {self.resource.name} has the key {key}")
        return row

    def key_of(self, row: Row[Any]) -> Any:
        return row[self._positions[self.key.key]]

    def hidden_conditions(self) -> list[ColumnElement[bool]]:
        """The conditions that leave out objects that only superusers may see."""
        return []

    def tenant_conditions(self, context: RequestContext) -> list[ColumnElement[bool]]:
        """The conditions for objects of the user's institute."""
        own = self.table.c[TENANT] == context.user.institute_id
        return [own, *self.hidden_conditions()] if self._is_tenant_bound(context) else []

    def _is_tenant_bound(self, context: RequestContext) -> bool:
        return not (self.common or context.user.sees_all)

    def scope_conditions(self, context: RequestContext) -> list[ColumnElement[bool]]:
        """The conditions for visible objects: the user's institute, and the parents in the path."""
        return [*self.tenant_conditions(context), *self._parent_conditions(context)]

    def respond_one(self, context: RequestContext, row: Row[Any]) -> HandlerResult:
        """The result with one object, in the envelope of the operation."""
        return wrap_content(context.operation, self.serialize(context, row))

    def respond_many(
        self, context: RequestContext, rows: Iterable[Row[Any]], headers: Mapping[str, str] | None = None
    ) -> HandlerResult:
        """The result with a list of objects."""
        return wrap_content(context.operation, [self.serialize(context, row) for row in rows], headers)

    def serialize(self, context: RequestContext, row: Row[Any]) -> dict[str, Any]:
        """The members of a row in a response."""
        members = self._serializer.members(context.operation.fields, row)
        self.after_serialize(context, row, members)
        return members

    def parse_settings(self, context: RequestContext) -> dict[str, Any]:
        """The settings of the request, by column, as they are stored."""
        values: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for name, value in context.body.items():
            column = self.column(name)
            if column is None or name == self.resource.key or not isinstance(column.type, ColumnType):
                continue
            try:
                values[column.key] = None if value is None else column.type.accept(value)
            except ValueError as error:
                errors[name] = [str(error)]
        if errors := errors or self._find_missing_references(context, values):
            raise validation_failed(errors)
        return values

    def column(self, name: str) -> Column[Any] | None:
        """The column that holds the member of that name."""
        alias = self.aliases.get(name, name)
        return self.table.c.get(alias if alias in self.table.c else name)

    def column_for(self, context: RequestContext, name: str) -> ColumnElement[Any] | None:  # noqa: ARG002  # overridden
        """The expression that lists are filtered and sorted by for that member."""
        return self.column(name)

    def parent_keys(self, context: RequestContext) -> list[tuple[str, Any, int | None]]:
        """Of each parent in the path: the column that holds its key, its key, its institute."""
        return [(parent.column, *self._parent_key(context, parent)) for parent in context.operation.parent_columns]

    def _parent_key(self, context: RequestContext, parent: ParentColumn) -> tuple[Any, int | None]:
        text = context.path[parent.parameter]
        above = self.shared.resources.get(parent.resource)
        if above is None:
            return parse_key(self.table.c[parent.column], text), None
        row = above.find_by_key(context, text)
        return above.key_of(row), row._mapping[TENANT]

    def _parent_conditions(self, context: RequestContext) -> list[ColumnElement[bool]]:
        return [self.table.c[column] == key for column, key, _ in self.parent_keys(context)]

    def _find_missing_references(self, context: RequestContext, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """The settings that refer to objects that do not exist, or that the user may not see."""
        others = {column: self.shared.resources.get(name) for column, name in self.references.items()}
        sent = [(column, other) for column, other in others.items() if other and values.get(column) is not None]
        return {column: [_MISSING] for column, other in sent if other.find_visible(context, values[column]) is None}

    def _write_unique(self, write: Callable[[], Any]) -> Any:
        try:
            return write()
        except IntegrityError:
            names = [group[-1] for group in self.unique] or [self.resource.key]
            raise validation_failed({name: [_TAKEN] for name in names}) from None

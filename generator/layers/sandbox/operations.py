"""One version of the API as the template takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.ir import Api, Operation, Pagination, Property, Token, thaw
from generator.layers.sandbox.resources import ResourceView, column_type, digits_of_a_number

_KINDS = {"replace": "update", "delete": "destroy", "toggle": "", "action": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A member of an answer; `fields` are those of the described objects inside it."""

    name: str
    nullable: bool
    required: bool
    epoch: bool
    digits: bool
    values: tuple[object, ...]
    fields: tuple[FieldView, ...]
    many: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentView:
    """A placeholder of an object above."""

    parameter: str
    column: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """An operation, with what its path and schemas say about it."""

    operation: Operation
    kind: str
    item: str
    parents: tuple[ParentView, ...]
    query: tuple[str, ...]
    needed: tuple[str, ...]
    body: tuple[str, ...]
    body_envelope: str
    files: tuple[str, ...]
    fields: tuple[FieldView, ...]
    default_limit: int
    columns: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiView:
    """One version: where its paths begin, who it lets in, what it can do."""

    name: str
    base_path: str
    token: Token | None
    signed: bool
    secrets: tuple[str, ...]
    names: tuple[str, ...]
    operations: tuple[OperationView, ...]


def api_view(api: Api, resources: Iterable[ResourceView]) -> ApiView:
    """The version over the tables of all versions."""
    tables = {resource.name: resource for resource in resources}
    return ApiView(
        name=api.name,
        base_path=api.base_path,
        token=api.token,
        signed=api.signing is not None,
        secrets=_secrets(api),
        names=tuple(sorted({one.name for operation in api.operations for one in operation.in_("path")})),
        operations=tuple(_operation(api, operation, tables) for operation in api.operations),
    )


def _operation(api: Api, operation: Operation, tables: dict[str, ResourceView]) -> OperationView:
    table = tables[operation.resource]
    return OperationView(
        operation=operation,
        kind=_KINDS.get(operation.kind, operation.kind),
        item=operation.item,
        parents=tuple(_parent(table, parent.placeholder, parent.resource) for parent in operation.parents),
        query=tuple(parameter.name for parameter in operation.in_("query")),
        needed=tuple(parameter.name for parameter in operation.in_("query") if parameter.required),
        body=tuple(member.name for member in operation.settings),
        body_envelope=operation.body.envelope if operation.body else "",
        files=tuple(member.name for member in operation.settings if member.schema.format == "binary"),
        fields=_fields(api, _told_table(operation, tables), operation.members),
        default_limit=_default_limit(operation, operation.pagination),
        columns={c.name: c.operators for c in operation.filter.columns} if operation.filter else {},
    )


def _parent(table: ResourceView, parameter: str, resource: str) -> ParentView:
    """A version without operations of the object above still narrows by the same column."""
    column = table.above.get(resource, parameter) if resource else parameter
    named = resource or next((above for above, held in table.above.items() if held == column), "")
    return ParentView(parameter=parameter, column=column, resource=named)


def _told_table(operation: Operation, tables: dict[str, ResourceView]) -> ResourceView:
    """The table of the answered objects, which may be of another resource than the operation."""
    name = operation.object.resolve().name if operation.object else ""
    own = tables[operation.resource]
    return own if own.title == name else next((table for table in tables.values() if table.title == name), own)


def _fields(
    api: Api, table: ResourceView, members: tuple[Property, ...], *, inside: bool = False
) -> tuple[FieldView, ...]:
    return tuple(_field(api, table, member, inside=inside) for member in members)


def _field(api: Api, table: ResourceView, member: Property, *, inside: bool) -> FieldView:
    schema = api.resolve(member.schema)
    one = api.resolve(schema.items) if schema.items is not None else schema
    within = one.properties if one.name == table.title and not inside else ()
    return FieldView(
        name=member.name,
        nullable=member.schema.nullable or schema.nullable or not (schema.types or schema.variants or schema.enum),
        required=member.required,
        epoch=table.type_of(member.name) == "Moment" and _in_seconds(api, table, member),
        digits=table.type_of(member.name) == "Whole" and digits_of_a_number(api, member.schema),
        values=tuple(thaw(value) for value in schema.enum),
        fields=_fields(api, table, within, inside=True),
        many=schema.items is not None,
    )


def _in_seconds(api: Api, table: ResourceView, member: Property) -> bool:
    """Whether this version writes a moment as a number: by its schema, or else as it is set."""
    told = column_type(api, member.schema)
    own = (o for o in api.operations if o.resource == table.name)
    set_as = {column_type(api, m.schema) for o in own for m in o.settings if m.name == member.name}
    return told in ("Whole", "Real") or (told == "" and set_as == {"Whole"})


def _default_limit(operation: Operation, paging: Pagination | None) -> int:
    if paging is None:
        return 0
    default = next((p.schema.default for p in operation.in_("query") if p.name == paging.limit), "")
    return int(default) if default.isdecimal() else paging.max_limit


def _secrets(api: Api) -> tuple[str, ...]:
    members = (member for schema in api.schemas for member in schema.properties)
    settings = (member for operation in api.operations for member in operation.settings)
    parameters = {p.name for operation in api.operations for p in operation.parameters if p.secret}
    return tuple(sorted(parameters | {m.name for m in (*members, *settings) if m.secret}))

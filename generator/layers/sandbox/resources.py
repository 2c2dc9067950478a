"""The tables: one for each resource, its columns typed from every schema that the versions have of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.ir import Api, Operation, Project, Property, Schema
from generator.layers.sandbox.initial import initial_value
from generator.names import distinct, snake

UNKNOWN = ""
_STORED = ("list", "show", "create", "update", "replace")
_JSON_TYPES = {"string": "Words", "integer": "Whole", "number": "Real", "boolean": "Flag"}
_STAMPS = ("created_at", "updated_at")
_DEEPEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column: the member's name, its SQL name, its type, and the table it points to, or empty."""

    name: str
    sql_name: str
    type: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceView:
    """A resource as the template of the tables takes it."""

    name: str
    constant: str
    title: str
    key: str
    sql_key: str
    numbered: bool
    columns: tuple[ColumnView, ...]
    above: Mapping[str, str]
    initial: Mapping[str, object]
    now: tuple[str, ...]
    random: tuple[str, ...]

    def type_of(self, name: str) -> str:
        """The type of the column of that name, or nothing."""
        return next((column.type for column in self.columns if column.name == name), UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Key:
    """The member that names an object; numbered by the database, or a random text."""

    name: str
    numbered: bool


@dataclass(frozen=True, slots=True)
class _Use:
    """One operation that stores or tells objects of a resource."""

    api: Api
    operation: Operation

    @property
    def told(self) -> tuple[Property, ...]:
        return self.operation.members if self.operation.kind in _STORED else ()

    @property
    def set(self) -> tuple[Property, ...]:
        if self.operation.kind not in _STORED:
            return ()
        return tuple(member for member in self.operation.settings if _is_kept(member))


def resource_views(project: Project) -> tuple[ResourceView, ...]:
    """All resources, those above before those below."""
    uses = [_Use(api, o) for api in project.apis for o in api.operations]
    names = list(dict.fromkeys(use.operation.resource for use in uses))
    of = {name: [use for use in uses if use.operation.resource == name] for name in names}
    keys = {name: _key(of[name]) for name in names}
    views = {name: _view(name, of[name], keys) for name in names}
    return tuple(_sorted(views))


def column_type(api: Api, schema: Schema, depth: int = 0) -> str:
    """The type of the column that holds such values; the first variant is the canonical form."""
    schema = api.resolve(schema)
    if digits_of_a_number(api, schema):
        return "Whole"
    if schema.variants:
        return column_type(api, schema.variants[0], depth + 1) if depth < _DEEPEST else "Anything"
    if not schema.types and not schema.enum:
        return UNKNOWN
    if schema.types == ("string",) and schema.format == "date-time":
        return "Moment"
    return _JSON_TYPES.get(schema.types[0], "Anything") if len(schema.types) == 1 else "Anything"


def digits_of_a_number(api: Api, schema: Schema, depth: int = 0) -> bool:
    """Whether the canonical form is text, but a whole number is the same value."""
    forms = [api.resolve(variant) for variant in api.resolve(schema).variants]
    if forms and forms[0].variants:
        return depth < _DEEPEST and digits_of_a_number(api, forms[0], depth + 1)
    text = bool(forms) and forms[0].types == ("string",) and "pattern" in dict(forms[0].limits)
    return text and ("integer",) in (form.types for form in forms[1:])


def _is_kept(member: Property) -> bool:
    """Passwords are only compared and files are kept in a folder: neither has a column of its own."""
    definition = member.schema.definition
    return member.schema.format != "binary" and not (isinstance(definition, Mapping) and definition.get("writeOnly"))


def _view(name: str, uses: list[_Use], keys: Mapping[str, _Key]) -> ResourceView:
    key = keys[name].name
    members = {m.name: m for use in uses for m in (*use.set, *use.told) if m.name != key}
    above = _above(uses, key)
    types = dict.fromkeys(above, "Words") | {member: _together(uses, member) for member in members}
    types |= {column: "Key" if keys[of].numbered else "Words" for column, of in above.items() if of}
    told = {
        m.name: (use, m) for use in uses for m in use.told if m.required and not m.schema.nullable and m.name != key
    }
    now = tuple(member for member in told if member in _STAMPS or types[member] == "Moment")
    random = tuple(member for member, (_, m) in told.items() if m.secret and types[member] == "Words")
    filled = {*now, *random, *above}
    return ResourceView(
        name=name,
        constant=f"{snake(name).upper()}_TABLE",
        title=_title(uses, name),
        key=key,
        sql_key=_sql_name(key),
        numbered=keys[name].numbered,
        columns=_columns(types, above, keys, key),
        above={resource: column for column, resource in above.items()},
        initial={m: initial_value(use.api, use.operation, p) for m, (use, p) in told.items() if m not in filled},
        now=now,
        random=random,
    )


def _columns(
    types: Mapping[str, str], above: Mapping[str, str], keys: Mapping[str, _Key], key: str
) -> tuple[ColumnView, ...]:
    sql_names = distinct(["_institute", *(_sql_name(name) for name in (key, *types))])[2:]
    return tuple(
        ColumnView(
            name=name,
            sql_name=sql_name,
            type=kind or "Anything",
            target=f"{snake(above[name])}.{_sql_name(keys[above[name]].name)}" if above.get(name) else "",
        )
        for (name, kind), sql_name in zip(types.items(), sql_names, strict=True)
    )


def _sql_name(member: str) -> str:
    try:
        return snake(member)
    except ValueError:  # no letter and no digit
        return "column"


def _above(uses: list[_Use], key: str) -> dict[str, str]:
    """The columns that hold the keys of the objects above, with the resources of these."""
    found: dict[str, str] = {}
    told = {member.name for use in uses for member in use.told}
    for use in uses:
        if use.operation.kind in ("action", "toggle"):
            continue
        for parameter, resource in ((one.placeholder, one.resource) for one in use.operation.parents):
            name = parameter if parameter != key else f"{resource}_{parameter}"
            if resource not in found.values() or (name in told and name not in found):
                found = {column: above for column, above in found.items() if above != resource or not resource}
                found[name] = resource
    return found


def _key(uses: list[_Use]) -> _Key:
    told = {member.name for use in uses for member in use.told}
    items = [use.operation.item for use in uses]
    name = next((item for item in items if item and item in told), "id")
    return _Key(name, numbered=_together(uses, name) in ("Whole", UNKNOWN))


def _together(uses: list[_Use], member: str) -> str:
    """One type for all that the versions say of a member."""
    said = {column_type(use.api, m.schema) for use in uses for m in (*use.told, *use.set) if m.name == member}
    said -= {UNKNOWN}
    if len(said) <= 1:
        return next(iter(said), UNKNOWN)
    if said == {"Moment", "Whole"}:
        return "Moment"
    return "Real" if said == {"Whole", "Real"} else "Anything"


def _title(uses: list[_Use], name: str) -> str:
    shown = (
        use.operation.object.resolve().name for use in uses if use.operation.object and use.operation.kind in _STORED
    )
    return next((title for title in shown if title), name)


def _sorted(views: Mapping[str, ResourceView]) -> Iterator[ResourceView]:
    waiting = dict(views)
    while waiting:
        free = [name for name, view in waiting.items() if not (view.above.keys() - {name, ""}) & waiting.keys()]
        for name in free or list(waiting):  # a circle of resources keeps its order
            yield waiting.pop(name)

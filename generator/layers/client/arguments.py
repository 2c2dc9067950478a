"""The arguments of a client method: their Python names, their types, and where each value goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.property import Property

from generator.ir import Api, Filter, Operation, Parameter, Property as Declared, Schema
from generator.layers.client.annotations import annotation
from generator.layers.client.codec.document import choose_media_type, is_multipart
from generator.layers.client.codec.naming import Naming
from generator.layers.client.runtime._cli.declarations import Place
from generator.names import distinct, snake
from generator.templates import py

_OPTIONS = ("call_options", "timeout", "deadline", "max_retries", "retry", "extra_headers", "hooks")
_RESERVED = ("self", "models", "to", "progress", "cancel", "resume", "handle", *_OPTIONS)
UPLOADABLE = "A path, bytes, a file opened in binary mode, or an `Upload` that names it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument. `target` is its name in the codec, `value` the Python that fills it."""

    name: str
    annotation: str
    required: bool
    place: Place
    wire: str
    target: str
    value: str
    description: str
    schema: Schema
    secret: bool

    @property
    def declaration(self) -> str:
        """The argument as the signature writes it."""
        return f"{self.name}: {self.annotation}" + ("" if self.required else " | Unset = UNSET")

    @property
    def filling(self) -> str:
        """The argument as the codec is called."""
        return f"{self.target}={self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A place of the request that an argument fills."""

    place: Place
    wire: str
    target: str
    schema: Schema
    required: bool
    description: str
    secret: bool = False
    is_json: bool = False


def arguments(api: Api, operation: Operation, endpoint: Endpoint, naming: Naming, columns: str) -> tuple[Argument, ...]:
    """All arguments: path parameters first, then the body's members, then the other parameters.

    `columns` is the class of the columns of a list that can be filtered.
    """
    slots = list(_slots(api, operation, endpoint, naming))
    names = distinct((*_RESERVED, *(snake(slot.wire) for slot in slots)))[len(_RESERVED) :]
    return tuple(
        _argument(api, operation, naming, columns, slot, name) for slot, name in zip(slots, names, strict=True)
    )


def body_members(endpoint: Endpoint, naming: Naming) -> list[Property]:
    """The members of the body that are arguments of their own; none if the body is passed whole."""
    return naming.members(endpoint.bodies[0].prop if endpoint.bodies else None)


def _argument(api: Api, operation: Operation, naming: Naming, columns: str, slot: _Slot, name: str) -> Argument:
    about, value, description = annotation(api, slot.schema, naming), name, slot.description
    if operation.filter and slot.place == "query" and slot.wire in (operation.filter.filter, operation.filter.sort):
        about, value, hint = _of_columns(operation.filter, slot, name, columns)
        description = f"{description} {hint}"
    elif slot.is_json:
        about, value = " | ".join(dict.fromkeys((*about.split(" | "), "str"))), f"_json_text({name})"
    elif slot.place == "body" and (file := _file(api, operation, slot.schema)):
        about, description = file, f"{description} {UPLOADABLE}"
        value = f"_to_upload({name}, {py(name)}{', is_nullable=True' if file.endswith('None') else ''})"
    elif slot.place in ("body", "query") and _is_id(api, slot):
        value = f"_to_id({name}, {py(name)}{_id_options(api, operation, slot)})"
    if _is_shown_as_null(api, operation, slot):
        about, value = f"{about} | None", f"_omit_none({value})"
    if slot.required and slot.place != "path" and not value.startswith("_to_id("):
        value = f"_check_needed({value}, {py(name)})"
    return Argument(
        name=name,
        annotation=about,
        required=slot.required,
        place=slot.place,
        wire=slot.wire,
        target=slot.target,
        value=value,
        description=description,
        schema=slot.schema,
        secret=slot.secret,
    )


def _of_columns(columns: Filter, slot: _Slot, name: str, owner: str) -> tuple[str, str, str]:
    """The type of a filter or a sort order, the Python that makes its JSON text, and how to write it."""
    column = f"{owner}.{snake((*columns.sortable, *(one.name for one in columns.columns))[0])}"
    if slot.wire == columns.sort:
        about = f"_Order[_{owner}] | Sequence[_Order[_{owner}] | Mapping[str, str]] | str"
        return about, f"_sort_json(_{owner}, {name})", f"Also `[{column}.desc()]`, with the class of `columns`."
    tests = "Mapping[str, Mapping[str, object]]"
    about = f"_Condition[_{owner}] | Sequence[_Condition[_{owner}]] | {tests} | str"
    return about, f"_filter_json(_{owner}, {name})", f"Also `[{column} >= value]`, with the class of `columns`."


def _file(api: Api, operation: Operation, schema: Schema) -> str:
    """The type of a file in a form, or of a list of files; empty for any other value."""
    resolved = api.resolve(schema)
    item = api.resolve(resolved.items) if resolved.items else resolved
    body = operation.body
    if item.format != "binary" or body is None or not is_multipart(choose_media_type(body.media_types)):
        return ""
    null = " | None" if schema.nullable or resolved.nullable else ""
    return ("Sequence[Uploadable]" if resolved.items else "Uploadable") + null


def _is_shown_as_null(api: Api, operation: Operation, slot: _Slot) -> bool:
    """Whether it changes a member that is null in responses, and may not be null itself."""
    if slot.place != "body" or slot.required or _is_nullable(slot.schema):
        return False
    shown = [one.schema for resource in api.resources if operation.id in resource.changers for one in resource.members
             if one.name == slot.wire]  # fmt: skip
    return any(map(_is_nullable, shown))


def _id_options(api: Api, operation: Operation, slot: _Slot) -> str:
    """The options of `_to_id`: whether the id may be left out, and whether it may be null."""
    is_nullable = _is_nullable(slot.schema) or _is_shown_as_null(api, operation, slot)
    return ("" if slot.required else ", is_optional=True") + (", is_nullable=True" if is_nullable else "")


def _is_nullable(schema: Schema) -> bool:
    return schema.nullable or schema.resolve().nullable


def _is_id(api: Api, slot: _Slot) -> bool:
    """Whether the value names an object: it is called `id` or ends so, and is text or a whole number."""
    schema = api.resolve(slot.schema)
    forms = [api.resolve(one) for one in schema.variants] or [schema]
    types = {kind for one in forms for kind in one.types}
    is_plain = bool(types) and types <= {"integer", "string"} and not any(one.enum or one.format for one in forms)
    return is_plain and snake(slot.wire).split("_")[-1] == "id"


def _slots(api: Api, operation: Operation, endpoint: Endpoint, naming: Naming) -> Iterator[_Slot]:
    yield from _parameter_slots("path", operation.in_("path"), endpoint.path_parameters)
    if operation.body is not None and endpoint.bodies:
        yield from _body_slots(api, operation, endpoint, naming)
    yield from _parameter_slots("query", operation.in_("query"), endpoint.query_parameters)
    yield from _parameter_slots("header", operation.in_("header"), endpoint.header_parameters)


def _parameter_slots(place: Place, declared: Iterable[Parameter], props: Iterable[Property]) -> Iterator[_Slot]:
    by_name = {parameter.name: parameter for parameter in declared}
    for wire, target in _targets(props).items():
        parameter = by_name[wire]
        yield _Slot(
            place=place,
            wire=wire,
            target=target,
            schema=parameter.schema,
            required=parameter.required,
            description=_description_of(parameter),
            secret=parameter.secret,
        )


def _body_slots(api: Api, operation: Operation, endpoint: Endpoint, naming: Naming) -> Iterator[_Slot]:
    assert operation.body is not None  # noqa: S101  # the caller checked it
    schema = api.resolve(operation.body.schema)
    by_name: dict[str, Declared] = {member.name: member for member in schema.properties}
    fields = body_members(endpoint, naming)
    if not fields:
        about = operation.body.description
        yield _Slot(place="", wire="body", target="body", schema=schema, required=True, description=about)
    for field in fields:
        wire = field.name.get_untrusted_value()
        member = by_name[wire]
        yield _Slot(
            place="body",
            wire=wire,
            target=str(field.python_name),
            schema=member.schema,
            required=field.required,
            description=_description_of(member),
            secret=member.secret,
        )


def _description_of(declared: Parameter | Declared) -> str:
    return f"{declared.description} Deprecated." if declared.deprecated else declared.description


def _targets(props: Iterable[Property]) -> dict[str, str]:
    return {prop.name.get_untrusted_value(): str(prop.python_name) for prop in props}

"""The arguments of a method: their names, their types, and where each value goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.ir import Column, Filter, Operation, Schema
from generator.javascript.names import camel
from generator.layers.typescript.types import Types, write_key
from generator.names import distinct

_COLUMN_TYPES = {"string": "string", "integer": "number | bigint", "boolean": "boolean", "date-time": "string | Date"}
_OF_METHODS = ("args", "options")


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument. `name` is that of a parameter in a path, else the key among the named arguments."""

    name: str
    key: str
    type: str
    required: bool
    about: str
    place: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    wire: str
    place: str
    schema: Schema
    required: bool
    description: str
    style: str = ""
    deprecated: bool = False


def list_arguments(operation: Operation, types: Types) -> tuple[Argument, ...]:
    """All arguments: those of the path first, then the body's members, then the other parameters."""
    slots = tuple(_list_slots(operation))
    in_path = [slot for slot in slots if slot.place == "path"]
    parameters = distinct((*_OF_METHODS, *(camel(slot.wire) for slot in in_path)))[len(_OF_METHODS) :]
    names = distinct((*parameters, *(slot.wire for slot in slots if slot.place != "path")))
    return tuple(_describe_argument(operation, types, slot, name) for slot, name in zip(slots, names, strict=True))


def _list_slots(operation: Operation) -> Iterator[_Slot]:
    for location in ("path", "body", "query", "header"):
        if location == "body":
            yield from _list_body_slots(operation)
            continue
        for one in operation.in_(location):  # type: ignore[arg-type]  # the three are locations
            yield _Slot(
                wire=one.name,
                place=location,
                schema=one.schema,
                required=one.required,
                description=one.description,
                style=one.style,
                deprecated=one.deprecated,
            )


def _list_body_slots(operation: Operation) -> Iterator[_Slot]:
    body = operation.body
    if body is None:
        return
    members = body.schema.resolve().properties
    if not members:
        about = body.description
        yield _Slot(wire="body", place="whole", schema=body.schema, required=body.required, description=about)
    for one in members:
        yield _Slot(
            wire=one.name,
            place="body",
            schema=one.schema,
            required=one.required,
            description=one.description,
            deprecated=one.deprecated,
        )


def _describe_argument(operation: Operation, types: Types, slot: _Slot, name: str) -> Argument:
    about = types.write_sent_type(slot.schema)
    is_json = "/" in slot.style
    if operation.filter and slot.place == "query" and slot.wire in (operation.filter.filter, operation.filter.sort):
        about, is_json = _write_columns(operation.filter, slot.wire), True
    is_file = slot.place == "body" and slot.schema.element.resolve().format == "binary"
    data: dict[str, Any] = {"name": name, "wire": slot.wire, "place": slot.place}
    data |= {"required": True} if slot.required else {}
    data |= {"file": True} if is_file else {}
    data |= {"json": True} if is_json else {}
    is_plain = slot.style == "form exploded" and "object" not in slot.schema.canonical.types
    data |= {"style": slot.style} if slot.place == "query" and not is_json and not is_plain else {}
    return Argument(
        name=name,
        key=write_key(name),
        type=about,
        required=slot.required,
        about=" ".join(slot.description.split()) + ("\n@deprecated" if slot.deprecated else ""),
        place=slot.place,
        data=data,
    )


def _write_columns(columns: Filter, wire: str) -> str:
    """The type of a filter or of a sort order."""
    if wire == columns.sort:
        orders = (f'{{ readonly {write_key(name)}: "asc" | "desc" }}' for name in columns.sortable)
        return f"string | readonly ({' | '.join(orders) or 'never'})[]"
    tests = (f"readonly {write_key(one.name)}?: {{ {_write_tests(one)} }}" for one in columns.columns)
    return f"string | {{ {'; '.join(tests)} }}"


def _write_tests(column: Column) -> str:
    return "; ".join(f"readonly {operator}?: {_COLUMN_TYPES[column.type]}" for operator in column.operators)


def declare(arguments: tuple[Argument, ...]) -> tuple[str, str]:
    """The parameters of the method as JavaScript has them, and the values of the path."""
    path = [one.name for one in arguments if one.place == "path"]
    return ", ".join((*path, *(("args",) if len(path) < len(arguments) else ()), "options")), ", ".join(path)

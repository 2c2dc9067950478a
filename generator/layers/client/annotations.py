"""The Python types of arguments: the canonical form of a value, and other forms that callers may pass."""

from __future__ import annotations

from collections.abc import Iterator

from generator.ir import Api, Schema
from generator.layers.client.codec.naming import Naming
from generator.templates import py

_FORMATS = {
    "date-time": ("datetime.datetime", "str"),
    "date": ("datetime.date", "str"),
    "binary": ("bytes",),
}
_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "Sequence[object]",
    "object": "Mapping[str, object]",
}


def annotation(api: Api, schema: Schema, naming: Naming) -> str:
    """The type of an argument."""
    types = list(dict.fromkeys(_types(api, schema, naming)))
    return "object" if "object" in types else " | ".join(types)


def _types(api: Api, schema: Schema, naming: Naming) -> Iterator[str]:
    """The types of all forms; those of a component are found once, since many may refer to it."""
    if schema.reference:
        if schema.reference not in naming.types:
            naming.types[schema.reference] = tuple(dict.fromkeys(_component_types(api, schema.reference, naming)))
        yield from naming.types[schema.reference]
    else:
        yield from _variants(api, schema, naming) if schema.variants else _plain(api, schema, naming)
    if schema.nullable:
        yield "None"


def _component_types(api: Api, name: str, naming: Naming) -> Iterator[str]:
    schema = api.schema(name)
    if schema.reference or schema.variants:
        yield from _types(api, schema, naming)
        return
    yield from _plain(api, schema, naming, naming.enum_class(api, name))
    if schema.nullable:
        yield "None"


def _variants(api: Api, schema: Schema, naming: Naming) -> Iterator[str]:
    """The first form, and the others, but no enums that only repeat it, such as `yes` and `no` beside a boolean."""
    first, *others = schema.variants
    yield from _types(api, first, naming)
    if first.types == ("boolean",):
        return
    for other in others:
        if not api.resolve(other).enum:
            yield from _types(api, other, naming)


def _plain(api: Api, schema: Schema, naming: Naming, enum_class: str = "") -> Iterator[str]:
    values = [value for value in schema.enum if value is not None]
    if values and all(isinstance(value, str | int) for value in values):
        if enum_class:
            yield f"models.{enum_class}"
        yield f"Literal[{', '.join(map(py, values))}]"
    elif schema.format in _FORMATS and schema.types == ("string",):
        yield from _FORMATS[schema.format]
    elif schema.items is not None:
        yield f"Sequence[{annotation(api, schema.items, naming)}]"
    elif schema.types:
        yield from (_TYPES[kind] for kind in schema.types)
    else:
        yield "object"

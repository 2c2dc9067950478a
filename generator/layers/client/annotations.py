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
    nullable, enum_class = schema.nullable, ""
    while schema.reference:
        enum_class = naming.enum_class(api, schema.reference)
        schema = api.schema(schema.reference)
        nullable = nullable or schema.nullable
    yield from _variants(api, schema, naming) if schema.variants else _plain(api, schema, naming, enum_class)
    if nullable:
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


def _plain(api: Api, schema: Schema, naming: Naming, enum_class: str) -> Iterator[str]:
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

"""Values that a schema allows, for what has no example of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count

from .frozen import thaw
from .values import Schema

_DEEPEST = 8
_MOST = 1000  # values with values in them
_LONGEST = 10_000  # characters
_TEXT = "text"
_EMPTY: Mapping[str, object] = {"array": [], "boolean": False, "null": None}
_KINDS: tuple[tuple[type | tuple[type, ...], tuple[str, ...]], ...] = (
    (bool, ("boolean",)),
    (int, ("integer", "number")),
    (float, ("number",)),
    (str, ("string",)),
    (Mapping, ("object",)),
    ((list, tuple), ("array",)),
)
_FORMATS = {"date-time": "2030-01-01T09:00:00.000+00:00", "date": "2030-01-01", "email": "someone@example.com"}


def sample_of(schema: Schema) -> object:
    """A value that the schema allows: an example, the default, the first of an enumeration, or the least there is."""
    return _sample(schema, 0, count())


def _sample(schema: Schema, depth: int, made: Iterator[int]) -> object:
    """The same; `made` counts the values, since their number may grow with a power of the depth."""
    known, schema = schema.examples, schema.resolve()
    for value in (*known, *schema.examples, *schema.enum[:1]):
        if _allows(schema, value):
            return thaw(value)
    if schema.default:
        return json.loads(schema.default)
    goes_on = depth < _DEEPEST and next(made) < _MOST
    if schema.variants and goes_on:
        return _sample(schema.variants[0], depth + 1, made)
    if schema.properties and goes_on:
        return {member.name: _sample(member.schema, depth + 1, made) for member in schema.properties if member.required}
    return _least(schema)


def _allows(schema: Schema, value: object) -> bool:
    """Whether an example is of a type and in the enumeration of its schema; descriptions are careless there."""
    if schema.enum and value not in schema.enum:
        return False
    kinds = next((kinds for types, kinds in _KINDS if isinstance(value, types)), ("null",))
    return not schema.types or (kinds == ("null",) and schema.nullable) or any(kind in schema.types for kind in kinds)


def _least(schema: Schema) -> object:
    """A small value of the type within its limits; no empty text, since servers take that for nothing."""
    kind, limits = next(iter(schema.types), "null" if schema.nullable else "object"), dict(schema.limits)
    if kind == "string":
        text = _TEXT.ljust(_number(limits.get("minLength"), 0), "x")
        return _FORMATS.get(schema.format, text[: _number(limits.get("maxLength"), len(text))])
    if kind in ("integer", "number"):
        lowest = max(0, _number(limits.get("minimum"), 0))
        return min(lowest, _number(limits.get("maximum"), lowest))
    return _EMPTY.get(kind, {})


def _number(limit: object, otherwise: int) -> int:
    return min(limit, _LONGEST) if isinstance(limit, int) else otherwise

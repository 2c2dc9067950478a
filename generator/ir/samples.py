"""Values that a schema allows, for what has no example of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .frozen import thaw
from .values import Schema

_DEEPEST = 8
_EMPTY: Mapping[str, object] = {"array": [], "boolean": False, "integer": 0, "number": 0, "null": None, "string": ""}
_FORMATS = {"date-time": "2030-01-01T09:00:00.000+00:00", "date": "2030-01-01", "email": "someone@example.com"}


def sample_of(schema: Schema, depth: int = 0) -> object:
    """A value that the schema allows: an example, the default, the first of an enumeration, or the least there is."""
    known, schema = schema.examples, schema.resolve()
    for value in (*known, *schema.examples, *schema.enum[:1]):
        return thaw(value)
    if schema.default:
        return json.loads(schema.default)
    if schema.variants and depth < _DEEPEST:
        return sample_of(schema.variants[0], depth + 1)
    if schema.properties and depth < _DEEPEST:
        return {member.name: sample_of(member.schema, depth + 1) for member in schema.properties if member.required}
    kind = next(iter(schema.types), "null" if schema.nullable else "object")
    return _FORMATS.get(schema.format, _EMPTY.get(kind, {})) if kind == "string" else _EMPTY.get(kind, {})

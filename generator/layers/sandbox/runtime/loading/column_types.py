"""The types of columns, from the schemas of what they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from procwise_sandbox.description import Schema

from ..storage.sql_types import Anything, ColumnType, Flag, Moment, Real, Whole, Words

_JSON_TYPES: Mapping[str, type[ColumnType]] = {"string": Words, "integer": Whole, "number": Real, "boolean": Flag}
_DEEPEST = 10


def column_type(schema: Schema, depth: int = 0) -> type[ColumnType] | None:
    """The type of the column that holds such values, None if any will do; the first variant is the canonical form."""
    schema = schema.resolve()
    if is_digits(schema):
        return Whole
    if schema.variants:
        return column_type(schema.variants[0], depth + 1) if depth < _DEEPEST else Anything
    if not schema.types and not schema.enum:
        return None
    if schema.types == ("string",) and schema.format == "date-time":
        return Moment
    return _JSON_TYPES.get(schema.types[0], Anything) if len(schema.types) == 1 else Anything


def common_type(types: Collection[type[ColumnType] | None]) -> type[ColumnType] | None:
    """One type for values of all these types."""
    known = {kind for kind in types if kind is not None}
    if len(known) <= 1:
        return next(iter(known), None)
    if known == {Moment, Whole}:
        return Moment
    return Real if known == {Whole, Real} else Anything


def is_digits(schema: Schema, depth: int = 0) -> bool:
    """Whether the canonical form is text, but a whole number is the same value."""
    forms = [variant.resolve() for variant in schema.resolve().variants]
    if forms and forms[0].variants:
        return depth < _DEEPEST and is_digits(forms[0], depth + 1)
    text = bool(forms) and forms[0].types == ("string",) and "pattern" in dict(forms[0].limits)
    return text and ("integer",) in (form.types for form in forms[1:])

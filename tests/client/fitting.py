"""JSON data that fit a schema of the description, as a strategy; and whether a value is of an annotation's type."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from generator.ir import Schema, thaw

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.none() | OFFSETS)
FORMATS = {
    "date-time": st.one_of(
        MOMENTS.map(lambda moment: moment.isoformat() if moment.tzinfo else f"{moment.isoformat()}Z"),
        MOMENTS.map(lambda moment: f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}z".lower()),
        st.just("2016-12-31T23:59:60Z"),
    ),
    "date": st.dates().map(date.isoformat),
    "uuid": st.uuids().map(str),
}
TYPES = {
    "null": st.none(),
    "boolean": st.booleans(),
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "string": st.text(max_size=8),
}
ANY = st.none() | st.booleans() | st.integers() | st.text(max_size=3)


# The strategy of each schema that was asked for, by its identity, with the schema, which keeps that.
_STRATEGIES: dict[int, tuple[Schema, st.SearchStrategy[Any]]] = {}


def generate_data(schema: Schema) -> st.SearchStrategy[Any]:
    """Data that fit the schema. Building and validating its strategy takes longer than drawing from it."""
    if id(schema) not in _STRATEGIES:
        meant = schema.resolve()
        strategy = _without_null(meant)
        _STRATEGIES[id(schema)] = schema, strategy | st.none() if schema.nullable or meant.nullable else strategy
    return _STRATEGIES[id(schema)][1]


def _without_null(schema: Schema) -> st.SearchStrategy[Any]:
    if schema.enum:
        return st.sampled_from([thaw(value) for value in schema.enum])
    if schema.variants:
        return st.one_of(*map(generate_data, schema.variants))
    if schema.format in FORMATS and schema.types == ("string",):
        return FORMATS[schema.format]
    return st.one_of(*(_of_type(kind, schema) for kind in schema.types)) if schema.types else ANY


def _of_type(kind: str, schema: Schema) -> st.SearchStrategy[Any]:
    limits = {name: int(str(value)) for name, value in schema.limits if name in ("minimum", "maximum")}
    if kind == "integer":
        whole = st.integers(limits.get("minimum"), limits.get("maximum"))
        return whole | st.integers(limits.get("minimum", -(2**40)), limits.get("maximum", 2**40)).map(float)
    if kind == "array":
        return st.lists(generate_data(schema.items) if schema.items else ANY, max_size=2)
    if kind != "object":
        return TYPES[kind]
    members = {one.name: generate_data(one.schema) for one in schema.properties}
    required = {one.name: members[one.name] for one in schema.properties if one.required}
    optional = {name: members[name] for name in members.keys() - required.keys()}
    return st.fixed_dictionaries(required, optional=optional)


def is_of(value: object, annotation: Any) -> bool:
    """Whether the value is of the type, all its members included; a whole number is a number, as type checkers say."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(is_of(value, one) for one in inner)
    if isinstance(origin, type) and issubclass(origin, list):
        return isinstance(value, list) and type(value) is origin and all(is_of(item, inner[0]) for item in value)
    if origin is dict:
        return type(value) is dict and all(is_of(item, inner[1]) for item in value.values())
    if origin is typing.Literal:
        return value in inner
    if annotation is Any:
        return True
    if annotation is None or annotation is type(None):
        return value is None
    if dataclasses.is_dataclass(annotation):
        hints = typing.get_type_hints(annotation)
        return type(value) is annotation and all(is_of(getattr(value, name), hint) for name, hint in hints.items())
    if annotation is float:
        return type(value) in (int, float)
    return isinstance(value, annotation) if annotation in (datetime, UUID) else type(value) is annotation

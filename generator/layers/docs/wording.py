"""A schema in words: its type, its values, its limits, its default."""

from __future__ import annotations

from collections.abc import Mapping

from generator.ir import Api, Frozen, Schema
from generator.layers.docs.prose import list_values, literal

_PHRASES: Mapping[str, str] = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "above {}",
    "exclusiveMaximum": "below {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} members",
    "maxProperties": "at most {} members",
    "pattern": "matching {}",
    "uniqueItems": "without repetition: {}",
}


def value_of(api: Api, schema: Schema) -> str:
    """What a value may be, such as "integer, at least `1`, default `300`"."""
    default = schema.default or api.resolve(schema).default
    return _kind(api, schema, frozenset()) + (f", default {literal(default)}" if default else "")


def explain_words(api: Api, schema: Schema) -> str:
    """The description of a named list of words, which tells what each word means."""
    meant = api.resolve(schema)
    return meant.description if schema.reference and meant.enum else ""


def _kind(api: Api, schema: Schema, above: frozenset[str]) -> str:
    meant = api.resolve(schema)
    if meant.name and meant.name in above:
        return literal(meant.name)
    below = above | {meant.name}
    members = [_kind(api, variant, below) for variant in meant.variants] or [_plain(api, meant, below)]
    null = ["`null`"] if schema.nullable or meant.nullable else []
    return "; or ".join([*members, *null])


def _plain(api: Api, schema: Schema, above: frozenset[str]) -> str:
    name = " or ".join(schema.types) or "any value"
    noted = schema.format or str(dict(schema.further).get("contentMediaType", ""))
    formatted = f"{name} ({noted})" if noted else name
    items = f" of {_kind(api, schema.items, above)}" if schema.items else ""
    values = [f"one of {list_values(schema.enum)}"] if schema.enum else []
    return ", ".join([formatted + items, *values, *(_limit(*limit) for limit in schema.limits)])


def _limit(keyword: str, value: Frozen) -> str:
    return _PHRASES.get(keyword, f"{keyword} {{}}").format(literal(value))

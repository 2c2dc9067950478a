"""A schema in words: its type, its values, its limits, its default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A value of an enumeration, and what it means where that is said."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a value may be. `shared` is the named schema that lists its other forms, or empty."""

    kind: str
    shared: str
    facts: tuple[str, ...]
    words: tuple[Word, ...]


def value_of(api: Api, schema: Schema) -> Value:
    """The type, limits, default and words of a value; the forms of a shared type are left to its own row."""
    meant = api.resolve(schema)
    null = " or `null`" if schema.nullable or meant.nullable else ""
    default = schema.default or meant.default
    facts = [f"default {literal(default)}"] if default else []
    if is_shared(meant):
        kind = _type(api, meant.canonical, set())
        return Value(kind=kind + null, shared=meant.name, facts=tuple(facts), words=())
    if meant.variants:
        return Value(kind=_kind(api, schema, set()), shared="", facts=tuple(facts), words=())
    limits = [_limit(*limit) for limit in meant.limits]
    words = _words(meant)
    return Value(kind=_type(api, meant, set()) + null, shared="", facts=(*limits, *facts), words=words)


def forms_of(api: Api, schema: Schema) -> str:
    """Every form of a value with its limits, such as "integer, at least `1`; or `null`"."""
    return _kind(api, schema, set())


def is_shared(schema: Schema) -> bool:
    """Whether the schema is a named value of several forms, which is explained once."""
    return bool(
        schema.name and len(schema.variants) > 1 and not any(one.resolve().properties for one in schema.variants)
    )


def split_words(description: str, values: tuple[Frozen, ...]) -> tuple[str, Mapping[str, str]]:
    """A description of an enumeration as what it says before the words, and what it says after each of them.

    A description that does not name every word, in order, is left whole.
    """
    marks = [f"`{value}`" for value in values]
    places = [description.find(mark) for mark in marks]
    if not marks or -1 in places or places != sorted(places):
        return description, {}
    ends = [*places[1:], len(description)]
    meanings = (
        description[start + len(mark) : end].strip(" ,.:;").removesuffix(" and").rstrip(" ,")
        for mark, start, end in zip(marks, places, ends, strict=True)
    )
    before = description[: places[0]].strip().removesuffix(":")
    return f"{before.rstrip('.')}." if before else "", dict(zip(map(str, values), meanings, strict=True))


def _words(schema: Schema) -> tuple[Word, ...]:
    _, meanings = split_words(schema.description, schema.enum)
    return tuple(Word(value=literal(value), meaning=meanings.get(str(value), "")) for value in schema.enum)


def _kind(api: Api, schema: Schema, written: set[str]) -> str:
    """The forms of a value. Those of a component are written once; then its name stands for them."""
    meant = api.resolve(schema)
    if meant.name in written:
        return literal(meant.name)
    written |= {meant.name} - {""}
    members = [_kind(api, variant, written) for variant in meant.variants] or [_plain(api, meant, written)]
    null = ["`null`"] if schema.nullable or meant.nullable else []
    return "; or ".join([*members, *null])


def _plain(api: Api, schema: Schema, written: set[str]) -> str:
    return ", ".join([_type(api, schema, written), *_further(schema)])


def _further(schema: Schema) -> Iterator[str]:
    if schema.enum:
        yield f"one of {list_values(schema.enum)}"
    yield from (_limit(*limit) for limit in schema.limits)


def _type(api: Api, schema: Schema, written: set[str]) -> str:
    name = " or ".join(schema.types) or "any value"
    noted = schema.format or str(dict(schema.further).get("contentMediaType", ""))
    formatted = f"{name} ({noted})" if noted else name
    return f"{formatted} of {_kind(api, schema.items, written)}" if schema.items else formatted


def _limit(keyword: str, value: Frozen) -> str:
    phrase = _PHRASES.get(keyword, f"{keyword} {{}}")
    return (phrase.removesuffix("s") if value == 1 else phrase).format(literal(value))

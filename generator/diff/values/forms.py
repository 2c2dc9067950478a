"""The forms that a value may have, and which of them belong together before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.diff.texts import json_text
from generator.ir import JsonType, Schema

_BYTES = "application/octet-stream"
NUMBERS: tuple[set[JsonType], ...] = ({"integer"}, {"number"})
_JSON: dict[type, JsonType] = {str: "string", bool: "boolean", int: "integer", float: "number", tuple: "array"}
Form = tuple[Schema, Schema]  # as it is written, and what it refers to


def allows_anything(schema: Schema) -> bool:
    """Whether the schema names no type."""
    return not (types_of(schema) or schema.variants)


def types_of(schema: Schema) -> set[JsonType]:
    """The JSON types, those of the enum where none is named."""
    return set(schema.types) or {_JSON[type(value)] for value in schema.enum if type(value) in _JSON}


def type_change(old: set[JsonType], new: set[JsonType]) -> str:
    """The name of the rule for other types."""
    if _covers(new, old):
        return "type-generalized"
    return "type-specialized" if _covers(old, new) else "type-changed"


def _covers(wide: set[JsonType], narrow: set[JsonType]) -> bool:
    return all(type_ in wide or (type_ == "integer" and "number" in wide) for type_ in narrow)


def plain(schema: Schema) -> Schema:
    """The schema with files and Base64 said as OpenAPI 3.0 does, whose formats 3.1 writes with two keywords."""
    said = dict(schema.further)
    if schema.types not in ((), ("string",)) or not ("contentMediaType" in said or "contentEncoding" in said):
        return schema
    encoding, media_type = said.get("contentEncoding"), str(said.get("contentMediaType", ""))
    implied = "byte" if encoding == "base64" else "binary" if encoding is None and media_type == _BYTES else ""
    if not implied or schema.format not in ("", implied):
        return schema
    rest = tuple(
        one for one in schema.further if one not in (("contentEncoding", encoding), ("contentMediaType", _BYTES))
    )
    return replace(schema, format=implied, types=("string",), further=rest)


def fold_constants(schema: Schema, forms: list[Schema]) -> Schema | None:
    """A plain value as it is, a choice between constants as the enum that it stands for; None for any other."""
    if not schema.variants:
        return None if schema.properties or schema.items else schema
    if not all(form.enum and not form.variants for form in forms) or schema.properties:
        return None
    types = tuple(sorted({type_ for form in (schema, *forms) for type_ in types_of(form)}))
    values = tuple(value for form in forms for value in form.enum)
    return replace(schema, types=types, enum=values, variants=())


def type_words(schema: Schema) -> str:
    """The types in words."""
    words = [schema.reference] if schema.reference else [*sorted(types_of(schema)), *map(type_words, schema.variants)]
    return " or ".join(dict.fromkeys(words)) or "anything"


def forms_of(written: Schema, meant: Schema) -> list[Schema]:
    """The members of a choice, or the schema as the only form, without what is said around the choice."""
    if not meant.variants:
        return [replace(written, nullable=False, default="", further=(), description="", examples=())]
    if is_choice(meant):
        return list(meant.variants)
    return [_of_type(form, meant) for form in meant.variants]


def is_choice(schema: Schema) -> bool:
    """Whether the forms are those of oneOf or anyOf, and not the types of one schema."""
    return bool(schema.variants) and len(schema.types) < 2


def _of_type(form: Schema, around: Schema) -> Schema:
    if form.types == ("array",):
        return replace(form, items=around.items)
    if form.types == ("object",):
        return replace(form, properties=around.properties, open=around.open, additional=around.additional)
    return form


def pair_forms(left: list[Form], right: list[Form]) -> Iterator[tuple[Schema, Schema]]:
    """The forms that belong together, the most alike first; they are taken out of the lists."""
    for likeness in (_same, _same_name, _same_type, _numbers):
        for one in tuple(left):
            other = next((form for form in right if likeness(one, form)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                yield one[0], other[0]


def _same(one: Form, other: Form) -> bool:
    return one[0].reference == other[0].reference and json_text(one[0].definition) == json_text(other[0].definition)


def _same_name(one: Form, other: Form) -> bool:
    return bool(one[0].reference) and one[0].reference == other[0].reference


def _same_type(one: Form, other: Form) -> bool:
    """Objects that both have a name differ in more than their type."""
    two_names = one[0].reference and other[0].reference and "object" in one[1].types
    return not two_names and types_of(one[1]) == types_of(other[1])


def _numbers(one: Form, other: Form) -> bool:
    return types_of(one[1]) in NUMBERS and types_of(other[1]) in NUMBERS

"""Rules about what the JSON Schema specification lets pass, but what is surely not meant."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator

from generator.errors import SpecError
from generator.lint.description import Description, join_names, members, types
from generator.lint.rule import Rule
from generator.load import Node

_ABOUT = {
    "string": ("minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType"),
    "array": ("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"),
    "object": (
        *("properties", "required", "minProperties", "maxProperties"),
        *("additionalProperties", "patternProperties", "propertyNames"),
    ),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_TYPE_OF = {keyword: kind for kind, keywords in _ABOUT.items() for keyword in keywords}
_OTHERS = """
    type enum const format default title description examples example deprecated readOnly writeOnly nullable
    allOf anyOf oneOf not if then else dependentSchemas dependentRequired minContains maxContains
    unevaluatedProperties unevaluatedItems contentSchema discriminator xml externalDocs
    $ref $defs $id $anchor $schema $comment $dynamicRef $dynamicAnchor $vocabulary
"""
_KEYWORDS = frozenset(_TYPE_OF) | frozenset(_OTHERS.split())
_ORDER = (
    *(("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")),
    *(("minProperties", "maxProperties"), ("minContains", "maxContains")),
)


def _keywords(description: Description) -> Iterator[SpecError]:
    known = _KEYWORDS - ({"nullable"} if description.root.text("openapi").startswith("3.1") else set())
    for schema in description.find_all("schema"):
        for key, node in schema.members():
            if key not in known and not key.startswith("x-"):
                close = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean {close[0]}?" if close else "remove it, or write what JSON Schema calls it"
                yield node.fault(f"{key!r} is no keyword of a schema", hint)


def _check_keywords(description: Description) -> Iterator[SpecError]:
    for schema in description.find_all("schema"):
        said = {"number" if name == "integer" else name for name in types(schema)}
        for key, node in schema.members():
            if said and key in _TYPE_OF and _TYPE_OF[key] not in said:
                yield node.fault(
                    f"{key} says nothing about a value of type {join_names(said)}", "remove one of the two"
                )


def _limits(description: Description) -> Iterator[SpecError]:
    for schema in description.find_all("schema"):
        for low, high in _ORDER:
            least, most = (_number(schema.get(key)) for key in (low, high))
            if least is not None and most is not None and least > most:
                yield schema[low].fault(f"{low} {least} is above {high} {most}", "no value fits; swap them")


def _number(node: Node | None) -> float | None:
    return node.value if node is not None and isinstance(node.value, int | float) else None


def _enums(description: Description) -> Iterator[SpecError]:
    for schema in description.find_all("schema"):
        values = [node.value for node in schema.each("enum")]
        place = schema.get("enum") or schema
        if len({json.dumps(value, sort_keys=True) for value in values}) < len(values):
            yield place.fault("the enum lists a value twice", "remove one of them")
        if len({_kind(value) for value in values if value is not None}) > 1:
            yield place.fault("the enum mixes types", "write values of one type, or oneOf with one enum for each")
        elif odd := [value for value in values if not _is_allowed(value, types(schema))]:
            yield place.fault(f"the enum holds {odd[0]!r}, which its type does not allow", "mend the type or the value")


_KINDS = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "null")


def _is_allowed(value: object, said: set[str]) -> bool:
    return not said or _kind(value) in said or (_kind(value) == "integer" and "number" in said)


def _items(description: Description) -> Iterator[SpecError]:
    for schema in description.find_all("schema"):
        if "array" in types(schema) and not schema.has("items") and not schema.has("prefixItems"):
            yield schema.fault("the array does not say what its items are", "add `items`")


def _check_required(description: Description) -> Iterator[SpecError]:
    for schema in description.find_all("schema"):
        known = members(schema)
        for name in schema.texts("required") if known else ():
            if name not in known:
                close = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean {close[0]}?" if close else "describe it under `properties`"
                yield schema["required"].fault(f"the required property {name!r} is not described", hint)


RULES = (
    Rule(name="schema-keyword", asks="schemas hold keywords of JSON Schema and extensions only", check=_keywords),
    Rule(name="keyword-type", asks="a keyword is used only on a schema whose type it is about", check=_check_keywords),
    Rule(name="limits", asks="no lower limit is above its upper one", check=_limits),
    Rule(name="enum", asks="the values of an enum differ, and are of one type, the schema's", check=_enums),
    Rule(name="array-items", asks="every array says what its items are", check=_items),
    Rule(name="required-property", asks="what is required is described", check=_check_required),
)

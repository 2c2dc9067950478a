"""Rules about keywords of a schema that contradict each other, or say nothing alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import jsonschema_rs

from generator.errors import SpecError
from generator.lint.description import Description, join_names, members, required_names, types
from generator.lint.rule import Rule
from generator.load import Node

_LOWER = (("minimum", False), ("exclusiveMinimum", True))
_UPPER = (("maximum", False), ("exclusiveMaximum", True))
_NUMBERS, _TEXTS = frozenset(("integer", "number")), frozenset(("string",))
_FORMATS = dict.fromkeys(("int32", "int64", "float", "double", "decimal"), _NUMBERS) | dict.fromkeys(
    (
        *("date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uuid"),
        *("binary", "byte", "password", "regex"),
    ),
    _TEXTS,
)
_PARTNERS = {
    "then": ("if",),
    "else": ("if",),
    "minContains": ("contains",),
    "maxContains": ("contains",),
    "discriminator": ("oneOf", "anyOf", "allOf", "properties"),
    "unevaluatedItems": ("prefixItems", "contains", "items", "allOf", "anyOf", "oneOf", "$ref", "if"),
}
_VALUES = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "type"),
)


def _contradictions(description: Description) -> Iterator[SpecError]:
    for schema in description.find_all("schema"):
        for check in (_bounds, _flags, _format, _values, _alternatives, _sizes, _parts):
            yield from check(schema)


def _bounds(schema: Node) -> Iterator[SpecError]:
    """An exclusive bound that leaves nothing between it and the other one."""
    for low, low_open in _LOWER:
        for high, high_open in _UPPER:
            least, most = (_number(schema.get(key)) for key in (low, high))
            open_ = low_open or high_open
            if open_ and least is not None and most is not None and least >= most:
                hint = "no value fits; mend one of them"
                yield schema[low].fault(f"{low} {least:g} and {high} {most:g} leave nothing", hint)


def _flags(schema: Node) -> Iterator[SpecError]:
    if schema.flag("readOnly") and schema.flag("writeOnly"):
        yield schema["writeOnly"].fault("the value is both readOnly and writeOnly", "keep one of them")


def _format(schema: Node) -> Iterator[SpecError]:
    said, fits = types(schema) - {"null"}, _FORMATS.get(schema.text("format"))
    if said and fits and not said & fits:
        message = f"the format {schema.text('format')} is none of a value of type {join_names(said)}"
        yield schema["format"].fault(message, "mend the type or the format")


def _values(schema: Node) -> Iterator[SpecError]:
    """Constants and listed values that the other keywords rule out."""
    rules = {key: schema[key].value for key in _VALUES if schema.has(key)}
    places = [*([schema["const"]] if schema.has("const") else []), *schema.each("enum")]
    if not rules or not places or isinstance(rules.get("exclusiveMinimum", rules.get("exclusiveMaximum")), bool):
        return
    if schema.flag("nullable") and isinstance(rules.get("type"), str):
        rules["type"] = [rules["type"], "null"]
    validator = jsonschema_rs.Draft202012Validator(rules)
    for place in places:
        if not validator.is_valid(place.value):
            yield place.fault(f"{json.dumps(place.value)} is ruled out by the other keywords", "mend one of the two")


def _alternatives(schema: Node) -> Iterator[SpecError]:
    """Two equal forms of a choice of exactly one."""
    met: list[object] = []
    for form in schema.each("oneOf"):
        if form.value in met:
            yield form.fault("oneOf lists the same form twice, so no value has exactly one", "remove one of them")
        met.append(form.value)


def _sizes(schema: Node) -> Iterator[SpecError]:
    """Numbers of members that the described ones cannot have."""
    closed = schema.has("additionalProperties") and schema["additionalProperties"].value is False
    known, needed = len(members(schema)), len(required_names(schema))
    least, most = (_number(schema.get(key)) for key in ("minProperties", "maxProperties"))
    if closed and not schema.has("patternProperties") and least is not None and least > known:
        yield schema["minProperties"].fault(
            f"minProperties {least:g} is above the {known} that there may be", "lower it"
        )
    if most is not None and most < needed:
        yield schema["maxProperties"].fault(
            f"maxProperties {most:g} is below the {needed} that are required", "raise it"
        )


def _parts(schema: Node) -> Iterator[SpecError]:
    """Parts of an allOf that have no type in common."""
    common = types(schema)
    for part in schema.each("allOf"):
        said = types(part.resolve())
        wide = said | ({"integer"} if "number" in said else set())
        if common and said and not common & wide and not ("number" in common and "integer" in said):
            message = f"this part is of type {join_names(said)}, what is before it of type {join_names(common)}"
            yield part.fault(message, "no value is both; write anyOf, or mend one of them")
        common = (common & wide) or said or common


def _partners(description: Description) -> Iterator[SpecError]:
    for schema in description.find_all("schema"):
        for key, others in _PARTNERS.items():
            if schema.has(key) and not any(schema.has(other) for other in others):
                yield schema[key].fault(f"{key} says nothing without {' or '.join(others)}", "add it, or remove this")


def _number(node: Node | None) -> float | None:
    value = node.value if node is not None else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


RULES = (
    Rule(
        name="contradiction", asks="no keyword of a schema rules out what another one asks for", check=_contradictions
    ),
    Rule(name="keyword-partner", asks="a keyword that needs another one stands beside it", check=_partners),
)

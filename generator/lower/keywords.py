"""The keywords of JSON Schema that lowering does not take apart."""

from __future__ import annotations

from generator.ir import Frozen, freeze
from generator.load import Node
from generator.load.components import ANNOTATIONS
from generator.load.places import Place, below
from generator.names import is_binary

LIMITS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
)
_NUMERIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
KEYWORDS_OF_TYPE = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "integer": _NUMERIC,
    "number": _NUMERIC,
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("minProperties", "maxProperties"),
}
_OTHER_KEYWORDS = (
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "dependentRequired",
    "dependentSchemas",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "not",
    "if",
    "then",
    "else",
    "contentEncoding",
    "contentMediaType",
    "discriminator",
    "readOnly",
    "writeOnly",
)


def read_format(node: Node) -> str:
    """The format; `binary` where OpenAPI 3.1 names the media type of bytes instead."""
    is_text = node.has("contentEncoding") or node.text("type", "string") != "string"
    bytes_ = "" if is_text or not is_binary(node.text("contentMediaType")) else "binary"
    return node.text("format") or bytes_


def other_keywords(node: Node) -> tuple[tuple[str, Frozen], ...]:
    """The keywords that the model has no field for."""
    others = ((key, node[key].value) for key in _OTHER_KEYWORDS if node.has(key))
    return tuple((key, freeze(_drop_annotations(below(Place.OBJECT, key, value), value))) for key, value in others)


def _drop_annotations(place: Place, value: object) -> object:
    """The value without titles, descriptions, examples and extensions."""
    if place is Place.DATA:
        return value
    if isinstance(value, list):
        return [_drop_annotations(place, item) for item in value]
    if isinstance(value, dict):
        return {
            key: _drop_annotations(below(place, key, item), item) for key, item in value.items() if _is_rule(place, key)
        }
    return value


def _is_rule(place: Place, key: str) -> bool:
    return place is Place.NAMES or not (key in ANNOTATIONS or key.startswith("x-"))

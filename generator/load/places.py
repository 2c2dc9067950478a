"""What kind of place a value of an OpenAPI document stands at.

A place is an `OBJECT` (its keys are keywords), a map of `NAMES` (its keys are the author's
words, its values objects), or `DATA` (examples, defaults, extension values: no keywords).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from generator.load.document import Pointer


class Place(Enum):
    """The three kinds of place."""

    OBJECT = "object"
    NAMES = "names"
    DATA = "data"


# A description of OpenAPI 3.0 has its webhooks in an extension that vendors agree upon.
WEBHOOKS = ("webhooks", "x-webhooks")
_NAME_MAPS = frozenset(
    [
        "properties",
        "patternProperties",
        "$defs",
        "definitions",
        "dependentSchemas",
        "headers",
        "responses",
        "content",
        "schemas",
        "parameters",
        "requestBodies",
        "securitySchemes",
        "links",
        "callbacks",
        "paths",
        *WEBHOOKS,
        "variables",
        "encoding",
        "pathItems",
        "examples",
    ]
)
_DATA = frozenset(("example", "default", "const", "enum", "value", "security", "mapping", "scopes", "required"))


def below(place: Place, key: str | int, value: object) -> Place:
    """The kind of place that `value` stands at, under `key` of a place of this kind."""
    if place is Place.DATA:
        return Place.DATA
    if isinstance(key, int):
        return place
    if place is Place.NAMES:
        return Place.OBJECT
    if key in _DATA or (key.startswith("x-") and key not in WEBHOOKS):
        return Place.DATA
    if key in _NAME_MAPS:
        if isinstance(value, dict):
            return Place.NAMES
        return Place.DATA if key == "examples" else Place.OBJECT
    return Place.OBJECT


_SCHEMAS = frozenset(
    [
        "schema",
        "schemas",
        "items",
        "properties",
        "patternProperties",
        "additionalProperties",
        "$defs",
        "definitions",
        "oneOf",
        "anyOf",
        "allOf",
        "not",
        "if",
        "then",
        "else",
        "prefixItems",
        "contains",
        "propertyNames",
        "unevaluatedProperties",
        "unevaluatedItems",
        "dependentSchemas",
    ]
)
_WHAT = (
    {
        "paths": "pathItem",
        "pathItems": "pathItem",
        "responses": "response",
        "parameters": "parameter",
        "headers": "header",
        "securitySchemes": "securityScheme",
        "requestBody": "requestBody",
        "requestBodies": "requestBody",
    }
    | dict.fromkeys(WEBHOOKS, "pathItem")
    | dict.fromkeys(_SCHEMAS, "schema")
)
HTTP_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Found:
    """An object of the document: what it is (`operation`, `schema`, …), its pointer and value."""

    what: str
    pointer: Pointer
    value: dict[str, object]


def objects(content: dict[str, object]) -> list[Found]:
    """Every object whose keys are keywords, outermost first."""
    found: list[Found] = []
    _walk(Place.OBJECT, "root", (), content, found)
    return found


def what_at(pointer: Pointer) -> str:
    """What an object at that place is, by the keys that lead to it."""
    place, what = Place.OBJECT, "root"
    for index, key in enumerate(pointer):
        inner = _what(what, str(key)) if place is Place.OBJECT and not isinstance(key, int) else what
        listed = isinstance(pointer[index + 1], int) if index + 1 < len(pointer) else False
        place, what = below(place, key, [] if listed else {}), inner
    return what


def _walk(place: Place, what: str, pointer: Pointer, value: object, found: list[Found]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _walk(place, what, (*pointer, index), item, found)
        return
    if not isinstance(value, dict):
        return
    if place is Place.OBJECT:
        found.append(Found(what, pointer, value))
    for key, item in value.items():
        if not isinstance(item, dict | list) or (kind := below(place, key, item)) is Place.DATA:
            continue
        inner = _what(what, key) if place is Place.OBJECT else what
        _walk(kind, inner, (*pointer, key), item, found)


def _what(what: str, key: str) -> str:
    if what == "pathItem" and key in HTTP_METHODS:
        return "operation"
    return _WHAT.get(key, "other")

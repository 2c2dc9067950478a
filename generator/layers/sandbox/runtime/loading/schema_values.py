"""Values that a JSON Schema allows, made from its examples, or else of the least that it asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from jsonschema_rs import Draft202012Validator, Registry

_ROOT = "urn:description"
_DEEPEST = 8
_MOST = 12  # values of one variant that are tried
_LONGEST = 10_000  # characters, or items
_FORMATS = {
    "date-time": "2030-01-01T09:00:00.000+00:00",
    "date": "2030-01-01",
    "email": "someone@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
}
Schema = Mapping[str, Any]


@lru_cache(maxsize=8)
def read_schemas(text: str) -> Mapping[str, Any]:
    """The schemas of one version; parsed once for all that ask."""
    schemas: dict[str, Any] = json.loads(text)
    return schemas


def schema_registry(schemas: Mapping[str, Any]) -> Registry:
    """The registry that `$ref` of one version is resolved in."""
    return Registry([(_ROOT, {"components": schemas["components"]})])


def compile_schema(schema: object, registry: Registry) -> Draft202012Validator:
    """The validator of a schema whose references lead into the registry."""
    absolute = json.loads(json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{_ROOT}#/'))
    return Draft202012Validator(absolute, registry=registry, validate_formats=True)


class ValueMaker:
    """Makes values of the schemas of one version."""

    def __init__(self, schemas: Mapping[str, Any], registry: Registry) -> None:
        self._components: Mapping[str, Schema] = schemas["components"].get("schemas", {})
        self._registry = registry

    def make_value(self, schema: object, depth: int = 0) -> object:
        """A value that the schema allows; one that is nearly so where none was found."""
        validator = compile_schema(schema, self._registry)
        nearest: object = None
        for value in self._list_values(schema, depth):
            if validator.is_valid(value):
                return value
            nearest = value if nearest is None else nearest
        return nearest

    def _list_values(self, schema: object, depth: int) -> Iterator[object]:
        if not isinstance(schema, Mapping):
            yield {}
            return
        schema = self._resolve(schema)
        yield from (schema[word] for word in ("example", "default", "const") if word in schema)
        yield from (value for word in ("examples", "enum") for value in schema.get(word, ()))
        if depth > _DEEPEST:
            return
        whole = _merge(schema, *(self._resolve(one) for one in schema.get("allOf", ())))
        variants = [one for word in ("oneOf", "anyOf") for one in whole.get(word, ())]
        for variant in variants:
            plain = {name: value for name, value in whole.items() if name not in ("oneOf", "anyOf", "allOf")}
            yield from islice(self._list_values(_merge(plain, self._resolve(variant)), depth + 1), _MOST)
        if not variants:
            for kind in _types_of(whole):
                yield from self._list_of_type(kind, whole, depth)

    def _list_of_type(self, kind: str, schema: Schema, depth: int) -> Iterator[object]:
        if kind == "object":
            members = schema.get("properties", {})
            for names in (schema.get("required", ()), members):
                yield {name: self.make_value(members.get(name, {}), depth + 1) for name in names}
        elif kind == "array":
            item = self.make_value(schema.get("items", {}), depth + 1)
            yield [item] * max(1, min(schema.get("minItems", 0), _LONGEST))
            yield []
        else:
            yield from _list_scalars(kind, schema)

    def _resolve(self, schema: object) -> Schema:
        """The schema with what it refers to, and what stands beside the reference."""
        found: Schema = schema if isinstance(schema, Mapping) else {}
        for _ in range(_DEEPEST):
            if "$ref" not in found:
                break
            beside = {name: value for name, value in found.items() if name != "$ref"}
            _, _, name = str(found["$ref"]).rpartition("/")
            found = {**self._components.get(name, {}), **beside}
        return found


def _merge(*schemas: Schema) -> dict[str, Any]:
    """One schema that asks for what all of them ask for, as far as objects go."""
    merged: dict[str, Any] = {}
    for schema in schemas:
        members = {**merged.get("properties", {}), **schema.get("properties", {})}
        required = dict.fromkeys((*merged.get("required", ()), *schema.get("required", ())))
        merged = {**merged, **schema, "properties": members, "required": [*required]}
    return merged


def _types_of(schema: Schema) -> list[str]:
    kinds = schema.get("type") or ("array" if "items" in schema else "object")
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _list_scalars(kind: str, schema: Schema) -> Iterator[object]:
    if kind == "string":
        if schema.get("format") in _FORMATS:
            yield _FORMATS[schema["format"]]
        text = "text".ljust(min(schema.get("minLength", 0), _LONGEST), "x")
        yield text[: schema.get("maxLength", len(text))]
    elif kind in ("integer", "number"):
        lowest, highest = schema.get("minimum"), schema.get("maximum")
        above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        yield from (0, *(one for one in (lowest, highest) if one is not None))
        yield from (
            one for one in (above is not None and above + 1, below is not None and below - 1) if one is not False
        )
    elif kind == "boolean":
        yield from (False, True)
    else:
        yield None

"""The JSON Schemas that the validators are compiled from, as one JSON text for each version."""

from __future__ import annotations

import json
from collections.abc import Mapping

from generator.ir import Api, Frozen, Operation, Response, thaw

_MAPS = frozenset(("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"))
_RANGES: Mapping[str, Mapping[str, object]] = {
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "int64": {"minimum": -(2**63), "maximum": 2**63 - 1},
}
_VALUES = frozenset(("enum", "const", "default", "example", "examples", "required"))


def schemas(api: Api) -> str:
    """The component schemas, and those of every query parameter, setting, whole body and response."""
    content = {
        "components": {"schemas": {schema.name: standard(schema.definition) for schema in api.schemas}},
        "query": {o.id: {p.name: standard(p.schema.definition) for p in o.in_("query")} for o in api.operations},
        "body": {o.id: _settings(o) for o in api.operations},
        "whole": {o.id: standard(o.body.schema.definition) for o in api.operations if o.body is not None},
        "responses": {o.id: _response_schemas(o) for o in api.operations},
        "details": {o.id: {str(r.status): _response_details(r) for r in o.responses} for o in api.operations},
    }
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def standard(definition: Frozen) -> object:
    """The definition as JSON Schema 2020-12; what OpenAPI 3.0 writes differently is rewritten."""
    return _standard(thaw(definition))


def _standard(value: object) -> object:
    if isinstance(value, list):
        return [_standard(item) for item in value]
    if not isinstance(value, dict):
        return value
    schema = {key: _member(key, item) for key, item in value.items() if not key.startswith("x-")}
    for bound in ("minimum", "maximum"):
        exclusive = f"exclusive{bound.capitalize()}"
        if isinstance(schema.get(exclusive), bool):
            limit = schema.pop(bound, None) if schema.pop(exclusive) else None
            schema |= {} if limit is None else {exclusive: limit}
    schema = {**_RANGES.get(str(schema.get("format")), {}), **schema}  # for validators, a number's format is a remark
    if schema.get("nullable") is True:
        del schema["nullable"]
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


def _member(key: str, value: object) -> object:
    if key in _VALUES:
        return value
    if key in _MAPS and isinstance(value, dict):
        return {name: _standard(schema) for name, schema in value.items()}
    return _standard(value)


def _settings(operation: Operation) -> dict[str, object]:
    return {member.name: standard(member.schema.definition) for member in operation.settings}


def _response_schemas(operation: Operation) -> dict[str, object]:
    described = (r for r in operation.responses if r.schema is not None and "json" in r.media_type)
    return {str(r.status): standard(r.schema.definition) for r in described if r.schema is not None}


def _response_details(response: Response) -> dict[str, object]:
    """What is described of a response beside its content."""
    return {
        "media_type": response.media_type,
        "headers": {header.name: standard(header.schema.definition) for header in response.headers},
        "needed": [header.name for header in response.headers if header.required],
    }

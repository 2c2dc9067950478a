"""The JSON Schemas that the description has for what is sent: parameters, headers, bodies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ...api import Api, Operation, load_document
from ...stateful.response_schemas import find_reference, find_response

_REFERENCE = "$ref"
Place = tuple[str, str]  # where a parameter is sent, and its name; headers in lower case


def find_parameter_schemas(api: Api, operation: Operation) -> Mapping[Place, Any]:
    """The schema of each parameter of an operation."""
    return _read_parameters(api.name, operation.path, operation.method.lower())


def find_body_schemas(api: Api, operation: Operation) -> Mapping[str, Any]:
    """The schemas of the request body by media type, as they are written."""
    return _read_body(api.name, operation.path, operation.method.lower())


def find_header_schema(api: Api, operation: Operation, status: int, name: str) -> Any:
    """The schema of a header of a response."""
    document = load_document(api.name)
    headers = find_response(api, operation, status).get("headers", {})
    found: Any = next((header for own, header in headers.items() if own.lower() == name.lower()), {})
    return _schema_of(_resolve(document, found))


def find_member_schemas(api: Api, schema: Any) -> Mapping[str, Any]:
    """The schemas of the members of an object, those of the schemas that it is combined of among them."""
    document = load_document(api.name)
    found: dict[str, Any] = {}
    waiting = [schema]
    for _ in range(100):
        if not waiting:
            break
        one = _resolve(document, waiting.pop())
        if isinstance(one, dict):
            found = {**one.get("properties", {}), **found}
            waiting += [part for word in ("allOf", "anyOf", "oneOf") for part in one.get(word, ())]
    return found


@cache
def _read_parameters(name: str, path: str, method: str) -> Mapping[Place, Any]:
    document = load_document(name)
    item = document["paths"][path]
    listed = [_resolve(document, one) for one in (*item.get("parameters", ()), *item[method].get("parameters", ()))]
    return {(one["in"], _plain(one["in"], one["name"])): _schema_of(one) for one in listed}


@cache
def _read_body(name: str, path: str, method: str) -> Mapping[str, Any]:
    document = load_document(name)
    body = _resolve(document, document["paths"][path][method].get("requestBody", {}))
    return {kind: content.get("schema", True) for kind, content in body.get("content", {}).items()}


def _plain(place: str, name: str) -> str:
    return name.lower() if place == "header" else name


def _schema_of(described: Any) -> Any:
    """The schema of a parameter or header, which may stand below a media type."""
    contents = described.get("content", {}).values()
    return described.get("schema", next((one.get("schema", True) for one in contents), True))


def _resolve(document: Any, value: Any) -> Any:
    for _ in range(20):
        if not isinstance(value, dict) or _REFERENCE not in value:
            return value
        value = find_reference(document, value[_REFERENCE])
    return value

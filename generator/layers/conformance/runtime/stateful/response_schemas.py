"""The schemas that the description has for responses, and what of a response breaks them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from ..api import Api, Json, Operation, load_document
from ..http.wire import media_type

_REFERENCE = "$ref"
_VALIDATORS: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}


def find_schemas(api: Api, operation: Operation, status: int) -> Mapping[str, Any]:
    """The schemas of a response by media type, as they are written; of a range or `default`, if that has the status."""
    response = find_response(api, operation, status)
    return {kind: content.get("schema", True) for kind, content in response.get("content", {}).items()}


def find_response(api: Api, operation: Operation, status: int) -> Mapping[str, Any]:
    """What is described of a response: of its status, of a range such as 4XX, or else of `default`."""
    document = load_document(api.name)
    responses = document["paths"][operation.path][operation.method.lower()]["responses"]
    ranges = (f"{status // 100}XX", f"{status // 100}xx", "default")
    response: Any = next((responses[name] for name in (str(status), *ranges) if name in responses), {})
    while _REFERENCE in response:
        response = find_reference(document, response[_REFERENCE])
    found: Mapping[str, Any] = response
    return found


def choose_schema(schemas: Mapping[str, Any], kind: str) -> Any:
    """The schema of a media type, also if it is described by a range such as `image/*`; None if it is not described."""
    by_type = {media_type(name): schema for name, schema in schemas.items()}
    names = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    return next((by_type[name] for name in names if name in by_type), None)


def find_schema_error(api: Api, schema: Json, value: Json) -> str:
    """Why a value does not match a schema, without the value; empty if it does."""
    error = next(_validator(api, json.dumps(schema)).iter_errors(value), None)
    if error is None:
        return ""
    place = "/".join(map(str, error.instance_path))
    return f"/{place} breaks {error.schema_path[-1] if error.schema_path else 'the schema'}"


def _validator(api: Api, schema: str) -> jsonschema_rs.Draft202012Validator:
    """Compiled once for each version and schema."""
    if (api.name, schema) not in _VALIDATORS:
        whole = {
            "$ref": "#/schema",
            "schema": json.loads(schema),
            "components": load_document(api.name).get("components", {}),
        }
        _VALIDATORS[api.name, schema] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    return _VALIDATORS[api.name, schema]


def find_reference(document: Any, reference: str) -> Any:
    """What a reference of the document names."""
    for part in reference.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document

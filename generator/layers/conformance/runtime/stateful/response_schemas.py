"""The schemas that the description has for responses, and what of a response breaks them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from ..api import Api, Json, Operation, load_document

_REFERENCE = "$ref"
_VALIDATORS: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}


def find_schemas(api: Api, operation: Operation, status: int) -> Mapping[str, Any]:
    """The schemas of a response by media type."""
    document = load_document(api.name)
    responses = document["paths"][operation.path][operation.method.lower()]["responses"]
    response = responses.get(str(status), {})
    while _REFERENCE in response:
        response = find_reference(document, response[_REFERENCE])
    return {kind: content.get("schema", True) for kind, content in response.get("content", {}).items()}


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

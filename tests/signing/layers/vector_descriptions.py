"""Each published vector as a description of its own, with one operation that sends the request of the vector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.signing.published import NAMES, Vector, vectors_of

# what the client or the HTTP library writes itself
UNDECLARED = ("host", "content-type", "content-length")


def vectors_by_version() -> dict[str, tuple[str, Vector]]:
    """Scheme and vector by the name of a version: `oauth1x0`."""
    return {
        f"{name.replace('-', '')}x{number}": (name, vector)
        for name in NAMES
        for number, vector in enumerate(vectors_of(name))
    }


def write_descriptions(folder: Path) -> None:
    """A folder for each vector, with its description."""
    for version, (_, vector) in vectors_by_version().items():
        (folder / version).mkdir(parents=True)
        (folder / version / "openapi.yaml").write_text(json.dumps(_describe(version, vector)), encoding="utf-8")


def parameters_of(vector: Vector) -> dict[str, dict[str, str]]:
    """The values that a caller passes, by place and name; those that the scheme places are left to it."""
    placed = {one.name.lower() for placement in vector.scheme.placements for one in placement.fields}
    query = {name: str(value) for name, value in vector.request.pairs("query") if name.lower() not in placed}
    headers = {
        name: value
        for name, value in vector.request.headers
        if name.lower() not in placed and name.lower() not in UNDECLARED
    }
    return {"query": query, "header": headers}


def _describe(version: str, vector: Vector) -> dict[str, Any]:
    request = vector.request
    described = [
        {"name": name, "in": place, "required": True, "description": "Sent.", "schema": {"type": "string"}}
        for place, values in parameters_of(vector).items()
        for name in values
    ]
    operation: dict[str, Any] = {
        "operationId": "sendVector",
        "x-client": {"resource": "vectors", "method": "send"},
        "security": [{"Signature": []}],
        "parameters": described,
        "responses": {"204": {"description": "Sent."}},
    }
    if request.body:
        kind = "".join(request.header("content-type")) or "application/octet-stream"
        schema = {"type": "string", "format": "binary"}
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": schema}}}
    is_delivery = vector.scheme.direction == "delivery"
    paths = {"/" + request.path.lstrip("/"): {request.method.lower(): operation}}
    signature = {"type": "apiKey", "in": "header", "name": "Authorization", "x-signing": vector.value}
    return {
        "openapi": "3.1.0",
        "info": {"title": version, "version": "1"},
        "servers": [{"url": f"{request.scheme}://{request.authority}"}],
        "paths": {} if is_delivery else paths,
        "webhooks": {"delivered": {"post": operation}} if is_delivery else {},
        "components": {"securitySchemes": {"Signature": signature}},
    }

"""Descriptions as Python data, and the model that is made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.ir import Api
from generator.load import load
from generator.lower import lower

Json = dict[str, Any]


def read(folder: Path, paths: Json, schemas: Mapping[str, Json] | None = None) -> Api:
    """The only version of a description with these paths."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Any", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": dict(schemas or {})},
    }
    file = folder / "openapi.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return lower(load([file])).apis[0]


def operation(name: str, resource: str, answer: Json, **more: object) -> Json:
    """An operation that returns JSON of that schema; its id is also its name in the client."""
    response = {"description": "Done.", "content": {"application/json": {"schema": answer}}}
    return {
        "operationId": name,
        "x-client": {"resource": resource, "method": name},
        "responses": {"200": response},
    } | more


def placeholders(*names: str) -> list[Json]:
    """Path parameters."""
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "integer"}} for name in names]

"""Descriptions whose lowering is easily got wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from generator.ir import Api
from generator.load import load
from generator.lower import lower

DEEP = 40


def lower_operation(folder: Path, parameters: list[Any], schemas: dict[str, Any]) -> Api:
    """The model of a description with one operation."""
    responses = {"200": {"description": "Fine.", "content": {"application/json": {"schema": {"type": "string"}}}}}
    operation = {"operationId": "listA", "tags": ["a"], "parameters": parameters, "responses": responses}
    description = {
        "openapi": "3.1.0",
        "info": {"title": "Made up", "version": "1"},
        "paths": {"/a": {"get": operation}},
        "components": {"schemas": schemas},
    }
    (folder / "v1").mkdir()
    (folder / "v1" / "openapi.yaml").write_text(json.dumps(description), encoding="utf-8")
    return lower(load([folder])).apis[0]


def test_a_parameter_with_a_content_but_no_schema_takes_any_value(tmp_path: Path) -> None:
    parameters = [
        {"name": "any", "in": "query", "description": "Any.", "content": {"application/json": {}}},
        {"name": "all", "in": "query", "content": {"application/json": {"schema": {"type": "integer"}}}},
        {"name": "each", "in": "query", "schema": {"type": "boolean"}},
    ]
    operation = lower_operation(tmp_path, parameters, {}).operations[0]
    assert [one.schema.definition for one in operation.parameters] == [{}, {"type": "integer"}, {"type": "boolean"}]
    assert [one.schema.types for one in operation.parameters] == [(), ("integer",), ("boolean",)]


def test_members_of_a_deep_all_of_are_known(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    for _ in range(DEEP):
        deep = {"allOf": [deep]}
    members = lower_operation(tmp_path, [], {"Deep": deep}).schema("Deep").properties
    assert [(one.name, one.required, one.schema.types) for one in members] == [("name", True, ("string",))]

"""Descriptions whose lowering is easily got wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("beside", "reference", "members"),
    [
        ({}, "Name", []),
        ({"description": "Another.", "x-group": "names"}, "Name", []),
        ({"required": ["name"]}, "", [("name", True)]),
        ({"properties": {"age": {"type": "integer"}}}, "", [("name", False), ("age", False)]),
        ({"maxProperties": 1}, "", [("name", False)]),
    ],
)
def test_an_all_of_of_nothing_but_a_component_is_that_component(
    tmp_path: Path, beside: dict[str, Any], reference: str, members: list[tuple[str, bool]]
) -> None:
    schemas: dict[str, Any] = {
        "Name": {"type": "object", "properties": {"name": {"type": "string"}}},
        "Same": {"allOf": [{"$ref": "#/components/schemas/Name"}]},
        "Whole": {"properties": {"a": {"allOf": [{"$ref": "#/components/schemas/Name"}], **beside}}},
        "More": {"allOf": [{"$ref": "#/components/schemas/Same"}, {"required": ["name"]}]},
    }
    api = lower_operation(tmp_path, [], schemas)
    [whole] = api.schema("Whole").properties
    assert whole.schema.reference == reference
    assert [(one.name, one.required) for one in whole.schema.properties] == members
    assert [(one.name, one.required) for one in api.schema("Same").properties] == [("name", False)]
    assert [(one.name, one.required) for one in api.schema("More").properties] == [("name", True)]

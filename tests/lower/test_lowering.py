"""Descriptions whose lowering is easily got wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.ir import Api
from generator.load import load
from generator.lower import lower
from tests.lower.lowering import read

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


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["application/json"], "application/json"),
        ([], "application/json"),
        (["application/vnd.made-up+json"], "application/vnd.made-up+json"),
        (["application/json", "application/vnd.made-up+json"], "application/json, application/vnd.made-up+json"),
        (["application/json", "application/zip"], "application/json, */*;q=0.5"),
        (["text/csv"], "application/json, */*;q=0.5"),
    ],
)
def test_what_is_accepted_are_the_successes_that_are_described(tmp_path: Path, kinds: list[str], expected: str) -> None:
    content = {kind: {"schema": {"type": "string"}} for kind in kinds}
    responses = {"200": {"description": "Fine.", "content": content}, "400": {"description": "Not.", "content": {}}}
    assert read(tmp_path, {"/a": {"get": {"operationId": "listA", "responses": responses}}}).accept == expected

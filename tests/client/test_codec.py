"""What openapi-python-client cannot take is refused with a clear message, never dropped in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import LayerError, SpecErrors
from tests.client.descriptions import describe_paths, generate_package, json_responses

TEXT = {"type": "string"}


def operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "tags": ["things"], "responses": json_responses({"type": "object"}), **more}


@pytest.mark.parametrize("schema", [{"type": "array", "items": TEXT}, {**TEXT, "format": "date-time"}], ids=str)
def test_an_operation_it_drops_is_an_error(tmp_path: Path, schema: dict[str, Any]) -> None:
    odd = [{"name": "X-List", "in": "header", "schema": schema, "description": "Odd."}]
    with pytest.raises(SpecErrors, match=r"openapi.yaml:\d+: getA: .*header"):
        generate_package(describe_paths({"/a": {"get": operation("getA", parameters=odd)}}), tmp_path)


def test_two_operations_in_one_module_are_an_error(tmp_path: Path) -> None:
    other = {**operation("get_a"), "x-client": {"resource": "others", "method": "show"}}
    paths = {"/a": {"get": {**operation("getA"), "responses": json_responses(TEXT)}}, "/b": {"get": other}}
    with pytest.raises(SpecErrors, match=r"openapi.yaml:\d+: .*'getA' and 'get_a' would both become get_a"):
        generate_package(describe_paths(paths), tmp_path)


def test_two_schemas_in_one_module_are_an_error(tmp_path: Path) -> None:
    schemas = {"HttpError": {"type": "object", "properties": {"a": TEXT}}, "HTTPError": {"type": "object"}}
    with pytest.raises(SpecErrors, match=r"openapi.yaml:\d+: .* would share a module"):
        generate_package(describe_paths({"/a": {"get": operation("getA")}}, components={"schemas": schemas}), tmp_path)


@pytest.mark.parametrize("name", ["errors", "jobs", "scheme", "signing"])
def test_a_version_named_like_a_module_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(LayerError, match=f"cannot be called {name}"):
        generate_package(describe_paths({"/a": {"get": operation("getA")}}), tmp_path, name)

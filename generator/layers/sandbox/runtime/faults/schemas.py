"""Faults of the JSON Schemas that requests are validated with: keywords that are not checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..api import Api, Description, Operation
from .fault import SETTINGS_WRITTEN, Fault

_MAPS = frozenset(("properties", "patternProperties", "dependentSchemas", "$defs"))
_VALUES = frozenset(("enum", "const", "default", "example", "examples"))


def with_schemas(api: Api, change: Callable[[dict[str, Any]], None]) -> Api:
    """The version with its schemas changed in place; see `validation` for their shape."""
    schemas = json.loads(api.validators)
    change(schemas)
    return replace(api, validators=json.dumps(schemas))


def without(schema: Any, *keywords: str) -> Any:
    """The schema without these keywords, however deep they are; a property may be called like one."""
    if isinstance(schema, list):
        return [without(item, *keywords) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _member(name, item, keywords) for name, item in schema.items() if name not in keywords}


def _member(name: str, item: Any, keywords: tuple[str, ...]) -> Any:
    if name in _VALUES:
        return item
    if name in _MAPS and isinstance(item, dict):
        return {key: without(schema, *keywords) for key, schema in item.items()}
    return without(item, *keywords)


def _without_keywords(*keywords: str) -> Callable[[Description], Description]:
    """Accepts settings that these JSON Schema keywords would reject."""

    def change(schemas: dict[str, Any], operations: tuple[Operation, ...]) -> None:
        schemas["components"] = {"schemas": _each(schemas["components"]["schemas"])}
        for operation in operations:
            if operation.kind in SETTINGS_WRITTEN and operation.body is not None:
                schemas["body"][operation.id] = _each(schemas["body"][operation.id])
                schemas["whole"][operation.id] = without(schemas["whole"][operation.id], *keywords)

    def _each(schemas: Mapping[str, Any]) -> dict[str, Any]:
        return {name: without(schema, *keywords) for name, schema in schemas.items()}

    def change_description(description: Description) -> Description:
        return replace(description, apis=tuple(without_keywords(api) for api in description.apis))

    def without_keywords(api: Api) -> Api:
        return with_schemas(api, lambda schemas: change(schemas, api.operations))

    return change_description


FAULTS: Mapping[str, Fault] = {
    "required-not-checked": Fault(
        clause="requestBody.schema.required",
        meaning="required settings may be missing",
        change_description=_without_keywords("required"),
    ),
    "enum-not-checked": Fault(
        clause="requestBody.schema.enum",
        meaning="enumerated settings take any value",
        change_description=_without_keywords("enum"),
    ),
    "length-not-checked": Fault(
        clause="requestBody.schema.minLength",
        meaning="texts may be as short and as long as they like",
        change_description=_without_keywords("minLength", "maxLength"),
    ),
    "pattern-not-checked": Fault(
        clause="requestBody.schema.pattern",
        meaning="texts that have a pattern take any text",
        change_description=_without_keywords("pattern"),
    ),
    "bounds-not-checked": Fault(
        clause="requestBody.schema.minimum",
        meaning="numbers may be as small and as large as they like",
        change_description=_without_keywords("minimum", "maximum"),
    ),
}

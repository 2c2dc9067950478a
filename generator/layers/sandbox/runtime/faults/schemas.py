"""Changes of the JSON Schemas that requests are validated with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..api import Api

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

"""Generated requests as JSON data, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import schemathesis
from schemathesis import Case
from schemathesis.core import NOT_SET


def serialize_case(case: Case[Any], own: Sequence[str]) -> Mapping[str, object] | None:
    """A request as JSON data, None if that is not possible; `own` placeholders name own objects."""
    parts = {"path": case.path_parameters, "query": case.query, "body": None if case.body is NOT_SET else case.body}
    if not all(map(_is_json, parts.values())):
        return None
    return {
        **parts,
        "has_body": case.body is not NOT_SET,
        "media_type": case.media_type or "",
        "method": case.method,
        "own": list(own),
    }


def parse_case(schema: schemathesis.BaseSchema, label: str, data: Mapping[str, Any]) -> Case[Any]:
    method, _, path = label.partition(" ")
    return schema[path][method].Case(
        method=data["method"],
        path_parameters=dict(data["path"]),
        query=dict(data["query"]),
        body=data["body"] if data["has_body"] else NOT_SET,
        media_type=data["media_type"] or None,
    )


def _is_json(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _is_json(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    return value is None or isinstance(value, str | int | float | bool)

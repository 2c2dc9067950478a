"""A description several times in one, for measurements of large ones."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

_NAMES = ("status_operation", "download_operation", "lookup", "x-replaced-by", "operationId")
_KINDS = ("schemas", "responses", "parameters", "examples", "headers")
_SHARED = "Error"  # has the catalogue of the codes of errors, of which a description has one
_METHODS = ("get", "put", "post", "patch", "delete")


def count_operations(document: dict[str, Any]) -> int:
    """How many operations a description has."""
    return sum(method in item for item in document["paths"].values() for method in _METHODS)


def multiply_paths(document: dict[str, Any], copies: int) -> dict[str, Any]:
    """The description with its paths several times, under other names; the components are shared."""
    paths = {
        f"/part{number}{path}": json.loads(_rename_operations(json.dumps(item), number))
        for number in range(copies)
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


def multiply(document: dict[str, Any], copies: int) -> dict[str, Any]:
    """The same, each copy with components of its own; the first keeps their names."""
    paths: dict[str, Any] = {}
    components = {kind: dict(entries) for kind, entries in document["components"].items()}
    for number in range(copies):
        rename = partial(_rename_all, number=number) if number else _keep
        paths |= {f"/part{number}{path}": rename(item) for path, item in document["paths"].items()}
        for kind in _KINDS if number else ():
            entries = document["components"].get(kind, {})
            own = {name: entry for name, entry in entries.items() if name != _SHARED}
            components[kind] |= {f"{name}Part{number}": rename(entry) for name, entry in own.items()}
    return {**document, "paths": paths, "components": components}


def _keep(value: Any) -> Any:
    return value


def _rename_all(value: Any, number: int) -> Any:
    text = _rename_operations(json.dumps(value), number)
    text = re.sub(r'("title": "[^"]*)"', rf'\1Part{number}"', text)
    return json.loads(
        re.sub(rf'("#/components/(?:{"|".join(_KINDS)})/(?!{_SHARED}")[^"]*)"', rf'\1Part{number}"', text)
    )


def _rename_operations(text: str, number: int) -> str:
    for name in _NAMES:
        text = re.sub(rf'("{name}": "(?!none:)[^"]*)"', rf'\1Part{number}"', text)
    return re.sub(r'("resource": "[^"]*)"', rf'\1_part{number}"', text)

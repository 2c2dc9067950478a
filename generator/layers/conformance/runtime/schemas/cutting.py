"""The description of a few operations, as the engine gets it."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..description import Operation

_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))


def cut(document: Mapping[str, Any], operations: Iterable[Operation]) -> dict[str, Any]:
    """The description of these operations alone, without security: signing parameters must not be fuzzed."""
    chosen = {operation.id: operation for operation in operations}
    methods: dict[str, set[str]] = {}
    for operation in chosen.values():
        methods.setdefault(operation.path, set()).add(operation.method.lower())
    components = {name: part for name, part in document.get("components", {}).items() if name != "securitySchemes"}
    rest = {name: part for name, part in document.items() if name not in ("security", "components", "paths")}
    paths = {path: _path(document["paths"][path], kept, chosen) for path, kept in methods.items()}
    return copy.deepcopy({**rest, "components": components, "paths": paths})


def _path(item: Mapping[str, Any], methods: Collection[str], chosen: Collection[str]) -> dict[str, Any]:
    kept = {name: part for name, part in item.items() if name in methods or name not in _METHODS}
    return kept | {name: _operation(item[name], chosen) for name in methods}


def _operation(told: Mapping[str, Any], chosen: Collection[str]) -> dict[str, Any]:
    responses = {status: _response(response, chosen) for status, response in told["responses"].items()}
    return {word: part for word, part in told.items() if word != "security"} | {"responses": responses}


def _response(response: Mapping[str, Any], chosen: Collection[str]) -> dict[str, Any]:
    links = {name: link for name, link in response.get("links", {}).items() if link.get("operationId") in chosen}
    rest = {word: part for word, part in response.items() if word != "links"}
    return {**rest, "links": links} if links else rest

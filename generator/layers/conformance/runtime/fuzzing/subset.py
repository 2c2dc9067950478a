"""The part of the description that the engine gets."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..api import Api, Operation, load_document

_METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))


def describe_operations(api: Api, operations: Iterable[Operation]) -> dict[str, Any]:
    """The description of these operations without the signing parameters, which must not be fuzzed."""
    document = load_document(api.name)
    chosen = {operation.id: operation for operation in operations}
    methods: dict[str, set[str]] = {}
    for operation in chosen.values():
        methods.setdefault(operation.path, set()).add(operation.method.lower())
    components: Mapping[str, Any] = document.get("components", {})
    tokens = {name: part for name, part in components.get("securitySchemes", {}).items() if _is_token(part, api)}
    paths = {path: _path(document["paths"][path], kept, chosen) for path, kept in methods.items()}
    rest = {name: part for name, part in document.items() if name != "paths"}
    whole = {**rest, "components": {**components, "securitySchemes": tokens}, "paths": paths}
    return copy.deepcopy(_without_signing(whole, tokens))


def _is_token(scheme: Mapping[str, Any], api: Api) -> bool:
    is_token = bool(api.token_header) and (scheme.get("in"), scheme.get("name")) == ("header", api.token_header)
    return is_token and api.token_header.lower() not in _signature_headers(api)


def _signature_headers(api: Api) -> set[str]:
    """The headers that signing writes anyway: leaving such a token out makes no difference."""
    placements = api.request_scheme.placements if api.request_scheme else ()
    return {field.name.lower() for one in placements if one.place == "header" for field in one.fields}


def _without_signing(part: dict[str, Any], tokens: Collection[str]) -> dict[str, Any]:
    """The description or operation with no security but the token's."""
    if "security" not in part:
        return part
    kept = [{name: scopes for name, scopes in wanted.items() if name in tokens} for wanted in part["security"]]
    return {**part, "security": kept}


def _path(item: Mapping[str, Any], methods: Collection[str], chosen: Mapping[str, Operation]) -> dict[str, Any]:
    kept = {name: part for name, part in item.items() if name in methods or name not in _METHODS}
    return kept | {name: _operation(item[name], chosen) for name in methods}


def _operation(operation: Mapping[str, Any], chosen: Mapping[str, Operation]) -> dict[str, Any]:
    responses = {status: _response(response, chosen) for status, response in operation["responses"].items()}
    return {**operation, "responses": responses}


def _response(response: Mapping[str, Any], chosen: Collection[str]) -> dict[str, Any]:
    links = {name: link for name, link in response.get("links", {}).items() if link.get("operationId") in chosen}
    rest = {word: part for word, part in response.items() if word != "links"}
    return {**rest, "links": links} if links else rest

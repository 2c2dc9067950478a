"""Links from the operation that creates an object to every operation on it, written into the description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.ir import Api, thaw
from generator.layers.conformance.view import OperationView

_REFERENCE = "$ref"


def linked(api: Api, operations: Iterable[OperationView]) -> dict[str, Any]:
    """The bundled document with links, by which the engine knows what a sequence of calls can be."""
    document: dict[str, Any] = thaw(api.document)  # type: ignore[assignment]  # a document is an object
    views = tuple(operations)
    for creator in views:
        links = {view.id: _link(creator, view) for view in views if _names(view, creator)}
        if not links:
            continue
        responses = document["paths"][creator.path][creator.method.lower()]["responses"]
        for status in (status for status in responses if status.startswith("2")):
            responses[status] = {**_resolved(document, responses[status]), "links": links}
    return document


def _names(view: OperationView, creator: OperationView) -> bool:
    """Whether the last placeholder of a path names what the creator makes, and the others name its parents."""
    known = {placeholder.name for placeholder in creator.placeholders}
    if not view.placeholders:
        return False
    *parents, last = view.placeholders
    return last.creator == creator.id and all(parent.name in known for parent in parents)


def _link(creator: OperationView, view: OperationView) -> dict[str, Any]:
    *parents, last = view.placeholders
    pointer = "/".join(part for part in ("$response.body#", creator.envelope, creator.identity) if part)
    parameters = {f"path.{parent.name}": f"$request.path.{parent.name}" for parent in parents}
    return {"operationId": view.id, "parameters": {**parameters, f"path.{last.name}": pointer}}


def _resolved(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    if _REFERENCE not in response:
        return response
    return dict(document["components"]["responses"][response[_REFERENCE].rpartition("/")[2]])

"""Links from the operation that creates an object to every operation on it, written into the description."""

from __future__ import annotations

from typing import Any

from generator.ir import Api, Operation, thaw

_REFERENCE = "$ref"


def add_links(api: Api) -> dict[str, Any]:
    """The bundled document with links, by which the engine knows what a sequence of calls can be."""
    document: dict[str, Any] = thaw(api.document)  # type: ignore[assignment]  # a document is an object
    on: dict[str, list[Operation]] = {}
    for operation in api.operations:
        on.setdefault(_nearest(operation), []).append(operation)
    for resource in (one for one in api.resources if one.creators):
        creator = api.operation(resource.creator)
        known = {parent.placeholder for parent in creator.parents}
        fitting = (one for one in on.get(resource.name, ()) if {*_placeholders(one)[:-1]} <= known)
        links = {one.id: _link(creator, resource.identity, one) for one in fitting}
        if links:
            responses = document["paths"][creator.path][creator.method.lower()]["responses"]
            for status in (status for status in responses if status.startswith("2")):
                responses[status] = {**_resolve(document, responses[status]), "links": links}
    return document


def _nearest(operation: Operation) -> str:
    """The resource that the last placeholder of a path names."""
    return operation.resource if operation.item else next((one.resource for one in operation.parents[-1:]), "")


def _placeholders(operation: Operation) -> list[str]:
    return [*(parent.placeholder for parent in operation.parents), *filter(None, [operation.item])]


def _link(creator: Operation, identity: str, operation: Operation) -> dict[str, Any]:
    *parents, last = _placeholders(operation)
    pointer = "/".join(part for part in ("$response.body#", creator.wrapper, identity) if part)
    parameters = {f"path.{parent}": f"$request.path.{parent}" for parent in parents}
    return {"operationId": operation.id, "parameters": {**parameters, f"path.{last}": pointer}}


def _resolve(document: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    if _REFERENCE not in response:
        return response
    return dict(document["components"]["responses"][response[_REFERENCE].rpartition("/")[2]])

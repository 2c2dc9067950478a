"""Collections that a description does not tell apart, by their paths; and lists in an object, out of that object.

The client has one name for all operations of a tag. What is created, listed and deleted together is decided by paths:
labels below a jar are no jars, whatever their tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.ir import Api, Operation, Response
from generator.resources.graph import connect

_ITEM_METHODS = ("GET", "PATCH", "PUT", "DELETE")


def regroup(api: Api) -> Api:
    """The version with a resource for each collection; itself, if each name stands for one."""
    unwrapped = tuple(_unwrap_list(operation) for operation in api.operations)
    regrouped = tuple(_rename(unwrapped, {*_collections(unwrapped)}))
    return api if regrouped == api.operations else connect(replace(api, operations=regrouped))


def _unwrap_list(operation: Operation) -> Operation:
    """A read whose object holds nothing but one list and facts about it is a list, wrapped in that member."""
    response = operation.success
    payload = operation.payload
    if operation.method != "GET" or operation.wrapper or payload is None or payload.resolve().items is not None:
        return operation
    members = payload.resolve().properties
    lists = [one.name for one in members if one.schema.resolve().items is not None]
    others = (one.schema.resolve() for one in members if one.name not in lists)
    if len(lists) != 1 or any(one.properties or one.variants for one in others):
        return operation
    element = next(one.schema.resolve().items for one in members if one.name in lists)
    if element is None or not element.resolve().properties:
        return operation
    responses = tuple(_wrap(one, lists[0]) if one is response else one for one in operation.responses)
    return replace(operation, responses=responses)


def _wrap(response: Response, name: str) -> Response:
    return replace(response, envelope=name)


def _collections(operations: Iterable[Operation]) -> Iterator[str]:
    """The names of collections: the segments that items lie below."""
    for operation in operations:
        path = _segments(operation.path)
        if len(path) > 1 and _is_placeholder(path[-1]) and operation.method in _ITEM_METHODS:
            yield path[-2]


def _rename(operations: tuple[Operation, ...], collections: set[str]) -> Iterator[Operation]:
    """The operations by the collections that they are about, as far as one name stands for several."""
    own: dict[str, dict[str, int]] = {}
    for operation in operations:
        segment = _last_collection(operation, collections)
        depth = len(_segments(operation.path))
        known = own.setdefault(operation.resource, {})
        known[segment] = min(depth, known.get(segment, depth))
    for operation in operations:
        segments = own[operation.resource]
        outermost = min(segments, key=lambda one: (segments[one], one))
        segment = _last_collection(operation, collections)
        named = segment and segment != outermost
        yield replace(operation, resource=f"{operation.resource} {segment}") if named else operation


def _last_collection(operation: Operation, collections: set[str]) -> str:
    """The name of the innermost collection that a path goes through."""
    return next((part for part in reversed(_segments(operation.path)) if part in collections), "")


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


def _is_placeholder(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")

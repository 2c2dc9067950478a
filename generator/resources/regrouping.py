"""Collections that a description does not tell apart, by their paths; and what lies in an envelope, out of it.

The client has one name for all operations of a tag. What is created, listed and deleted together is decided by paths:
labels below a jar are no jars, whatever their tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.ir import Api, Operation
from generator.resources.envelopes import unwrap
from generator.resources.graph import connect

_ITEM_METHODS = ("GET", "PATCH", "PUT", "DELETE")


def regroup(api: Api) -> Api:
    """The version with a resource for each collection; itself, if each name stands for one."""
    unwrapped = tuple(unwrap(operation) for operation in api.operations)
    regrouped = tuple(_rename(unwrapped, {*_collections(unwrapped)}))
    return api if regrouped == api.operations else connect(replace(api, operations=regrouped))


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

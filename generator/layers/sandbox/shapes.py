"""What the shape of a path says: which object an operation is about, what lies above, what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ir import Api, Operation, Property, Schema

_ITEM_KINDS = {"GET": "show", "PATCH": "update", "PUT": "update", "DELETE": "destroy"}
Segments = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The placeholder that names the object itself, or empty; and those above with their resources."""

    item: str
    above: tuple[tuple[str, str], ...]


class Shapes:
    """The paths of one version, read as collections and their items."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._owners: dict[Segments, set[str]] = {}
        for operation in api.operations:
            segments = _segments(operation)
            if segments and _is_placeholder(segments[-1]) and operation.method in _ITEM_KINDS:
                self._owners.setdefault(_anonymous(segments), set()).add(operation.resource)

    def place(self, operation: Operation) -> Place:
        """Where the operation's object is found."""
        found = list(self._placeholders(operation))
        item = found[-1][0] if found and operation.resource in found[-1][1] else ""
        above = found[:-1] if item else found
        return Place(item=item, above=tuple((name, min(owners, default="")) for name, owners in above))

    def kind(self, operation: Operation) -> str:
        """list, show, create, update or destroy; empty where the path says something else."""
        segments = _segments(operation)
        if not segments:
            return ""
        if _is_placeholder(segments[-1]):
            return _ITEM_KINDS.get(operation.method, "") if self.place(operation).item else ""
        if segments[-1] not in self._collections(operation.resource):
            return ""
        if operation.method == "GET" and self.is_list(operation):
            return "list"
        return "create" if operation.method == "POST" else ""

    def is_list(self, operation: Operation) -> bool:
        """Whether the operation answers many objects."""
        inside = self._inside(operation)
        return operation.pagination is not None or (inside is not None and inside.items is not None)

    def members(self, operation: Operation) -> tuple[Property, ...]:
        """The members of the answered object, or of each of the answered objects."""
        inside = self._inside(operation)
        if inside is not None and inside.items is not None:
            inside = self._api.resolve(inside.items)
        return inside.properties if inside is not None else ()

    def settings(self, operation: Operation) -> tuple[Property, ...]:
        """The settings that the body of the operation takes, inside its wrapper."""
        if operation.body is None:
            return ()
        whole = self._api.resolve(operation.body.schema)
        if not operation.body.envelope:
            return whole.properties
        inner = next((member.schema for member in whole.properties if member.name == operation.body.envelope), None)
        return self._api.resolve(inner).properties if inner is not None else ()

    def object_name(self, operation: Operation) -> str:
        """The name of the answered object's schema, or empty."""
        inside = self._inside(operation)
        if inside is not None and inside.items is not None:
            inside = self._api.resolve(inside.items)
        return inside.name if inside is not None else ""

    def _inside(self, operation: Operation) -> Schema | None:
        answer = operation.success
        if answer.schema is None or "json" not in answer.media_type:
            return None
        whole = self._api.resolve(answer.schema)
        if not answer.envelope:
            return whole
        wrapped = next((member.schema for member in whole.properties if member.name == answer.envelope), None)
        return self._api.resolve(wrapped) if wrapped is not None else None

    def _placeholders(self, operation: Operation) -> Iterator[tuple[str, set[str]]]:
        segments = _segments(operation)
        for index, segment in enumerate(segments):
            if _is_placeholder(segment):
                yield segment[1:-1], self._owners.get(_anonymous(segments[: index + 1]), set())

    def _collections(self, resource: str) -> set[str]:
        of_items = {path[-2] for path, owners in self._owners.items() if resource in owners and len(path) > 1}
        own = (o for o in self._api.operations if o.resource == resource and o.method in ("GET", "POST"))
        return of_items or {_segments(o)[-1] for o in own if _segments(o)}


def _segments(operation: Operation) -> Segments:
    return tuple(part for part in operation.path.split("/") if part)


def _is_placeholder(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")


def _anonymous(segments: Segments) -> Segments:
    return tuple("{}" if _is_placeholder(segment) else segment for segment in segments)

"""The graph of resources: what each operation is about, and which operations belong together.

A resource is what the client calls one. Paths say the rest: one that ends in a placeholder is that of an item, and
the segment before it names the collection. Everything is looked up in tables that are filled once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.ir import Api, Kind, Operation, Parameter, Parent, Property, Reference, Resource, Schema
from generator.resources.toggles import toggle

Segments = tuple[str, ...]

_ITEM_KINDS: dict[str, Kind] = {"GET": "show", "PATCH": "update", "PUT": "replace", "DELETE": "delete"}
_TELLING: tuple[Kind, ...] = ("create", "show", "list", "update", "replace")  # best known object first
_PLURALS = (("ies", "y"), ("s", ""))


def connect(api: Api) -> Api:
    """The version with its resources, and with the place of each operation among them."""
    paths = _Paths(api.operations)
    placed = [_place(paths, operation) for operation in api.operations]
    resources = tuple(_resources(placed))
    names = {one.reference: one.name for one in resources if one.reference}
    members = {one.name: one.members for one in resources}
    operations = tuple(_switch(_refer(one, names), members[one.resource]) for one in placed)
    return replace(api, operations=operations, resources=resources)


def _refer(operation: Operation, names: dict[str, str]) -> Operation:
    """The operation with the settings and required query parameters that name objects."""
    values: list[Property | Parameter] = [*operation.settings]
    values += (parameter for parameter in operation.in_("query") if parameter.required)
    ids = (one for one in values if one.name in names or _is_id(one))
    references = tuple(Reference(name=one.name, resource=names.get(one.name, "")) for one in ids)
    return replace(operation, references=references) if references else operation


def _is_id(value: Property | Parameter) -> bool:
    """Whether a value is the number of an object, by its name, or a list of such numbers."""
    schema = value.schema.canonical
    if schema.types == ("array",):
        return schema.items is not None and schema.items.canonical.types == ("integer",)
    return value.name.endswith("_id") and "integer" in schema.types


def _switch(operation: Operation, members: tuple[Property, ...]) -> Operation:
    flag, clears = toggle(operation, members) if operation.kind == "action" and operation.item else ("", False)
    return replace(operation, kind="toggle", toggles=flag, clears=clears) if flag else operation


class _Paths:
    """Who owns which items, and which collections they are in."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._owners: dict[Segments, set[str]] = {}
        self._creators: dict[Segments, str] = {}
        self._collections: dict[str, set[str]] = {}
        self._own: dict[str, set[str]] = {}
        for operation in operations:
            self._note(operation, _anonymous(operation.path))

    def _note(self, operation: Operation, path: Segments) -> None:
        if path[-1:] == ("{}",) and operation.method in _ITEM_KINDS:
            self._owners.setdefault(path, set()).add(operation.resource)
            self._collections.setdefault(operation.resource, set()).update(path[-2:-1])
        elif path and operation.method in ("GET", "POST"):
            self._own.setdefault(operation.resource, set()).add(path[-1])
        if path and operation.method == "POST":
            self._creators.setdefault(path, operation.resource)
            self._creators.setdefault(path[-1:], operation.resource)

    def owners(self, path: Segments) -> set[str]:
        """The resources whose items lie at that path: by its operations, or else by what creates in the collection."""
        if path in self._owners:
            return self._owners[path]
        creator = self._creators.get(path[:-1]) or self._creators.get(path[-2:-1], "")
        return {creator} if creator else set()

    def collections(self, resource: str) -> set[str]:
        """The last segments of the resource's collections."""
        return self._collections.get(resource) or self._own.get(resource, set())


def _anonymous(path: str) -> Segments:
    return tuple("{}" if _is_placeholder(segment) else segment for segment in _segments(path))


def _segments(path: str) -> Segments:
    return tuple(part for part in path.split("/") if part)


def _is_placeholder(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")


def _place(paths: _Paths, operation: Operation) -> Operation:
    """The operation with the object that it is about, those above, and what it does."""
    named, anonymous = _segments(operation.path), _anonymous(operation.path)
    placeholders = [
        (name[1:-1], paths.owners(anonymous[: index + 1])) for index, name in enumerate(named) if _is_placeholder(name)
    ]
    item = placeholders[-1][0] if placeholders and operation.resource in placeholders[-1][1] else ""
    above = placeholders[:-1] if item else placeholders
    placed = replace(
        operation,
        item=item,
        parents=tuple(Parent(placeholder=name, resource=min(owners, default="")) for name, owners in above),
    )
    return replace(placed, kind=_kind(paths, placed, anonymous))


def _kind(paths: _Paths, operation: Operation, path: Segments) -> Kind:
    if path[-1:] == ("{}",):
        return _ITEM_KINDS.get(operation.method, "action") if operation.item else "action"
    if not path or path[-1] not in paths.collections(operation.resource):
        return "action"
    if operation.method == "GET" and operation.is_list:
        return "list"
    return "create" if operation.method == "POST" else "action"


def _resources(operations: Iterable[Operation]) -> Iterator[Resource]:
    grouped: dict[str, list[Operation]] = {}
    replacing: dict[str, list[Operation]] = {}
    for operation in operations:
        grouped.setdefault(operation.resource, []).append(operation)
        if operation.replaced_by and operation.method == "GET":
            replacing.setdefault(operation.replaced_by, []).append(operation)
    for name, own in grouped.items():
        yield _resource(name, own, replacing)


def _resource(name: str, own: list[Operation], replacing: dict[str, list[Operation]]) -> Resource:
    items = [one for one in own if one.kind in _ITEM_KINDS.values()]
    inside = items[0].path.rpartition("/")[0] if items else ""
    creators = sorted((one for one in own if one.kind == "create"), key=lambda one: one.path != inside)
    listers = _listers(own, creators)
    first = next(iter((*creators, *listers, *items)), None)
    collection = first.path if first and first not in items else inside
    items.sort(key=lambda one: one.path.rpartition("/")[0] != collection)
    older = (one for lister in listers for one in replacing.get(lister.id, ()))
    stored = [one for one in own if one.kind in _TELLING]
    changers = tuple(one for one in items if one.kind in ("update", "replace"))
    settings = (member.name for one in (*creators, *changers) for member in one.settings)
    members = {member.name for one in stored for member in one.members}
    return Resource(
        name=name,
        collection=collection,
        item=items[0].path if items else "",
        identity=next((name for name in _identities(own) if name in members), "id"),
        reference=_reference(collection),
        creators=tuple(one.id for one in creators),
        listers=tuple(one.id for one in (*sorted(listers, key=lambda one: one.path != collection), *older)),
        shower=next((one.id for one in items if one.kind == "show"), ""),
        changers=tuple(one.id for one in changers),
        destroyer=next((one.id for one in items if one.kind == "delete"), ""),
        parents=first.parents if first else (),
        settings=tuple(dict.fromkeys(settings)),
        object=_object(stored),
    )


def _identities(own: list[Operation]) -> Iterator[str]:
    """What the member may be called that names an object, the likeliest first."""
    items = [*dict.fromkeys(one.item for one in own if one.item)]
    yield from (*items, "id")
    yield from (f"{item}{ending}" for item in items for ending in ("_id", "Id", "ID", "_uuid", "Uuid"))
    yield from ("uuid", "guid", "uid", "key")


def _object(stored: Iterable[Operation]) -> Schema | None:
    """The first that has a name of what is created, shown, listed and changed; or else one that has members."""
    ordered = sorted(stored, key=lambda one: _TELLING.index(one.kind))
    objects = [one.object for one in ordered if one.object is not None]
    objects.sort(key=lambda one: (not one.resolve().name, not one.resolve().properties))
    return next(iter(objects), None)


def _listers(own: list[Operation], creators: list[Operation]) -> list[Operation]:
    """The lists that the parents of a new object lead to, and what else is read where objects are created."""
    known = {parent.resource for creator in creators for parent in creator.parents}
    paths = {creator.path for creator in creators}
    lists = [one for one in own if one.kind == "list" or (one.method == "GET" and one.path in paths)]
    return [one for one in lists if not creators or {parent.resource for parent in one.parents} <= known]


def _reference(collection: str) -> str:
    """What other objects call the id of an object of the collection."""
    last = collection.rpartition("/")[2]
    for ending, singular in _PLURALS:
        if last.endswith(ending):
            return f"{last.removesuffix(ending)}{singular}_id"
    return ""

"""What becomes of each parameter and member of a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.ir import Operation, Schema
from generator.layers.docs.migration.change import PATH, Change, list_differences
from generator.layers.docs.page_paths import Place
from generator.layers.docs.prose import Line, literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A parameter or a member of the body. `names` is the resource that an id names, or empty."""

    name: str
    place: str
    required: bool
    schema: Schema
    names: str
    replaced_by: str


def list_sent_changes(found: tuple[Place, ...], place: Place, other: Place) -> Iterator[Change]:
    """Parameters that moved, were renamed, retyped or dropped; then those that are new."""
    old, new = _list_sent(place), _list_sent(other)
    taken: set[str] = set()
    for one in old.values():
        match = _match(one, new)
        if match is None:
            yield Change(old=literal(one.name), new="", what=_elsewhere(found, other, one))
            continue
        taken.add(match.name)
        if words := ", ".join(_differences(place, one, other, match)):
            yield Change(old=literal(one.name), new=literal(match.name), what=Line(words))
    for one in sorted(new.values(), key=lambda sent: not sent.required):
        if one.name not in taken:
            state = "new, required" if one.required else "new, optional"
            yield Change(old="", new=literal(one.name), what=Line(f"{state}, in the {one.place}"))


def _match(one: Sent, new: Mapping[str, Sent]) -> Sent | None:
    """The parameter of the successor that means the same: by the description, the name, or the object that it names.

    An id of a path means the object that it names: `id` may be a student here and an exam there.
    """
    if one.replaced_by:
        return new.get(one.replaced_by)
    same = new.get(one.name)
    is_an_id = "path" in (one.place, same.place) if same is not None else True
    if not is_an_id or not one.names:
        return same
    return next((other for other in new.values() if other.names == one.names), None)


def _elsewhere(found: tuple[Place, ...], other: Place, one: Sent) -> Line:
    """Where a parameter went that the successor does not take."""
    operation, _, name = one.replaced_by.rpartition(" ")
    target = next((p for p in found if p.api is other.api and p.operation.id == operation), None)
    if target is not None:
        return Line(f"is sent to another operation, as {literal(name)}:", target.link(PATH))
    if one.names and one.place == "path":
        return Line("gone: the address has no such id any more")
    return Line(f"gone: {other.api.name} has no such setting")


def _differences(place: Place, one: Sent, other: Place, match: Sent) -> Iterator[str]:
    if one.name != match.name:
        yield "renamed"
    if one.place != match.place:
        yield f"moved from the {one.place} to the {match.place}"
    if match.required and not one.required:
        yield "now required"
    yield from list_differences(place.api, one.schema, other.api, match.schema)


def _list_sent(place: Place) -> dict[str, Sent]:
    """Everything that a call sends, by name."""
    api, operation = place.api, place.operation
    names = _ids(operation)
    listed = [
        Sent(
            name=one.name,
            place=one.location,
            required=one.required,
            schema=one.schema,
            names=names.get(one.name, ""),
            replaced_by="",
        )
        for one in operation.parameters
        if one.location in ("path", "query")
    ]
    body = operation.body
    schema = body.contents[0].schema.resolve().unwrap(body.envelope) if body and body.contents else None
    members = api.resolve(schema).canonical.properties if schema is not None else ()
    inside = [
        Sent(
            name=one.name,
            place="body",
            required=one.required,
            schema=one.schema,
            names=names.get(one.name, ""),
            replaced_by=one.replaced_by,
        )
        for one in members
    ]
    return {one.name: one for one in (*inside, *listed)}  # a name of the path counts


def _ids(operation: Operation) -> dict[str, str]:
    """The resource that each id names: of the path, and what refers to an object of another one."""
    parents = {parent.placeholder: parent.resource for parent in operation.parents}
    references = {reference.name: reference.resource for reference in operation.references}
    item = {operation.item: operation.resource} if operation.item else {}
    return {**references, **parents, **item}

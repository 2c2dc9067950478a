"""The way from an older version to the newer one: what becomes of each parameter, from `x-replaced-by`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.ir import Api, Operation, Project, Schema
from generator.layers.docs.calls import python
from generator.layers.docs.page_paths import Place, successor, successor_place
from generator.layers.docs.prose import Line, Link, literal
from generator.layers.docs.samples import Block, sample
from generator.layers.docs.schema_text import value_of

PATH = "migration.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A parameter or a member of the body. `names` is the resource that an id names, or empty."""

    name: str
    place: str
    required: bool
    schema: Schema
    names: str
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a parameter; `old` or `new` is empty for one that is new or gone."""

    old: str
    new: str
    what: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An operation and its successor, what changes in the call, and the call before and after.

    `is_paged` says that a list that came whole comes in pages now.
    """

    old: Link
    new: Link
    moved: str
    is_paged: bool
    changes: tuple[Change, ...]
    before: Block
    after: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Everything that changes between two versions; `facts` hold for every request."""

    old: Api
    new: Api
    facts: tuple[tuple[str, str, str], ...]
    is_signed_alike: bool
    steps: tuple[Step, ...]
    unchanged: tuple[tuple[Link, Link], ...]
    ended: tuple[tuple[Link, Line], ...]


def migrations(project: Project, found: tuple[Place, ...]) -> Iterator[Migration]:
    """From each version whose operations have successors in a newer one."""
    for old in project.apis:
        pairs = [(place, successor_place(found, place)) for place in found if place.api is old]
        new = next((other.api for _, other in pairs if other is not None and other.api is not old), None)
        if new is not None:
            yield _migration(project, found, old, new)


def _migration(project: Project, found: tuple[Place, ...], old: Api, new: Api) -> Migration:
    replaced = [place for place in found if place.api is old and place.operation.replaced_by]
    pairs = [(place, other) for place in replaced if (other := successor_place(found, place)) and other.api is new]
    steps = [(place, other, tuple(_changes(found, place, other))) for place, other in pairs]
    return Migration(
        old=old,
        new=new,
        facts=tuple(_facts(project, old, new)),
        is_signed_alike=old.signing is not None and old.signing == new.signing,
        steps=tuple(
            _step(project, place, other, changes)
            for place, other, changes in steps
            if changes or _is_moved(place, other)
        ),
        unchanged=tuple(
            (place.link(PATH), other.link(PATH))
            for place, other, changes in steps
            if not changes and not _is_moved(place, other)
        ),
        ended=tuple(
            (place.link(PATH), successor(found, place)) for place in replaced if successor_place(found, place) is None
        ),
    )


def _facts(project: Project, old: Api, new: Api) -> Iterator[tuple[str, str, str]]:
    """What every request has: its name, and its value in both versions."""
    pairs = {
        "The module of the client": (_module(project, old), _module(project, new)),
        "The base path": (old.base_path, new.base_path),
        "The header `Accept`": (old.accept, new.accept),
        "The token": tuple(f"{api.token.header}: {api.token.format}" if api.token else "" for api in (old, new)),
    }
    for name, (before, after) in pairs.items():
        if before != after:
            yield name, literal(before) if before else "not sent", literal(after) if after else "not sent"


def _module(project: Project, api: Api) -> str:
    return project.client if api is project.current else f"{project.client}.{api.name}"


def _step(project: Project, place: Place, other: Place, changes: tuple[Change, ...]) -> Step:
    before, after = _line(place.operation), _line(other.operation)
    return Step(
        old=place.link(PATH),
        new=other.link(PATH),
        moved=f"{literal(before)} becomes {literal(after)}." if before != after else f"{literal(before)} stays.",
        is_paged=other.operation.pagination is not None and place.operation.pagination is None,
        changes=changes,
        before=_program(project, place),
        after=_program(project, other),
    )


def _program(project: Project, place: Place) -> Block:
    return python(project, place.api, place.operation, sample(place.api, place.operation))


def _line(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _is_moved(place: Place, other: Place) -> bool:
    """Whether a program calls another method of the client."""
    old, new = place.operation, other.operation
    return (old.resource, old.name) != (new.resource, new.name)


def _changes(found: tuple[Place, ...], place: Place, other: Place) -> Iterator[Change]:
    """Parameters that moved, were renamed, retyped or dropped; then those that are new."""
    old, new = _list_sent(place), _list_sent(other)
    taken: set[str] = set()
    for one in old.values():
        match = _match(one, new)
        if match is None:
            yield Change(old=literal(one.name), new="", what=_elsewhere(found, other, one))
            continue
        taken.add(match.name)
        if words := ", ".join(_differences(place.api, one, other.api, match)):
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


def _differences(old_api: Api, one: Sent, new_api: Api, match: Sent) -> Iterator[str]:
    if one.name != match.name:
        yield "renamed"
    if one.place != match.place:
        yield f"moved from the {one.place} to the {match.place}"
    if match.required and not one.required:
        yield "now required"
    before, after = value_of(old_api, one.schema), value_of(new_api, match.schema)
    if before.kind != after.kind:
        yield f"was {before.kind}, is {after.kind}"
    words = [[word.value for word in value.words] for value in (before, after)]
    if words[0] != words[1]:
        yield f"other values: {', '.join(words[1])}"


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

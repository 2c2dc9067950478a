"""What becomes of each field of a response: it moved, was renamed or retyped, or went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.ir import Api, Property, Schema
from generator.layers.docs.migration.change import Change, list_differences
from generator.layers.docs.page_paths import Place
from generator.layers.docs.prose import Line, literal

_SUCCESS = range(200, 300)


def list_received_changes(place: Place, other: Place) -> Iterator[Change]:
    """Fields that a program reads elsewhere, in another form, or no more; those that are new break none."""
    old, new = _list_fields(place), _list_fields(other)
    gone: set[str] = set()
    for path, field in old.items():
        if path.rpartition(".")[0] in gone:
            gone.add(path)
            continue
        name = _find_field(path, field, new)
        if name is None:
            gone.add(path)
            yield Change(old=literal(path), new="", what=Line(f"gone: {other.api.name} shows no such field"))
        elif words := ", ".join(_differences(place.api, path, field, other.api, name, new[name])):
            yield Change(old=literal(path), new=literal(name), what=Line(words))


def _find_field(path: str, field: Property, new: Mapping[str, Property]) -> str | None:
    """The path in the new response: as the description says, from the object around it or from the top, or the same."""
    if not field.replaced_by:
        return path if path in new else None
    around = path.rpartition(".")[0]
    near = f"{around}.{field.replaced_by}" if around else field.replaced_by
    return next((one for one in (near, field.replaced_by) if one in new), None)


def _differences(old: Api, path: str, field: Property, new: Api, name: str, other: Property) -> Iterator[str]:
    if path.rpartition(".")[0] != name.rpartition(".")[0]:
        yield "moved"
    elif path != name:
        yield "renamed"
    if not _is_unsaid(field.schema):
        yield from list_differences(old, field.schema, new, other.schema)


def _is_unsaid(schema: Schema) -> bool:
    """Whether the description leaves open of what kind the value is."""
    meant = schema.resolve()
    return not (meant.types or meant.variants or meant.enum)


def _list_fields(place: Place) -> dict[str, Property]:
    """The fields of a success by their paths, such as `exam.id`; those of a list are those of its items."""
    successes = [one for one in place.operation.responses if one.status in _SUCCESS]
    contents = [content.schema for one in successes for content in one.contents]
    return {path: field for schema in contents for path, field in _walk(schema, "", ())}


def _walk(schema: Schema, prefix: str, within: tuple[str, ...]) -> Iterator[tuple[str, Property]]:
    meant = schema.resolve()
    if meant.name and meant.name in within:
        return
    inside = (*within, meant.name)
    for member in meant.properties:
        yield f"{prefix}{member.name}", member
        yield from _walk(member.schema, f"{prefix}{member.name}.", inside)
    for part in (*meant.variants, *((meant.items,) if meant.items else ())):
        yield from _walk(part, prefix, inside)

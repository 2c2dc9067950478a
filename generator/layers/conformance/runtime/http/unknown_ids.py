"""Ids that name nothing: what is sent in the place of an id that the suite did not make."""

from __future__ import annotations

from collections.abc import Mapping

from ..description import Json, Operation

# No server gives it out.
UNKNOWN_NUMBER = 2_147_483_646


def replace_named_ids(operation: Operation, members: Mapping[str, Json]) -> dict[str, Json]:
    """The query or body, with ids that name nothing where it names objects: an example's id may be somebody's."""
    named = dict(operation.references)
    return {name: unknown_id_like(value) if name in named else value for name, value in members.items()}


def unknown_id_like(value: Json) -> Json:
    """An id that names nothing, as what stands in its place: a number, digits, or a list of them."""
    if isinstance(value, list):
        return [UNKNOWN_NUMBER]
    return str(UNKNOWN_NUMBER) if isinstance(value, str) else UNKNOWN_NUMBER


def may_hold_id(value: object) -> bool:
    """Whether a careless server may read an id out of a value."""
    return any(character.isnumeric() for character in str(value))

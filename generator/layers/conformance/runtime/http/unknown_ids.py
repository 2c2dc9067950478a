"""Ids that name nothing: what is sent in the place of an id that the suite did not make."""

from __future__ import annotations

from collections.abc import Mapping

from ..description import Json, Operation

# No server gives it out.
ABSENT_NUMBER = 2_147_483_646


def harmless(operation: Operation, members: Mapping[str, Json]) -> dict[str, Json]:
    """The query or body, with ids that name nothing where it names objects: an example's id may be somebody's."""
    named = dict(operation.references)
    return {name: absent_like(value) if name in named else value for name, value in members.items()}


def absent_like(value: Json) -> Json:
    """An id that names nothing, as what stands in its place: a number, digits, or a list of them."""
    if isinstance(value, list):
        return [ABSENT_NUMBER]
    return str(ABSENT_NUMBER) if isinstance(value, str) else ABSENT_NUMBER


def may_name(value: object) -> bool:
    """Whether a careless server may read an id out of a value."""
    return any(character.isnumeric() for character in str(value))

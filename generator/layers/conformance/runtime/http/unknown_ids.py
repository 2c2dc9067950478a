"""Ids of no object: sent in place of an id that the suite did not create."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping

from ..api import Json, Operation, Placeholder

# No server gives it out.
UNKNOWN_NUMBER = 2_147_483_646


def replace_named_ids(operation: Operation, members: Mapping[str, Json]) -> dict[str, Json]:
    """The query or body with unknown ids in place of an example's: those may be somebody's objects."""
    named = dict(operation.named)
    return {name: unknown_id_like(value) if name in named else value for name, value in members.items()}


def unknown_id_like(value: Json) -> Json:
    """An unknown id of the same type: a number, digits, or a list of them."""
    if isinstance(value, list):
        return [UNKNOWN_NUMBER]
    return str(UNKNOWN_NUMBER) if isinstance(value, str) else UNKNOWN_NUMBER


def may_hold_id(value: object) -> bool:
    """Whether a careless server may read an id from a value."""
    return any(character.isnumeric() for character in str(value))


def unknown_id(placeholder: Placeholder) -> object:
    """An id of no object."""
    if placeholder.integer:
        return UNKNOWN_NUMBER
    return str(uuid.uuid4()) if placeholder.uuid else f"absent-{secrets.token_hex(8)}"

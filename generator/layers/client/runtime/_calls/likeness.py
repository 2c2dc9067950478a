"""Whether an object of a list looks like the one that is created."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def describe_object(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members of the object in a body, without an envelope around them."""
    values = list(body.values())
    return values[0] if len(values) == 1 and isinstance(values[0], Mapping) else body


def is_alike(sent: Mapping[str, Any], stored: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    """Whether what was sent under these names may have been stored so; servers may trim and change case."""
    return all(_may_be(sent[name], stored[name]) for name in names if name in sent and name in stored)


def _may_be(sent: object, stored: object) -> bool:
    ours, theirs = _moment_of(sent), _moment_of(stored)
    if ours is not None and theirs is not None:
        return abs(ours.timestamp() - theirs.timestamp()) < 1
    if isinstance(sent, str) and isinstance(stored, str):
        return " ".join(sent.split()).casefold() == " ".join(stored.split()).casefold()
    return True


def _moment_of(value: object) -> datetime | None:
    """The moment that a text or a number of seconds stands for, if it stands for one with an offset."""
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC) if abs(value) < 10**11 else None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None

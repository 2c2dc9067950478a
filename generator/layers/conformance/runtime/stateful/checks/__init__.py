"""The checks of this phase: their ids, levels, clauses, and the likely causes of a failure."""

from __future__ import annotations

from . import lists, objects, responses
from .check import Check


def catalogue() -> tuple[Check, ...]:
    """All checks, by id."""
    values = [value for module in (objects, lists, responses) for value in vars(module).values()]
    return tuple(sorted((value for value in values if isinstance(value, Check)), key=lambda check: check.id))

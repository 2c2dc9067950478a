"""The checks of this layer: their ids, their levels, what they follow from, and what a failure is likely due to."""

from __future__ import annotations

from . import lists, objects, responses
from .check import Check


def catalogue() -> tuple[Check, ...]:
    """All checks, by id."""
    found = [value for module in (objects, lists, responses) for value in vars(module).values()]
    return tuple(sorted((value for value in found if isinstance(value, Check)), key=lambda check: check.id))

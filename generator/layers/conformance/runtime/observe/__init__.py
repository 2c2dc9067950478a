"""Recorded or passing traffic held to the description: nothing is sent here."""

from __future__ import annotations

from ..stateful import catalogue as known_checks
from ..stateful.checks.check import Check
from .checks import list_checks

__all__ = ["catalogue"]


def catalogue() -> tuple[Check, ...]:
    """All checks that observed traffic may break: those of this room, and of the phase that follows objects."""
    return (*list_checks(), *known_checks())

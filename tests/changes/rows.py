"""What an edit is expected to be called."""

from __future__ import annotations

from dataclasses import dataclass

from tests.changes.shelf import Edit


@dataclass(frozen=True)
class Row:
    """An edit, what is said of it, and what is said of its undoing (the same where that is left out)."""

    edits: tuple[Edit, ...]
    found: str
    undone: str | None = None


def row(old: str, new: str, found: str, undone: str | None = None) -> Row:
    return Row(((old, new),), found, undone)

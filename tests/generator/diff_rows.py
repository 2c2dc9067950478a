"""What an edit is expected to be called."""

from __future__ import annotations

from dataclasses import dataclass

from tests.generator.shelf import Edit


@dataclass(frozen=True)
class Row:
    """An edit, what is said of it, and what is said of its undoing (nothing asked where that is empty)."""

    edits: tuple[Edit, ...]
    found: str
    undone: str = ""


def row(old: str, new: str, found: str, undone: str = "") -> Row:
    return Row(((old, new),), found, undone)

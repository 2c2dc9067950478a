"""Members of the document whose value is one of a closed set."""

from __future__ import annotations

from typing import TypeVar

from generator.errors import SpecErrors
from generator.load import Node

Word = TypeVar("Word", bound=str)


def word(node: Node, key: str, known: tuple[Word, ...], default: str = "") -> Word:
    """The value of the member, or the default if it is missing; it must be one of the known values."""
    return _check_word(node, node.text(key, default), key, known)


def words(node: Node, key: str, known: tuple[Word, ...]) -> tuple[Word, ...]:
    """The items of the member, each of which must be one of the known values."""
    return tuple(_check_word(node, value, key, known) for value in node.texts(key))


def _check_word(node: Node, value: str, key: str, known: tuple[Word, ...]) -> Word:
    for one in known:
        if one == value:
            return one
    place = node[key] if node.has(key) else node
    raise SpecErrors([place.fault(f"{key} is {value!r}", f"write one of {', '.join(known)}")])

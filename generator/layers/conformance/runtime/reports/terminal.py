"""Lines on a terminal: what a server wrote shows, and does nothing there."""

from __future__ import annotations

import unicodedata
from typing import Any

from rich.console import Console

_KEPT = "\n\t"
_SEPARATORS = ("Zl", "Zp")


class Terminal(Console):
    """A console that shows control characters of its texts as escapes."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, emoji=False, soft_wrap=True)

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(escape_controls(one) if isinstance(one, str) else one for one in objects), **options)


def escape_controls(text: str) -> str:
    """The text with control and format characters, half surrogates and odd line ends as escapes."""
    return text if text.isprintable() else "".join(map(_escape, text))


def _escape(character: str) -> str:
    category = unicodedata.category(character)
    shown = character in _KEPT or (category[0] != "C" and category not in _SEPARATORS)
    return character if shown else ascii(character)[1:-1]

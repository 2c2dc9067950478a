"""Lines on a terminal: what a server wrote shows, and does nothing there."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rich.console import Console

_KEPT = "\n\t"
_UNUSUAL = re.compile(r"[^\x20-\x7e]")
_AT_BEGIN, _ANYWHERE = re.compile(r"^(\s*)::", re.MULTILINE), re.compile(r"(##\w*)\[")
_SEPARATORS = ("Zl", "Zp")


class Terminal(Console):
    """A console that shows control characters of its texts as escapes, and that gives a CI system no command."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, emoji=False, soft_wrap=True)

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(_disarm(escape_controls(one)) if isinstance(one, str) else one for one in objects), **options)


def _disarm(text: str) -> str:
    """The text, nothing in it what CI systems read in a log as a command, such as `::error::` or `##[add-path]`."""
    return _AT_BEGIN.sub(r"\1\\::", _ANYWHERE.sub(r"\1\\[", text))


def escape_controls(text: str) -> str:
    """The text with control and format characters, half surrogates and odd line ends as escapes."""
    return text if text.isprintable() else _UNUSUAL.sub(lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    category = unicodedata.category(character)
    shown = character in _KEPT or (category[0] != "C" and category not in _SEPARATORS)
    return character if shown else ascii(character)[1:-1]


def cut_text(text: str, longest: int) -> str:
    """The text in one line of at most so many characters."""
    line = text.replace("\n", " ")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"

"""Text that a terminal can show: what servers send may hold control characters."""

from __future__ import annotations


def escape_controls(text: str) -> str:
    """The text with control characters written as escapes, so that no terminal obeys them."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def escape_lines(text: str) -> str:
    """The same for a text of several lines."""
    return text if text.isprintable() else "\n".join(map(escape_controls, text.split("\n")))

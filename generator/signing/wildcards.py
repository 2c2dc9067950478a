"""Names with `*` in them, which stands for any text."""

from __future__ import annotations

from collections.abc import Iterable


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is one of these; `*` in a pattern stands for any text."""
    return any(name == pattern or ("*" in pattern and _fits(name, pattern)) for pattern in patterns)


def _fits(name: str, pattern: str) -> bool:
    first, *rest = pattern.split("*")
    if not name.startswith(first):
        return False
    at, last = len(first), rest.pop()
    for piece in rest:
        at = name.find(piece, at) + len(piece)
        if at < len(piece):
            return False
    return len(name) - at >= len(last) and name.endswith(last)

"""JSON as it was written: members that come twice, which a parser drops without a word."""

from __future__ import annotations

import json
from collections.abc import Sequence

_MOST = 5


def find_repeated(text: bytes) -> list[str]:
    """The names that one object has twice; none if the text is no JSON."""
    found: list[str] = []

    def read(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
        members = dict(pairs)
        if len(members) < len(pairs) and len(found) < _MOST:
            names = [name for name, _ in pairs]
            found.extend(name for name in members if names.count(name) > 1)
        return members

    try:
        json.loads(text, object_pairs_hook=read)
    except (ValueError, RecursionError):
        return []
    return sorted(set(found))

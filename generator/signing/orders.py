"""The orders that pairs are signed in. Pairs that an order holds for equal stay as they were sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_KEYS: Mapping[str, Callable[[tuple[str, str]], Any]] = {
    "name-bytes": lambda pair: _bytes(pair[0]),
    "name-codepoints": lambda pair: pair[0],
    "name-lower": lambda pair: _bytes(pair[0].lower()),
    "pair-bytes": lambda pair: (_bytes(pair[0]), _bytes(pair[1])),
    "value-bytes": lambda pair: _bytes(pair[1]),
}
ORDERS = (*_KEYS, "as-sent")


def sort_pairs(pairs: list[tuple[str, str]], order: str) -> list[tuple[str, str]]:
    """The pairs in this order."""
    return sorted(pairs, key=_KEYS[order]) if order in _KEYS else pairs

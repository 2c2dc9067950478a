"""The orders that pairs are signed in. Pairs that an order holds for equal stay as they were sent.

Texts in the order of their code points are in the order of their bytes, since UTF-8 keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, Literal, get_args

Order = Literal["name-bytes", "name-codepoints", "name-lower", "pair-bytes", "value-bytes", "as-sent"]

_KEYS: Mapping[Order, Callable[[tuple[str, str]], Any] | None] = {
    "name-bytes": itemgetter(0),
    "name-codepoints": itemgetter(0),
    "name-lower": lambda pair: pair[0].lower(),
    "pair-bytes": None,
    "value-bytes": itemgetter(1),
}
ORDERS: tuple[Order, ...] = get_args(Order)


def sort_pairs(pairs: list[tuple[str, str]], order: Order) -> list[tuple[str, str]]:
    """The pairs in this order."""
    return sorted(pairs, key=_KEYS[order]) if order in _KEYS else pairs

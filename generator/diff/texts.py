"""Values as they stand in sentences and are compared."""

from __future__ import annotations

import json
from collections.abc import Iterable

from generator.ir import Frozen, thaw


def shown(value: Frozen) -> str:
    """JSON data as one text; equal texts are equal data, also where Python takes 1 for true."""
    return json.dumps(thaw(value), ensure_ascii=False, sort_keys=True)


def named(words: Iterable[str]) -> str:
    """Words in a sentence; `nothing` for none."""
    return ", ".join(words) or "nothing"


def was(old: str, new: str) -> str:
    """What a word is and was."""
    return f"{shown(new) if new else 'nothing'}, was {shown(old) if old else 'nothing'}"

"""Values as they stand in sentences and are compared."""

from __future__ import annotations

import json
from collections.abc import Iterable

from generator.ir import Frozen, thaw


def json_text(value: Frozen) -> str:
    """JSON data as one text; equal texts are equal data, also where Python takes 1 for true."""
    return json.dumps(thaw(value), ensure_ascii=False, sort_keys=True)


def join_words(words: Iterable[str]) -> str:
    """Words in a sentence; `nothing` for none."""
    return ", ".join(words) or "nothing"


def was(old: str, new: str) -> str:
    """What a word is and was."""
    return f"{json_text(new) if new else 'nothing'}, was {json_text(old) if old else 'nothing'}"

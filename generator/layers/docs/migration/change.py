"""What becomes of one value from a version to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ir import Api, Schema
from generator.layers.docs.prose import Line
from generator.layers.docs.schema_text import value_of

PATH = "migration.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a parameter or a field; `old` or `new` is empty for one that is new or gone."""

    old: str
    new: str
    what: Line


def list_differences(old_api: Api, old: Schema, new_api: Api, new: Schema) -> Iterator[str]:
    """How the value differs, in a few words each."""
    before, after = value_of(old_api, old), value_of(new_api, new)
    if before.kind != after.kind:
        yield f"was {before.kind}, is {after.kind}"
    words = [[word.value for word in value.words] for value in (before, after)]
    if words[1] and words[0] != words[1]:
        yield f"other values: {', '.join(words[1])}"

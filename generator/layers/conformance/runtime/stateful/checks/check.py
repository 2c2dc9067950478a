"""One check of this phase."""

from __future__ import annotations

from dataclasses import dataclass

from ...results import MUST, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check. `clause` is its place in the description, `cause` the likely cause of a failure."""

    id: str
    name: str
    level: Level = MUST
    clause: str
    cause: str

"""One check of this layer."""

from __future__ import annotations

from dataclasses import dataclass

from ...results import MUST


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What is checked. `clause` is its place in the description, `cause` what a failure is likely due to."""

    id: str
    name: str
    level: str = MUST
    clause: str
    cause: str

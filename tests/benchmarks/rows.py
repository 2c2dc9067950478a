"""What a measurement tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measured ratio, ours over theirs; `bar` is the most it may be, or None where there is none."""

    what: str
    unit: str
    ours: float
    theirs: float
    bar: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def misses(self) -> bool:
        return self.bar is not None and self.ratio > self.bar

"""A measured ratio, and how measurements are kept from disturbing each other."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measured ratio, ours over theirs; `bar` is the most it may be, or None where there is none.

    What could not be measured is no number.
    """

    what: str
    unit: str
    ours: float
    theirs: float
    bar: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def is_left_out(self) -> bool:
        """Whether something that it takes is not at hand."""
        return math.isnan(self.ratio)

    @property
    def misses(self) -> bool:
        return self.bar is not None and self.ratio > self.bar


@contextmanager
def on_one_processor() -> Iterator[None]:
    """Keep this process and those it starts on one processor, where the system lets it.

    Between two processors, the wait for a response is counted as work, now more and now less: by up to a fifth.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)

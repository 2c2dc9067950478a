"""What must be in the state, may be, or must not, after creates, snapshots and restores that partly overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Presence(Enum):
    """Whether an object is there."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "either"


@dataclass(frozen=True, slots=True)
class Span:
    """When something began and when it was acknowledged; infinite if it never was."""

    began: float
    ended: float = math.inf

    @property
    def is_acknowledged(self) -> bool:
        return self.ended < math.inf


@dataclass(frozen=True, slots=True)
class Restore:
    """The state became that of a snapshot; without one, that of the start, which is empty."""

    span: Span
    snapshot: Span | None = None


def expect_presence(create: Span, restores: Sequence[Restore]) -> Presence:
    """Whether what was created is there after these restores, the last of which counts most."""
    if not create.is_acknowledged:
        return Presence.UNKNOWN
    if not restores:
        return Presence.PRESENT
    *earlier, last = restores
    if create.began > last.span.ended:
        return Presence.PRESENT
    if not last.span.is_acknowledged:  # cut short: it took effect, or it did not
        return expect_presence(create, earlier) if create.began > last.span.began else Presence.UNKNOWN
    if create.ended >= last.span.began:
        return Presence.UNKNOWN
    return _expect_in_snapshot(create, last.snapshot, earlier)


def _expect_in_snapshot(create: Span, snapshot: Span | None, restores: Sequence[Restore]) -> Presence:
    """Whether it is in the snapshot, given the restores before the one that is looked at."""
    if snapshot is None or create.began > snapshot.ended:
        return Presence.ABSENT
    if create.ended >= snapshot.began:
        return Presence.UNKNOWN
    return expect_presence(create, [one for one in restores if one.span.began < snapshot.began])

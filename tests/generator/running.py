"""A run of the command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """What a run of the command printed, and its exit code."""

    code: int
    out: str
    err: str

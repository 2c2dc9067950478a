"""What a run says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.errors import SpecError, SpecErrors
from generator.generation.run import Outcome

_SHOWN = 20


def summarize(outcome: Outcome) -> str:
    """How many files there are, and how many of them were written: `652 files: 3 new, 5 changed, 1 removed`."""
    found = outcome.drift
    kinds = {"new": found.missing, "changed": found.changed, "removed": found.stale}
    done = ", ".join(f"{len(paths)} {kind}" for kind, paths in kinds.items() if paths)
    return f"{outcome.count} files: {done or 'all up to date'}"


def list_warnings(findings: Sequence[SpecError]) -> Iterator[str]:
    """A line for each of the first findings, by file and line, and one that counts the others."""
    ordered = SpecErrors(findings).faults
    for finding in ordered[:_SHOWN]:
        yield f"warning: {finding}"
    if len(ordered) > _SHOWN:
        yield f"warning: {len(ordered) - _SHOWN} more of this kind (`procwise-toolkit lint` lists all)"

"""What a run says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import SpecErrors
from generator.generation.run import Order, Outcome
from generator.lint import findings
from generator.tree import Drift

_SHOWN = 20


def summarize(outcome: Outcome) -> str:
    """How many files there are, and how many of them were written: `652 files: 3 new, 5 changed, 1 removed`."""
    found = outcome.drift
    kinds = {"new": found.missing, "changed": found.changed, "removed": found.stale}
    done = ", ".join(f"{len(paths)} {kind}" for kind, paths in kinds.items() if paths)
    return f"{outcome.count} files: {done or 'all up to date'}"


def list_drift(found: Drift) -> Iterator[str]:
    """A line for each file that would be written or removed."""
    for kind, paths in {"missing": found.missing, "changed": found.changed, "stale": found.stale}.items():
        yield from (f"{kind}: {path}" for path in paths)


def list_warnings(order: Order, outcome: Outcome) -> Iterator[str]:
    """What the house rules find: a line for each of the first, by file and line, and one that counts the others."""
    ordered = SpecErrors(findings(list(order.specs), outcome.documents)).faults
    for finding in ordered[:_SHOWN]:
        yield f"warning: {finding}"
    if len(ordered) > _SHOWN:
        yield f"warning: {len(ordered) - _SHOWN} more of this kind (`procwise-toolkit lint` lists all)"

"""The table of seeded faults and linters: `python -m tests.lint.table`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.lint.copies import NEAR, Copy, lint_copy, node_verdicts, seed_fault, verdict
from tests.lint.faults import FAULTS, Fault

HEAD = ("fault", "file and line", "rule of ours", "lint", "Redocly", "Spectral")


def table(copies: Sequence[Copy]) -> str:
    """Which linter sees which fault, and where."""
    rows = [HEAD]
    for copy, (first, second) in zip(copies, node_verdicts(copies), strict=True):
        own = verdict(copy, ((Path(one.file), one.line) for one in lint_copy(copy)))
        fault = copy.fault
        rows.append((fault.name, f"{fault.file}:{copy.line}", fault.rule, own, first, second))
    rows.append(("at the right place", f"{len(copies)} faults", "", *(_count(rows, column) for column in (3, 4, 5))))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def _count(rows: Sequence[tuple[str, ...]], column: int) -> str:
    return str(sum(row[column] == NEAR for row in rows))


def copies_in(folder: Path, faults: Sequence[Fault] = FAULTS) -> list[Copy]:
    """A copy for each fault, in folders of their own."""
    return [seed_fault(fault, folder / str(number)) for number, fault in enumerate(faults)]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(table(copies_in(Path(scratch))))

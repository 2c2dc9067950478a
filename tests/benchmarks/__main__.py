"""`make bench`: each row is a ratio of two things measured in turn in this one run."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    calls,
    comparing,
    conformance,
    decoding,
    files,
    fuzz,
    generator,
    hostile,
    observing,
    pages,
    sandbox,
    scaling,
    sdks,
    signing,
)


def main() -> None:
    """Measure, print the table, and exit with 1 where a bar is missed."""
    parts = (
        signing,
        calls,
        sdks,
        decoding,
        files,
        generator,
        scaling,
        comparing,
        sandbox,
        hostile,
        conformance,
        observing,
        fuzz,
        pages,
    )
    rows = []
    for row in (row for part in parts for row in part.measure()):
        rows.append(row)
        print(f"{row.what}: {row.ratio:.2f}", file=sys.stderr, flush=True)  # so that a later part can lose none
    table = Table(title="the least of some rounds, measured in turn")
    for name in ("what", "unit", "ours", "beside", "ratio", "bar", ""):
        table.add_column(name, justify="left" if name in ("what", "") else "right")
    for row in rows:
        bar = "" if row.bar is None else f"{row.bar:.2f}"
        verdict = "left out" if row.is_left_out else "missed" if row.misses else "ok" if bar else ""
        table.add_row(row.what, row.unit, f"{row.ours:.2f}", f"{row.theirs:.2f}", f"{row.ratio:.2f}", bar, verdict)
    Console(width=140).print(table)
    comparing.print_verdicts()
    sys.exit(any(row.misses for row in rows))


if __name__ == "__main__":
    main()

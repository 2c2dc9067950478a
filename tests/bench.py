"""`make bench`: each row is a ratio of two things measured in turn in this one run."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ROUNDS = 3


@dataclass(frozen=True)
class Row:
    """A measured ratio: ours over theirs, in CPU seconds; `bar` is the most it may be."""

    what: str
    ours: float
    theirs: float
    bar: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def main() -> None:
    """Measure, print the table, and exit with 1 where a bar is missed."""
    rows = list(measured())
    table = Table(title=f"CPU seconds, least of {ROUNDS} rounds, measured in turn")
    for name in ("what", "ours", "beside", "ratio", "bar", ""):
        table.add_column(name, justify="left" if name in ("what", "") else "right")
    for row in rows:
        verdict = "ok" if row.ratio <= row.bar else "missed"
        table.add_row(row.what, f"{row.ours:.2f}", f"{row.theirs:.2f}", f"{row.ratio:.2f}", f"{row.bar:.2f}", verdict)
    Console(width=120).print(table)
    sys.exit(any(row.ratio > row.bar for row in rows))


def measured() -> Iterator[Row]:
    """All rows; a later measurement is one more `yield`."""
    what = "whole generator run, beside two bare openapi-python-client runs"
    yield Row(what, *least(generate, bare_clients), bar=3.0)


def least(ours: Callable[[Path], None], theirs: Callable[[Path], None]) -> tuple[float, float]:
    """The least CPU time of each, the two run in turn."""
    times = [(cpu_of(ours), cpu_of(theirs)) for _ in range(ROUNDS)]
    return min(a for a, _ in times), min(b for _, b in times)


def cpu_of(work: Callable[[Path], None]) -> float:
    """CPU seconds of the programs that `work` runs."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work(Path(folder))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def generate(folder: Path) -> None:
    """All layers of all versions into an empty folder."""
    run(BIN / "procwise-toolkit", "generate", "--out", folder)


def bare_clients(folder: Path) -> None:
    """openapi-python-client as it comes, once for each bundle."""
    for bundle in sorted((ROOT / "generated/openapi").glob("*.json")):
        run(BIN / "openapi-python-client", "generate", "--path", bundle, "--output-path", folder / bundle.stem)


def run(*command: str | Path) -> None:
    """Run a program of the environment; its failure is a failure of the measurement."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # openapi-python-client looks for ruff there
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "PATH": path})


if __name__ == "__main__":
    main()

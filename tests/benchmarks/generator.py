"""What a whole run of the generator costs."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.rows import Row

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ROUNDS = 3


def measure() -> Iterator[Row]:
    """The least CPU time of each, the two run in turn."""
    times = [(cpu_of(generate), cpu_of(bare_clients)) for _ in range(ROUNDS)]
    ours, theirs = (min(column) for column in zip(*times, strict=True))
    yield Row("whole generator run, beside two bare openapi-python-client runs", "CPU s", ours, theirs, bar=3.0)


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

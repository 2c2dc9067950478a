"""What an entry of a recording costs, beside `redocly drift` on the same file."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.comparing import NODE
from tests.benchmarks.generator import ROOT, cpu_of
from tests.benchmarks.rows import Row
from tests.conformance.observe.recordings import mitmproxy, write_har
from tests.conformance.observe.test_har_files import BASE, make_list

FEW, MANY = 500, 5500
MEMORY_BAR = 1.1
# A small process of its own between: what one that has grown starts is counted from its size.
_PEAK = """import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code not in (0, 1))
"""


def measure() -> Iterator[Row]:
    """CPU milliseconds of one entry: the difference of two recordings, so that no start is in it."""
    redocly = shutil.which("redocly", path=str(NODE))
    if redocly is None:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (FEW, MANY):
            entries = (mitmproxy(make_list(began=1_764_000_000.0 + number)) for number in range(count))
            write_har(folder / f"{count}.har", entries)
        observe = [sys.executable, "-m", "procwise_conformance", "observe"]
        options = ["--api", ROOT / "generated/openapi/v3.json", "--server", BASE, "--format", "json"]
        ours = _measure_entry(observe, ["--base-url", BASE, "--report", folder / "report"], folder)
        theirs = _measure_entry([redocly, "drift"], [*options, "-o", folder / "drift.json"], folder)
        held = [
            _measure_memory([*observe, folder / f"{count}.har", "--base-url", BASE], folder) for count in (MANY, FEW)
        ]
    yield Row("an entry of a recording, beside `redocly drift`", "CPU ms", ours, theirs)
    yield Row(f"the most memory for {MANY} entries of a recording, beside {FEW}", "MB", *held, bar=MEMORY_BAR)


def _measure_entry(program: Sequence[str], options: Sequence[str | Path], folder: Path) -> float:
    """CPU milliseconds that one entry more costs the program."""

    def judge(count: int) -> float:
        call = [*program, folder / f"{count}.har", *options]

        def work(_: Path) -> None:
            done = subprocess.run(call, capture_output=True, check=False)
            assert done.returncode in (0, 1), done.stderr[-2000:]

        return min(cpu_of(work) for _ in range(2))

    return 1000 * (judge(MANY) - judge(FEW)) / (MANY - FEW)


def _measure_memory(call: Sequence[str | Path], folder: Path) -> float:
    """The MB that the program holds at most."""
    words = [sys.executable, "-c", _PEAK, *call, "--report", folder / "report"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return int(done.stdout) / 1000

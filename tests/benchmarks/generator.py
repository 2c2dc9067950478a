"""What a whole run of the generator costs."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
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
    for what, bar, layers in (("the client", 0.5, ("--layer", "client")), ("all layers", 0.7, ())):
        cold, warm = min(time_watching(*layers) for _ in range(ROUNDS))
        yield Row(f"{what} after an edit with --watch, beside the first run", "CPU s", warm, cold, bar=bar)


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


def time_watching(*layers: str) -> tuple[float, float]:
    """CPU seconds of the command until it has written everything, and from an edit until it has written that."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "spec", Path(folder) / "spec")
        edited = Path(folder) / "spec/v3/exams.yaml"
        call = [BIN / "procwise-toolkit", "generate", "--watch", *layers]
        with subprocess.Popen(call, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
            try:
                cold = read_cpu_at_summary(process)
                time.sleep(1)  # the warnings of the first run
                before = read_cpu(process.pid)
                edited.write_text(edited.read_text("utf-8").replace("summary: ", "summary: Now ", 1), "utf-8")
                return cold, read_cpu_at_summary(process) - before
            finally:
                process.kill()


def read_cpu_at_summary(process: subprocess.Popen[str]) -> float:
    """CPU seconds at the next line that counts files."""
    assert process.stderr is not None
    next(line for line in process.stderr if " files: " in line)
    return read_cpu(process.pid)


def read_cpu(pid: int) -> float:
    """CPU seconds of a process and of those that it waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

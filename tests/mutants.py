"""`make mutants`: the conformance suite against every fault of the sandbox, and the honest one under many seeds.

A fault is killed where the suite finds a broken clause in the current version. The layers that send the same requests
under every seed are run first; what only generated requests find is listed apart, and counts only where every seed
finds it. The frozen version has less to get wrong: what it shows of a fault is listed beside. Every run is the default
one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

GENERATED = Path(__file__).parent.parent / "generated"
USERS = ("", "second", "superuser")
CERTAIN = ("--exclude-check", "SCH-*")
GENERATING = ("--include-check", "SCH-*")
MUST = "MUST"
CURRENT, FROZEN = "v3", "v1"
SEEDS = 20
FEW_SEEDS = 3
SHOWN = 6
T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """A named deviation of the sandbox."""

    name: str
    level: str
    clause: str


@dataclass(frozen=True)
class Kill:
    """What the suite said of a sandbox with a fault: ids of checks, by how they found it."""

    fault: Fault
    certain: tuple[str, ...]
    generated: tuple[str, ...]
    frozen: tuple[str, ...]

    @property
    def killed(self) -> bool:
        return bool(self.certain or self.generated)


def main() -> None:
    """Run everything, print the matrix, and exit with 1 where a fault survives or the honest sandbox is blamed."""
    asked = _arguments()
    console = Console(width=150)
    faults = [fault for fault in known_faults() if not asked.fault or fault.name in asked.fault]
    with ThreadPoolExecutor(asked.workers) as pool:
        kills = _report_each(pool.map(run_fault, faults), "faults", [fault.name for fault in faults], _sentence)
        runs = [(api, seed) for api in (CURRENT, FROZEN) for seed in range(1, asked.seeds + 1)]
        names = [f"{api}, seed {seed}" for api, seed in runs]
        blamed = _report_each(pool.map(honest, runs), "seeds", names, lambda ids: ", ".join(ids) or "nothing found")
    console.print(matrix(kills))
    alive = [kill.fault.name for kill in kills if not kill.killed]
    findings = [f"{name}: {', '.join(ids)}" for name, ids in zip(names, blamed, strict=True) if ids]
    console.print(f"{len(kills) - len(alive)} of {len(kills)} faults found; alive: {', '.join(alive) or 'none'}")
    console.print(f"honest sandbox, {len(runs)} runs: {len(findings)} with findings")
    for finding in findings:
        console.print(finding)
    sys.exit(bool(alive or findings))


def _report_each(done: Iterator[T], what: str, names: Sequence[str], sentence: Callable[[T], str]) -> list[T]:
    """What comes, one after the other, with a line for each: the whole takes an hour."""
    reported, messages = [], Console(stderr=True, highlight=False, soft_wrap=True)
    for name, one in zip(names, track(done, what, len(names), console=messages), strict=True):
        messages.print(f"{name}: {sentence(one)}")
        reported.append(one)
    return reported


def _sentence(kill: Kill) -> str:
    return f"{_few(kill.certain or kill.generated)}; {FROZEN}: {_few(kill.frozen)}"


def known_faults() -> list[Fault]:
    """The faults as the sandbox lists them."""
    call = [sys.executable, "-m", "procwise_sandbox", "--faults"]
    lines = subprocess.run(call, env=_environment(), capture_output=True, text=True, check=True).stdout.splitlines()
    return [Fault(*line.split()[:3]) for line in lines if line.strip()]


def run_fault(fault: Fault) -> Kill:
    """The ids of the checks that find a fault."""
    options = ("--fault", fault.name)
    frozen = failed_checks(options, ("--api", FROZEN, *CERTAIN), level=fault.level)
    if certain := failed_checks(options, CERTAIN, level=fault.level):
        return Kill(fault, certain, (), frozen)
    several = [
        set(failed_checks(options, (*GENERATING, "--seed", str(seed)), level=fault.level))
        for seed in range(1, FEW_SEEDS + 1)
    ]
    return Kill(fault, (), tuple(sorted(set.intersection(*several))), frozen)


def honest(run: tuple[str, int]) -> tuple[str, ...]:
    """What the suite has against a sandbox without a fault, of any level."""
    api, seed = run
    return failed_checks((), ("--api", api, "--seed", str(seed)), level="SHOULD")


def failed_checks(faults: Sequence[str], options: Sequence[str], *, level: str) -> tuple[str, ...]:
    """The ids of the checks that a run of the suite finds broken; a SHOULD only where that is asked for."""
    with tempfile.TemporaryDirectory() as folder, sandbox(faults) as started:
        environment = _environment()
        words = []
        for user in USERS:
            data, prefix = started[user] if user else started, user.upper() or "PROCWISE"
            environment |= {f"{prefix}_TOKEN": data["token"], f"{prefix}_SECRET_KEY": data["secret_key"]}
            if user:
                words += [f"--{user}-token-env", f"{prefix}_TOKEN", f"--{user}-secret-env", f"{prefix}_SECRET_KEY"]
        call = [
            sys.executable,
            "-m",
            "procwise_conformance",
            started["base_url"],
            "--report",
            folder,
        ]
        done = subprocess.run([*call, *words, *options], env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            return ("no verdict",)
        results = json.loads((Path(folder) / "report.json").read_text("utf-8"))["results"]
    wanted = {MUST, level}
    ids = [result["id"] for result in results if result["status"] == "failed" and result["level"] in wanted]
    return tuple(dict.fromkeys(name.partition(" ")[0] for name in ids))


@contextmanager
def sandbox(faults: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A sandbox of its own, and what its first line says."""
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--quiet", "--no-page", *faults]
    with subprocess.Popen(call, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            started: dict[str, Any] = json.loads(server.stdout.readline())
            yield started
        finally:
            server.terminate()


def matrix(kills: Sequence[Kill]) -> Table:
    """Each fault with the checks that find it."""
    table = Table(title="faults of the sandbox and the checks that find them")
    for name in ("fault", "clause", f"found in {CURRENT} by", "generated requests alone", f"in {FROZEN}"):
        table.add_column(name, overflow="fold")
    for kill in kills:
        generated = ", ".join(kill.generated)
        table.add_row(kill.fault.name, kill.fault.clause, _few(kill.certain), generated, _few(kill.frozen))
    return table


def _few(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + more or "-"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("fault", nargs="*", help="only these faults; all, if left out")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many seeds the honest sandbox is tried under")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many runs at once")
    return parser.parse_args()


def _environment() -> dict[str, str]:
    path = os.pathsep.join(str(GENERATED / name) for name in ("client", "sandbox", "conformance"))
    return {**os.environ, "PYTHONPATH": path}


if __name__ == "__main__":
    main()

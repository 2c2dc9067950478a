"""`make mutants`: the conformance suite against every fault of the sandbox, and the honest one under many seeds.

A fault is killed where the suite finds a broken clause in the current version. The layers that send the same requests
under every seed are run first, those of the fault's clause before the others, and the first finding ends the search;
what only generated requests find is listed apart, and counts only where every seed finds it. `--every` runs everything
to its end and lists each check that finds a fault, in the frozen version too, which has less to get wrong. The runs of
the honest sandbox are the default ones. What only other descriptions say, an overlay adds for its own faults.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.demo import DEMO_IDS

ROOT = Path(__file__).parent.parent
GENERATED = ROOT / "generated"
OF_MEDIA_TYPES = ("responses.415", "responses.406")  # which no operation of this API describes
OVERLAY = """overlay: 1.0.0
info: {title: Media types that are refused, version: "1"}
actions:
  - target: $.paths.*.*.responses
    update:
      "406": &refused {description: Refused., content: {application/json: {schema: {type: object}}}}
      "415": *refused
"""
USERS = ("", "second", "superuser")
CERTAIN = {"exclude-check": "SCH-*"}
GENERATING = {"include-check": "SCH-*"}
OF_SIGNATURES, OF_OBJECTS = {"include-check": "SIG-*"}, {"include-check": "MOD-*"}
OF_DESCRIBED_MEDIA_TYPES = {"include-check": "MOD-11[23]"}
OF_REQUEST_HEADERS = ("x-signing", "x-token")
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
    packages: Path = GENERATED


@dataclass(frozen=True)
class Run:
    """A run against the honest sandbox of some packages."""

    packages: Path
    api: str
    seed: int

    @property
    def name(self) -> str:
        return f"{self.api}{'' if self.packages == GENERATED else ' with 406 and 415'}, seed {self.seed}"


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
    find = find_every_check if asked.every else find_fault
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.workers) as pool:
        if any(fault.clause in OF_MEDIA_TYPES for fault in faults):
            described = _describe_media_types(Path(folder))
            faults = [replace(one, packages=described) if one.clause in OF_MEDIA_TYPES else one for one in faults]
        kills = _report_each(pool.map(find, faults), "faults", [fault.name for fault in faults], _sentence)
        seeds = range(1, asked.seeds + 1)
        runs = [Run(packages, api, seed) for packages, api in _honest_sandboxes(faults) for seed in seeds]
        names = [run.name for run in runs]
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


def _describe_media_types(folder: Path) -> Path:
    """Packages of a description in which every operation has 406 and 415."""
    (folder / "overlay.yaml").write_text(OVERLAY, "utf-8")
    call = [sys.executable, "-m", "generator", "generate", "--spec", str(ROOT / "spec"), "--out", str(folder)]
    call += ["--overlay", str(folder / "overlay.yaml")]
    call += [word for layer in ("client", "sandbox", "conformance") for word in ("--layer", layer)]
    subprocess.run(call, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return folder / "generated"


def _honest_sandboxes(faults: Sequence[Fault]) -> Iterator[tuple[Path, str]]:
    yield from ((GENERATED, api) for api in (CURRENT, FROZEN))
    yield from ((packages, CURRENT) for packages in {fault.packages for fault in faults} - {GENERATED})


def known_faults() -> list[Fault]:
    """The faults as the sandbox lists them."""
    call = [sys.executable, "-m", "procwise_sandbox", "--faults"]
    lines = subprocess.run(call, env=_environment(), capture_output=True, text=True, check=True).stdout.splitlines()
    return [Fault(*line.split()[:3]) for line in lines if line.strip()]


def find_fault(fault: Fault) -> Kill:
    """The first check that finds a fault: those of its clause are tried before the others."""
    first, second = OF_SIGNATURES, OF_OBJECTS
    if not fault.clause.startswith(OF_REQUEST_HEADERS):
        first, second = second, first
    groups = (first, second, CERTAIN) if fault.packages == GENERATED else (OF_DESCRIBED_MEDIA_TYPES, CERTAIN)
    for group in groups:
        if found := failed_checks(fault, group, level=fault.level, is_first_enough=True):
            return Kill(fault, found, (), ())
    return Kill(fault, (), _find_by_generated_requests(fault), ())


def find_every_check(fault: Fault) -> Kill:
    """The ids of all checks that find a fault."""
    frozen = failed_checks(fault, {"api": FROZEN, **CERTAIN}, level=fault.level)
    if certain := failed_checks(fault, CERTAIN, level=fault.level):
        return Kill(fault, certain, (), frozen)
    return Kill(fault, (), _find_by_generated_requests(fault), frozen)


def _find_by_generated_requests(fault: Fault) -> tuple[str, ...]:
    found = [
        set(failed_checks(fault, {**GENERATING, "seed": str(seed)}, level=fault.level))
        for seed in range(1, FEW_SEEDS + 1)
    ]
    return tuple(sorted(set.intersection(*found)))


def honest(run: Run) -> tuple[str, ...]:
    """What the suite has against a sandbox without a fault, of any level."""
    options = {"api": run.api, "seed": str(run.seed)}
    if run.packages != GENERATED:  # the other checks see what they see in the sandbox of the API itself
        options |= OF_DESCRIBED_MEDIA_TYPES
    return failed_checks(run, options, level="SHOULD")


def failed_checks(
    tried: Fault | Run, options: Mapping[str, str], *, level: str, is_first_enough: bool = False
) -> tuple[str, ...]:
    """The ids of the checks that a run of the suite finds broken; a SHOULD only where that is asked for.

    The run ends at the first broken MUST where that is enough. Of a SHOULD, which fails no test, it does not.
    """
    faults = ("--fault", tried.name) if isinstance(tried, Fault) else ()
    with tempfile.TemporaryDirectory() as folder, sandbox(faults, tried.packages) as started:
        environment, named = _environment(tried.packages), {"ids": DEMO_IDS, **options}
        if options.get("api", CURRENT) == FROZEN:  # it has no operation that asks for them
            named["ids"] = ""
        for user in USERS:
            data, prefix = started[user] if user else started, user.upper() or "PROCWISE"
            environment |= {f"{prefix}_TOKEN": data["token"], f"{prefix}_SECRET_KEY": data["secret_key"]}
            if user:
                named |= {f"{user}-token-env": f"{prefix}_TOKEN", f"{user}-secret-env": f"{prefix}_SECRET_KEY"}
        call = _session(folder, started["base_url"], {**named, "report": folder}, is_first_enough=is_first_enough)
        done = subprocess.run(call, env=environment, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{faults} {options}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        results = json.loads((Path(folder) / "report.json").read_text("utf-8"))["results"]
    wanted = {MUST, level}
    ids = [result["id"] for result in results if result["status"] == "failed" and result["level"] in wanted]
    return tuple(dict.fromkeys(name.partition(" ")[0] for name in ids))


def _session(folder: str, url: str, options: Mapping[str, str], *, is_first_enough: bool) -> list[str]:
    """A session of pytest with the suite in it, which can end at a first finding."""
    call = [sys.executable, "-m", "pytest", "-p", "procwise_conformance.plugin", "--pyargs", "procwise_conformance"]
    call += ["-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", folder, "--conformance-url", url]
    call += [word for name, value in options.items() for word in ("--conformance-option", f"{name}={value}")]
    return [*call, "--maxfail", "1"] if is_first_enough else call


@contextmanager
def sandbox(faults: Sequence[str], packages: Path = GENERATED) -> Iterator[dict[str, Any]]:
    """A sandbox of its own, and what its first line says."""
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--quiet", "--no-page", *faults]
    with subprocess.Popen(
        call, env=_environment(packages), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
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
    parser.add_argument("--every", action="store_true", help="list every check that finds a fault, in both versions")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many runs at once")
    return parser.parse_args()


def _environment(packages: Path = GENERATED) -> dict[str, str]:
    path = os.pathsep.join(str(packages / name) for name in ("client", "sandbox", "conformance"))
    return {**os.environ, "PYTHONPATH": path}


if __name__ == "__main__":
    main()

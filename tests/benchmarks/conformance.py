"""What the conformance suite sends and costs: beside the plain fuzzer on the same server, and beside itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.generator import cpu_of
from tests.benchmarks.rows import Row
from tests.benchmarks.sandbox import ROOT, sandbox
from tests.demo import call_suite

EXAMPLES = "3"
ROUNDS = 2  # of the demo's run by one worker and by two, in turn
MOST_REQUESTS = 3.0  # for a check: an attack takes the request, its attacked form, and a share of what it is tried on
WORKERS_BAR = 1 / 1.5
Call = Callable[[Mapping[str, Any]], tuple[Mapping[str, str], Sequence[str]]]


@dataclass(frozen=True)
class Spent:
    """What a run took; `seconds` of wall time, `cpu` of its own processes without the server's."""

    seconds: float
    cpu: float
    requests: int


def measure() -> Iterator[Row]:
    """One whole run each, and some of the demo's by one worker and by two; the plain fuzzer signs nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = run_beside_server(folder / "ours", lambda started: _suite(started, folder / "report"))
        theirs = run_beside_server(folder / "theirs", _plain)
        rounds = [[_run_demo(folder / str(number), workers) for workers in ("1", "2")] for number in range(ROUNDS)]
        one, two = (min(spent, key=lambda one: one.seconds) for spent in zip(*rounds, strict=True))
        checks = _count_checks(folder / "0" / "report-1")
    per_second = ours.requests / ours.seconds, theirs.requests / theirs.seconds
    yield Row("requests of the conformance suite, beside those of plain `st run`", "per s", *per_second)
    costs = 1000 * one.cpu / checks, 1000 * theirs.cpu / theirs.requests
    yield Row("a check of the demo's run, beside a request of plain `st run`", "CPU ms", *costs)
    yield Row("requests for a check of the demo's run, of those allowed", "", one.requests / checks, MOST_REQUESTS, 1.0)
    yield Row("the demo's run by two workers, beside one", "s", two.seconds, one.seconds, WORKERS_BAR)


def run_beside_server(stem: Path, call: Call) -> Spent:
    """A run against a sandbox of its own, whose log has a line for each request."""
    log, seconds = stem.with_suffix(".log"), 0.0

    with sandbox(stem.with_suffix(".db"), log) as (started, _):
        environment, words = call(started)

        def work(_: Path) -> None:
            nonlocal seconds
            began = time.monotonic()
            done = subprocess.run(
                words, env={**os.environ, **environment}, cwd=stem.parent, capture_output=True, text=True, check=False
            )
            seconds = time.monotonic() - began
            assert done.returncode in (0, 1), done.stderr[-2000:]

        cpu = cpu_of(work)
    requests = sum(1 for _ in log.open())
    assert requests > 1000, stem
    return Spent(seconds=seconds, cpu=cpu, requests=requests)


def _suite(started: Mapping[str, Any], report: Path) -> tuple[Mapping[str, str], Sequence[str]]:
    environment = {"PROCWISE_TOKEN": started["token"], "PROCWISE_SECRET_KEY": started["secret_key"]}
    call = [sys.executable, "-m", "procwise_conformance", started["base_url"], "--max-examples", EXAMPLES]
    return environment, [*call, "--report", str(report)]


def _run_demo(folder: Path, workers: str) -> Spent:
    folder.mkdir(exist_ok=True)
    return run_beside_server(folder / workers, lambda started: _demo(started, folder, workers))


def _demo(started: Mapping[str, Any], folder: Path, workers: str) -> tuple[Mapping[str, str], Sequence[str]]:
    environment, options = call_suite(started, folder / f"report-{workers}")
    return environment, [sys.executable, "-m", "procwise_conformance", *options, "--workers", workers]


def _count_checks(report: Path) -> int:
    summary = json.loads((report / "report.json").read_text("utf-8"))["summary"]
    return int(summary["passed"] + summary["failed"])


def _plain(started: Mapping[str, Any]) -> tuple[Mapping[str, str], Sequence[str]]:
    description = ROOT / "generated/openapi/v3.json"
    document = json.loads(description.read_text("utf-8"))
    base = started["base_url"] + document["servers"][0]["url"][document["servers"][0]["url"].index("/api/") :]
    header = f"Authorization: Token token={started['token']}"
    call = [sys.executable, "-m", "schemathesis.cli", "run", str(description), "--url", base, "--header", header]
    return {}, [*call, "--max-examples", EXAMPLES, "--no-color"]

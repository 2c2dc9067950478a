"""How many requests the conformance suite sends, beside the plain fuzzer on the same server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.rows import Row
from tests.benchmarks.sandbox import ROOT, sandbox

EXAMPLES = "3"


def measure() -> Iterator[Row]:
    """Requests a second that got a response, of one whole run each; the plain ones are not signed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = _of(folder / "ours", lambda started: _suite(started, folder / "report"))
        theirs = _of(folder / "theirs", _plain)
    yield Row("requests of the conformance suite, beside those of plain `st run`", "per s", ours, theirs, None)


def _of(stem: Path, call: Any) -> float:
    """Lines in the server's log for each second of wall time."""
    log = stem.with_suffix(".log")
    with sandbox(stem.with_suffix(".db"), log) as (started, _):
        environment, words = call(started)
        began = time.monotonic()
        done = subprocess.run(words, env=environment, cwd=stem.parent, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
    requests = sum(1 for _ in log.open())
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert requests > 1000, done.stdout[-2000:]
    return requests / seconds


def _suite(started: Mapping[str, Any], report: Path) -> tuple[Mapping[str, str], Sequence[str]]:
    environment = {**os.environ, "PROCWISE_TOKEN": started["token"], "PROCWISE_SECRET_KEY": started["secret_key"]}
    call = [sys.executable, "-m", "procwise_conformance", started["base_url"], "--max-examples", EXAMPLES]
    return environment, [*call, "--report", str(report)]


def _plain(started: Mapping[str, Any]) -> tuple[Mapping[str, str], Sequence[str]]:
    description = ROOT / "generated/openapi/v3.json"
    document = json.loads(description.read_text("utf-8"))
    base = started["base_url"] + document["servers"][0]["url"][document["servers"][0]["url"].index("/api/") :]
    header = f"Authorization: Token token={started['token']}"
    call = [sys.executable, "-m", "schemathesis.cli", "run", str(description), "--url", base, "--header", header]
    return os.environ, [*call, "--max-examples", EXAMPLES, "--no-color"]

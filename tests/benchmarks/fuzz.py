"""Does the sandbox ever fail, whatever it is sent? Schemathesis, signed nonsense and broken bytes; memory, too."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from procwise_sandbox.loading import load_description
from tests.benchmarks.rows import Row
from tests.benchmarks.sandbox import sandbox
from tests.sandbox.nonsense import send_broken, send_signed

SEED = 20261122
WARM, SIGNED, BROKEN, EXAMPLES = 4_000, 24_000, 18_000, 3
MEMORY_BAR = 1.25


def measure() -> Iterator[Row]:
    """At least 50,000 requests: how many responses are 5xx, and how much memory stays."""
    chance = random.Random(SEED)  # not for secrets
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder) / "state.db") as (credentials, server):
        statuses = send_signed(chance, credentials, server, WARM)
        before = server.memory()
        statuses += send_signed(chance, credentials, server, SIGNED)
        statuses += send_broken(chance, credentials, server, BROKEN)
        statuses += _schemathesis(credentials, Path(folder))
        after = server.memory()
    failed = sum(count for status, count in statuses.items() if status[:1] == "5")
    print(f"{statuses.total():,} fuzzed requests: {dict(sorted(statuses.items()))}", file=sys.stderr)
    yield Row(f"responses of 5xx among {statuses.total():,} fuzzed requests", "responses", failed, 1, bar=0.0)
    yield Row("memory after them, beside memory before", "MB", after, before, bar=MEMORY_BAR)


def _schemathesis(credentials: Mapping[str, Any], folder: Path) -> Counter[str]:
    """What the conformance suite sends; a sandbox of its own keeps the nonsense out."""
    log = folder / "log"
    with sandbox(folder / "other.db", log) as (started, _):
        secrets = {"T": started["token"], "S": started["secret_key"]}
        for api in load_description().apis:
            call = [sys.executable, "-m", "procwise_conformance", started["base_url"], "--api", api.name]
            options = ["--token-env", "T", "--secret-env", "S", "--max-examples", str(EXAMPLES)]
            call += [*options, "--report", str(folder / api.name)]
            subprocess.run(call, env={**os.environ, **secrets}, capture_output=True, check=False)
    lines = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{"))
    return Counter(str(line["status"]) for line in lines if "status" in line)

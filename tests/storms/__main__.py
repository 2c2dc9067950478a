"""`make storms`: the long storms, with their figures; ends with an error if something is lost, doubled or fails."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.sandbox.postgresql import create_database, is_installed, run_cluster
from tests.storms.killing import rage
from tests.storms.mixed import send_mixed

REQUESTS_PER_SECOND = 50  # of the mixed ones, for each second of the other storms


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.storms", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="for each storm (default: 600)")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'state.db'}"
        _report("kill -9 on SQLite", rage(Path(folder), database, options.seconds, options.seed).counts)
    if not is_installed():
        raise SystemExit("PostgreSQL is missing: install the package postgresql")
    with tempfile.TemporaryDirectory() as folder, run_cluster() as cluster:
        database = create_database(cluster, "storm")
        _report("kill -9 on PostgreSQL", rage(Path(folder), database, options.seconds, options.seed).counts)
    with tempfile.TemporaryDirectory() as folder:
        count = int(options.seconds * REQUESTS_PER_SECOND)
        statuses, growth = send_mixed(Path(folder), count, options.seed)
        _report(f"mixed requests, {growth:.2f} times the memory", statuses)


def _report(what: str, counts: Counter[str]) -> None:
    print(f"{what}: " + ", ".join(f"{name}: {count:,}" for name, count in sorted(counts.items())), flush=True)


if __name__ == "__main__":
    main()

"""Thousands of requests, right and wrong, to one sandbox: no response of 5xx, and its memory does not grow."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.sandbox import sandbox, sign
from tests.sandbox.nonsense import count_statuses, send_broken, send_signed

MOST_GROWTH = 1.25
_ROUNDS = 10
_WARMING = 1_000  # requests until caches are filled


def send_mixed(folder: Path, count: int, seed: int) -> tuple[Counter[str], float]:
    """The statuses of the responses, and the memory afterwards beside that before; fails if either is wrong."""
    chance = random.Random(seed)
    with sandbox(folder / "state.db") as (credentials, server):
        send_signed(chance, credentials, server, _WARMING)
        before = server.memory()
        statuses: Counter[str] = Counter()
        for _ in range(_ROUNDS):
            statuses += count_statuses(server, _valid_requests(credentials, count // 3 // _ROUNDS))
            statuses += send_signed(chance, credentials, server, count // 3 // _ROUNDS)
            statuses += send_broken(chance, credentials, server, count // 3 // _ROUNDS)
        growth = server.memory() / before
    failed = {status: times for status, times in statuses.items() if status.startswith("5") and status != "501"}
    assert not failed, failed
    assert growth <= MOST_GROWTH, f"{growth:.2f} times the memory"
    return statuses, growth


def _valid_requests(credentials: Mapping[str, Any], count: int) -> Iterator[bytes]:
    """Creates, reads, changes and lists in turn."""
    exam = {"name": "Geometry", "type": "record_review"}
    for number in range(count):
        request = (
            ("POST", "/exams", {}, exam),
            ("GET", "/exams/1", {"id": "1"}, {}),
            ("PATCH", "/exams/1", {"id": "1"}, {"name": f"Geometry {number}"}),
            ("GET", "/exams", {}, {}),
        )[number % 4]
        yield sign(credentials, *request, prefix="/api/v3")

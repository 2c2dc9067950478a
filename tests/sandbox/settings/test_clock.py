"""The clock of the sandbox, shifted: what is stamped, what is refused as stale, what expires."""

from __future__ import annotations

import math
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from procwise_sandbox import SandboxError, running
from procwise_sandbox.settings.durations import parse_clock_offset, parse_duration
from tests.sandbox.sandbox_calls import Caller

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}


@given(st.dictionaries(st.sampled_from([*UNITS]), st.integers(0, 999), min_size=1))
def test_every_duration_is_the_sum_of_its_parts(parts: dict[str, int]) -> None:
    written = "".join(f"{parts[unit]}{unit}" for unit in UNITS if unit in parts)
    assert math.isclose(parse_duration(written), sum(number * UNITS[unit] for unit, number in parts.items()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "s",
        "1 s",
        "1s1h",
        "1h1h",
        "-1s",
        "1.5h",
        "1H",
        "1sm",
        "1S",
        "٣s",
        "1s\n",
        "P1D",
        "1m s",
        "1" * 10 + "s",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(SandboxError, match=r"is no duration: write days, hours, .* such as 1d12h"):
        parse_duration(text)


def test_a_duration_has_an_end() -> None:
    assert parse_duration("10000d") == 864_000_000
    with pytest.raises(SandboxError, match="longer than 10000 days"):
        parse_duration("10000d1ms")


@pytest.mark.parametrize("text", ["", "2h", "2h+", "++2h", "±2h", " +2h", "+", "-", "+2"])
def test_what_is_no_offset(text: str) -> None:
    with pytest.raises(SandboxError):
        parse_clock_offset(text)


@pytest.mark.parametrize(("offset", "off"), [("+2h", 7200), ("-90s", -90), ("+0s", 0), ("-1d12h", -129600)])
def test_the_clock_is_off_by_that_much(offset: str, off: int) -> None:
    assert abs(parse_clock_offset(offset)() - time.time() - off) < 1


@pytest.mark.parametrize("offset", ["+3d", "-3d"])
def test_stamps_and_timestamps_are_of_the_shifted_clock(offset: str) -> None:
    clock = parse_clock_offset(offset)
    with running(clock=clock) as sandbox:
        here, elsewhere = (
            Caller(sandbox.base_url, sandbox.token, sandbox.secret_key, clock=c) for c in (clock, time.time)
        )
        created = here.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]
        assert (
            abs(datetime.fromisoformat(created["created_at"]) - datetime.fromtimestamp(clock(), UTC)).total_seconds()
            < 10
        )
        error = elsewhere.call("GET", "/exams")
        assert (error.status, error.code) == (403, "timestamp_outside_window")
        assert abs(abs(error.json["explanation"]["off_by_ms"]) - 3 * 86_400_000) < 10_000


def test_nonces_come_free_as_the_clock_goes() -> None:
    now = [1_900_000_000.0]
    with running(clock=lambda: now[0]) as sandbox:
        caller = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key, clock=lambda: now[0])
        statuses = []
        for hours in (0, 23, 2):
            now[0] += hours * 3600
            statuses.append(caller.call("GET", "/exams", over={"nonce": 4711}).status)
    assert statuses == [200, 403, 200]


@pytest.mark.slow
def test_nonces_are_forgotten_once_they_are_free(tmp_path: Path) -> None:
    now = [1_900_000_000.0]
    state = tmp_path / "state.db"
    with running(clock=lambda: now[0], database=f"sqlite:///{state}") as sandbox:
        caller = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key, clock=lambda: now[0])
        for day in range(3):
            now[0] += day * 90_000
            for number in range(400):
                assert caller.call("GET", "/tool_providers", over={"nonce": day * 1000 + number}).status == 200
    with closing(sqlite3.connect(state)) as connection:
        left = {int(nonce) // 1000 for (nonce,) in connection.execute("SELECT nonce FROM _nonces")}
    assert left == {2}

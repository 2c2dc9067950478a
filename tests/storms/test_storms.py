"""Short storms; FULL=1 makes them those of `make storms`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proofs import FULL
from tests.sandbox.postgresql import create_database, run_cluster
from tests.storms.killing import Create, Journal, rage
from tests.storms.mixed import send_mixed
from tests.storms.timeline import Presence, Restore, Span, expect_presence

SEED = 20261129
SECONDS, REQUESTS = (600, 30_000) if FULL else (40, 3_000)


@pytest.mark.parametrize(
    ("restores", "expected"),
    [
        ([], Presence.PRESENT),
        ([Restore(Span(3, 4))], Presence.ABSENT),
        ([Restore(Span(0, 0.5))], Presence.PRESENT),
        ([Restore(Span(1.5, 4))], Presence.UNKNOWN),
        ([Restore(Span(3))], Presence.UNKNOWN),
        ([Restore(Span(0.5))], Presence.PRESENT),
        ([Restore(Span(5, 6), Span(3, 4))], Presence.PRESENT),
        ([Restore(Span(5, 6), Span(0, 0.5))], Presence.ABSENT),
        ([Restore(Span(5, 6), Span(1.5, 4))], Presence.UNKNOWN),
        ([Restore(Span(3, 4)), Restore(Span(5, 6), Span(2.2, 2.5))], Presence.PRESENT),
        ([Restore(Span(3, 4)), Restore(Span(7, 8), Span(5, 6))], Presence.ABSENT),
    ],
)
def test_what_is_expected_of_a_create_from_1_to_2(restores: list[Restore], expected: Presence) -> None:
    assert expect_presence(Span(1, 2), restores) is expected


@pytest.mark.parametrize(
    ("names", "message"),
    [(["old", "new", "new"], "doubled"), ([], "lost"), (["new", "old"], "in spite of a reset")],
)
def test_what_is_wrong_is_found(names: list[str], message: str) -> None:
    journal = Journal(restores=[Restore(Span(3, 4))])
    journal.creates = {
        "old": Create(b"", Span(1, 2)),
        "new": Create(b"", Span(5, 6)),
        "cut short": Create(b"", Span(5)),
    }
    journal.check(["new"])
    journal.check(["new", "cut short"])
    with pytest.raises(AssertionError, match=message):
        journal.check(names)


@pytest.mark.slow
def test_kill_9_on_sqlite_loses_and_doubles_nothing(tmp_path: Path) -> None:
    counts = rage(tmp_path, f"sqlite:///{tmp_path / 'state.db'}", SECONDS, SEED).counts
    assert min(counts["checked"], counts["workers killed"], counts["all killed"] + counts["reloads"]) > 0


@pytest.mark.slow
@pytest.mark.needs("psql")
def test_kill_9_on_postgresql_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with run_cluster() as cluster:
        counts = rage(tmp_path, create_database(cluster, "storm"), SECONDS, SEED).counts
    assert min(counts["checked"], counts["workers killed"], counts["all killed"] + counts["reloads"]) > 0


@pytest.mark.slow
def test_mixed_requests_are_never_answered_by_5xx(tmp_path: Path) -> None:
    statuses, _ = send_mixed(tmp_path, REQUESTS, SEED)
    assert statuses.total() == REQUESTS
    assert statuses["200"] > REQUESTS / 10

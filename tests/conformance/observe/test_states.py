"""What contradicts an earlier response, and what only seems to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.observe.conftest import Observe
from tests.conformance.observe.recordings import Json, Seen, mitmproxy, write_har
from tests.conformance.observe.test_har_files import BASE, JSON, TOKEN, example_of, make_list

START = 1_764_000_000.0
DAY = "2026-11-30T10:00:00.000+00:00"


def call(at: float, method: str, status: int = 200, sent: Json | None = None, **exam: Any) -> Seen:
    """A request for exam 5, begun so many seconds after the start, and its response."""
    shown = {**example_of("ExamList")["exams"][0], "id": 5, "name": "Old", "created_at": DAY, "updated_at": DAY, **exam}
    path = "/exams" if method == "POST" else "/exams/5"
    content = {"exam": shown} if status == 200 else {"error": "x", "code": "not_found", "errors": {}}
    return Seen(
        method=method,
        url=f"{BASE}{path}?timestamp={int(at)}&nonce={at}-{method}&signature=0",
        headers={**TOKEN, **(JSON if sent else {})},
        body=json.dumps(sent).encode() if sent else b"",
        status=status,
        answered=JSON,
        content=json.dumps(content).encode(),
        began=START + at,
        seconds=0.5,
    )


CREATED = call(0, "POST", sent={"name": "Old", "type": "record_review"})
CHANGED = call(2, "PATCH", sent={"name": "New"}, name="New")
DELETED = call(4, "DELETE")
LATER = "2026-12-01T10:00:00.000+00:00"


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ([CREATED, CHANGED, call(3, "GET", name="New")], set()),
        ([CREATED, CHANGED, call(3, "GET")], {"MOD-010 updateExam"}),
        ([call(3, "GET"), CHANGED, CREATED], {"MOD-010 updateExam"}),  # in another order in the file
        ([CREATED, CHANGED, call(2.2, "GET")], set()),  # under way at the same time
        ([CREATED, CHANGED, call(3, "GET", name="Of somebody else")], set()),
        ([CREATED, call(2, "PATCH", sent={"name": "New"})], {"MOD-016 updateExam"}),
        ([CREATED, DELETED, call(5, "GET")], {"MOD-020 showExam"}),
        ([CREATED, DELETED, call(4.2, "GET")], set()),
        ([CREATED, DELETED, call(5, "GET", status=404)], set()),
        ([CREATED, DELETED, call(5, "GET", created_at=LATER, updated_at=LATER)], set()),  # the id was given again
        ([CREATED, DELETED, call(5, "POST", sent={"name": "b"}), call(6, "GET")], set()),
        ([CREATED, call(3, "GET", status=404)], {"MOD-001 showExam"}),
        ([call(3, "GET", status=404)], set()),
    ],
)
def test_states(observe: Observe, tmp_path: Path, seen: list[Seen], found: set[str]) -> None:
    outcome = observe(write_har(tmp_path / "states.har", map(mitmproxy, seen)))
    states = {id_ for id_ in outcome.broken_ids() if id_[:4] == "MOD-" and id_ < "MOD-090"}
    assert states == found, outcome.output


def test_a_time_that_goes_back_is_found(observe: Observe, tmp_path: Path) -> None:
    seen = [call(0, "GET", updated_at=LATER), call(2, "GET")]
    outcome = observe(write_har(tmp_path / "back.har", map(mitmproxy, seen)))
    assert outcome.broken_ids("SHOULD") == {"OBS-020 showExam"}, outcome.output


def test_a_list_without_what_was_created_is_found(observe: Observe, tmp_path: Path) -> None:
    """Only a list that is whole by its own count, and of the same user, says anything."""
    listed = make_list(began=START + 2, headers=TOKEN, url=f"{BASE}/exams?timestamp=2&nonce=l&signature=0")
    outcome = observe(write_har(tmp_path / "list.har", map(mitmproxy, [CREATED, listed])))
    assert "MOD-002 listExams" in outcome.broken_ids(), outcome.output
    part = make_list(began=START + 2, url=f"{BASE}/exams?limit=1&filter=x&timestamp=2&nonce=l&signature=0")
    other = make_list(began=START + 2, headers={**TOKEN, "Authorization": "Token token=of-another"}, url=listed.url)
    for seen in (part, other):
        outcome = observe(write_har(tmp_path / "list.har", map(mitmproxy, [CREATED, seen])))
        assert "MOD-002 listExams" not in outcome.broken_ids(), outcome.output


def test_without_times_the_order_of_the_file_counts(observe: Observe, tmp_path: Path) -> None:
    entries = [mitmproxy(one) for one in (CREATED, CHANGED, call(3, "GET"))]
    for entry in entries:
        del entry["startedDateTime"], entry["time"]
    outcome = observe(write_har(tmp_path / "timeless.har", entries))
    assert "MOD-010 updateExam" in outcome.broken_ids(), outcome.output

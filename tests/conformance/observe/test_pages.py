"""Pages that overlap, repeat or are swapped, and those that only seem to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.observe.conftest import Observe
from tests.conformance.observe.recordings import Seen, mitmproxy, write_har
from tests.conformance.observe.test_har_files import BASE, JSON, TOKEN, example_of

START = 1_764_000_000.0
OTHER = {**TOKEN, "Authorization": "Token token=of-another"}


def page(at: float, number: int, *ids: int, total: int = 6, limit: int = 2, query: str = "", **over: Any) -> Seen:
    """A page of exams with these ids, begun so many seconds after the start; `over` are members of the request."""
    exam = example_of("ExamList")["exams"][0]
    counts = {"Item-Count": total, "Page-Count": -(-total // limit), "Page": over.pop("said", number), "Limit": limit}
    wanted = {
        "method": "GET",
        "url": f"{BASE}/exams?page={number}&limit={limit}{query}&timestamp={int(at)}&nonce={at}&signature=0",
        "headers": TOKEN,
        "status": 200,
        "answered": {**JSON, **{f"X-Pagination-{name}": str(value) for name, value in counts.items()}},
        "content": json.dumps({"exams": [{**exam, "id": one} for one in ids]}).encode(),
        "began": START + at,
        "seconds": 0.5,
    }
    return Seen(**{**wanted, **over})


def change(at: float, method: str, path: str, seconds: float = 0.5) -> Seen:
    url = f"{BASE}{path}?timestamp={int(at)}&nonce={at}&signature=0"
    return Seen(method=method, url=url, headers=TOKEN, answered=JSON, content=b"{}", began=START + at, seconds=seconds)


FIRST = page(0, 1, 1, 2)
REPEATED, OVERLAPPING, SECOND = page(1, 2, 1, 2), page(1, 2, 2, 3), page(1, 2, 3, 4)


@pytest.mark.parametrize(
    "seen",
    [
        [FIRST, REPEATED],
        [FIRST, OVERLAPPING],
        [OVERLAPPING, FIRST],  # in another order in the file
        [page(0, 1, 3, 4), page(1, 2, 1, 2), page(2, 1, 1, 2, 3, 4, limit=4)],  # swapped, beside a wider page
        [FIRST, SECOND, page(2, 3, 4, 5)],
    ],
)
def test_items_at_two_places_are_found(observe: Observe, tmp_path: Path, seen: list[Seen]) -> None:
    outcome = observe(write_har(tmp_path / "pages.har", map(mitmproxy, seen)))
    assert "OBS-021 listExams" in outcome.broken_ids("SHOULD"), outcome.output


@pytest.mark.parametrize(
    "seen",
    [
        [FIRST, SECOND, page(2, 3, 5, 6), page(3, 1, 1, 2, 3, 4, limit=4)],
        [FIRST, change(0.5, "POST", "/exams"), page(2, 2, 2, 3)],
        [FIRST, change(0.5, "DELETE", "/exams/1"), page(2, 1, 2, 3)],
        [FIRST, change(0.5, "POST", "/undescribed"), page(2, 2, 2, 3)],
        [change(0, "POST", "/exams", seconds=3.0), page(1, 1, 1, 2), page(4, 2, 2, 3)],  # under way meanwhile
        [FIRST, page(1, 2, 2, 3, total=7)],  # somebody else changed the list
        [FIRST, page(100, 2, 2, 3)],  # somebody else had the time to
        [FIRST, page(0.2, 2, 2, 3)],  # at the same time
        [page(0, 1, 1, 2, query="&status=open"), OVERLAPPING],
        [page(0, 1, 1, 2, query="&sort=x"), OVERLAPPING],
        [page(0, 1, 1, 2, headers=OTHER), OVERLAPPING],
        [page(0, 3, 5, 6), page(1, 4, 5, 6)],  # beyond the end
        [FIRST, page(1, 2, 1, 2, said=1)],  # another page than the one that was asked for, and it says so
        [FIRST, page(1, 2, status=500, content=b"{}")],
    ],
)
def test_nothing_is_found_in_lists_that_may_have_changed(observe: Observe, tmp_path: Path, seen: list[Seen]) -> None:
    outcome = observe(write_har(tmp_path / "pages.har", map(mitmproxy, seen)))
    assert not [one for one in outcome.findings if one["id"].startswith("OBS-021")], outcome.output


def test_without_a_count_it_is_a_hint(observe: Observe, tmp_path: Path) -> None:
    seen = [page(0, 1, 1, 2, answered=JSON), page(1, 2, 2, 3, answered=JSON)]
    outcome = observe(write_har(tmp_path / "pages.har", map(mitmproxy, seen)))
    assert "OBS-021 listExams" in outcome.broken_ids("ADVISORY"), outcome.output

"""Pages, filters and order, each against a model of a few lines."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller, Reply, send

MOMENTS = [
    "2024-12-31T23:00:00.000+00:00",
    "2025-02-01T00:00:00.000+00:00",
    "2025-02-01T00:00:00.001+00:00",
    "2026-07-01T12:30:00.000+00:00",
]
NAMES = ["a", "b", "B", "ä", "é", "Zoë", "a", "😀", ""]
OPERATORS = {"eq": "__eq__", "gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}
HEADERS = [f"x-pagination-{name}" for name in ("item-count", "page-count", "page", "limit")]


@pytest.fixture(scope="module")
def exams() -> Iterator[tuple[Caller, list[dict[str, Any]]]]:
    """A sandbox of its own with a known set of exams."""
    with running() as sandbox:
        caller = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        for exam in caller.call("GET", "/exams").json["exams"]:
            caller.call("DELETE", "/exams/{id}", id=exam["id"])
        for name, moment in zip(NAMES, itertools.cycle(MOMENTS)):
            settings = {"name": name or "-", "type": "demo", "start_time": moment}
            assert caller.call("POST", "/exams", settings).status == 200
        yield caller, caller.call("GET", "/exams").json["exams"]


def list_exams(caller: Caller, **query: object) -> Reply:
    texts = {name: value if isinstance(value, int | str) else json.dumps(value) for name, value in query.items()}
    return caller.call("GET", "/exams", query=texts)


def test_the_default_page(exams: tuple[Caller, list[dict[str, Any]]]) -> None:
    reply = list_exams(exams[0])
    assert [reply.headers[name] for name in HEADERS] == [str(len(NAMES)), "1", "1", "300"]
    assert [exam["id"] for exam in reply.json["exams"]] == sorted(exam["id"] for exam in exams[1])


@given(page=st.integers(1, 12) | st.integers(1, 2**80), limit=st.integers(1, 300))
@pytest.mark.slow
def test_the_arithmetic_of_pages(exams: tuple[Caller, list[dict[str, Any]]], page: int, limit: int) -> None:
    caller, every = exams
    reply = list_exams(caller, page=page, limit=limit)
    assert reply.json["exams"] == every[(page - 1) * limit : page * limit]
    pages = (len(every) + limit - 1) // limit
    assert [reply.headers[name] for name in HEADERS] == [str(n) for n in (len(every), pages, page, limit)]


@given(limit=st.integers(1, 10))
def test_the_pages_together_are_the_list(exams: tuple[Caller, list[dict[str, Any]]], limit: int) -> None:
    caller, every = exams
    pages = int(list_exams(caller, limit=limit).headers["x-pagination-page-count"])
    result = [exam for page in range(1, pages + 1) for exam in list_exams(caller, limit=limit, page=page).json["exams"]]
    assert result == every


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 301},
        {"limit": 0},
        {"page": 0},
        {"page": -1},
        {"limit": "x"},
        {"page": "1.5"},
        {"page": ""},
        {"status": "gone"},
    ],
)
def test_pages_beyond_the_limits_are_422(exams: tuple[Caller, list[dict[str, Any]]], query: dict[str, object]) -> None:
    reply = list_exams(exams[0], **query)
    assert (reply.status, reply.code) == (422, "validation_failed")
    assert reply.json["errors"].keys() == query.keys()


def test_the_status_filter(exams: tuple[Caller, list[dict[str, Any]]]) -> None:
    caller, every = exams
    assert list_exams(caller, status="draft").json["exams"] == every
    empty = list_exams(caller, status="open")
    assert empty.json == {"exams": []}
    assert [empty.headers[name] for name in HEADERS] == ["0", "0", "1", "300"]


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@given(
    times=st.dictionaries(
        st.sampled_from(sorted(OPERATORS)), st.sampled_from([*MOMENTS, "2025-02-01", "2025-02-01T01:00:00+01:00"])
    ),
    names=st.dictionaries(st.sampled_from(sorted(OPERATORS)), st.sampled_from([*NAMES, "-"])),
)
def test_filters(exams: tuple[Caller, list[dict[str, Any]]], times: dict[str, str], names: dict[str, str]) -> None:
    caller, every = exams
    result = list_exams(caller, filter={"start_time": times, "name": names}).json["exams"]
    expected = [
        exam
        for exam in every
        if all(getattr(instant(exam["start_time"]), OPERATORS[op])(instant(value)) for op, value in times.items())
        and all(getattr(exam["name"], OPERATORS[op])(value) for op, value in names.items())
    ]
    assert result == expected


@given(
    order=st.lists(st.tuples(st.sampled_from(["name", "start_time"]), st.sampled_from(["asc", "desc"])), max_size=3),
    limit=st.integers(1, 9),
)
def test_order(exams: tuple[Caller, list[dict[str, Any]]], order: list[tuple[str, str]], limit: int) -> None:
    caller, every = exams
    result = list_exams(caller, sort=[{name: way} for name, way in order], limit=limit).json["exams"]
    expected = list(every)
    for name, way in reversed(order):
        expected.sort(key=lambda exam: str(exam[name]), reverse=way == "desc")
    assert result == expected[:limit]


@pytest.mark.parametrize("name", ["filter", "sort"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "[",
        "1",
        "null",
        '"x"',
        "{}x",
        "[[]]",
        "[1]",
        '[{"name":"up"}]',
        '[{"name":1}]',
        '[{"id":"asc"}]',
        '[{"a":1,"b":2}]',
        '{"name":1}',
        '{"name":{"like":"x"}}',
        '{"token":{"eq":"x"}}',
        '{"start_time":{"eq":"x"}}',
        '{"start_time":{"gte":null}}',
        '{"name":{"eq":[]}}',
        '{"start_time":{"gt":1e400}}',
        "[" * 5000,
        '{"start_time":{"gt":"9999-12-31T23:59:59-23:00"}}',
        '{"name":{"eq":"\\u0000"}}',
        '{"_institute":{"eq":2}}',
        '[{"_institute":"asc"}]',
        "NaN",
        '{"name":{"eq":"\\ud800"}}',
    ],
)
def test_a_broken_filter_or_order_is_422(exams: tuple[Caller, list[dict[str, Any]]], name: str, value: str) -> None:
    reply = list_exams(exams[0], **{name: value})
    assert (reply.status, reply.code) == (422, "validation_failed"), value
    assert reply.json["errors"].keys() == {name}


def _count(caller: Caller) -> int:
    return int(list_exams(caller, filter={"name": {"gte": ""}}, limit=1).headers["x-pagination-item-count"])


def test_a_list_that_was_counted_is_counted_once_more_after_a_write(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with running(database=f"sqlite:///{state}", admin=True) as sandbox:
        caller = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        before = _count(caller)
        created = caller.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
        assert _count(caller) == before + 1
        assert caller.call("POST", "/exams", {"name": "n", "type": "no such"}).status == 422
        assert _count(caller) == before + 1
        caller.call("PUT", "/exams/{id}", {"name": "m"}, id=created)
        assert int(list_exams(caller, filter={"name": {"eq": "m"}}).headers["x-pagination-item-count"]) == 1
        caller.call("DELETE", "/exams/{id}", id=created)
        assert _count(caller) == before
        with closing(sqlite3.connect(state)) as elsewhere, elsewhere:
            elsewhere.execute("DELETE FROM exams WHERE id = (SELECT min(id) FROM exams)")
        assert _count(caller) == before - 1
        restored = send(sandbox.base_url, "POST", "/admin/reset", {"Authorization": f"Bearer {sandbox.admin_key}"}, b"")
        assert (restored.status, _count(caller)) == (200, before)


def test_users_of_other_institutes_have_other_counts(demo: Caller, second: Caller) -> None:
    for caller in (demo, second):
        assert _count(caller) == len(list_exams(caller).json["exams"])


@pytest.mark.parametrize(
    ("limit", "reason"), [(301, "is beyond its maximum 300"), (0, "is beyond its minimum 1"), ("x", "must be integer")]
)
def test_a_limit_that_is_rejected_says_why(demo: Caller, limit: object, reason: str) -> None:
    rejected = list_exams(demo, limit=limit)
    assert (rejected.status, rejected.json["errors"]) == (422, {"limit": [reason]})

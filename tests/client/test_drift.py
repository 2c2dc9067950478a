"""What deviates from the description is kept, and `client.drift()` says where and how often."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
import threading
import warnings
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest

import procwise
from procwise.v3 import models
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder

ROOT = Path(__file__).parents[2]
WHOLE = json.loads((ROOT / "generated/openapi/v3.json").read_text("utf-8"))["components"]["examples"]
EXAM: dict[str, Any] = WHOLE["Exam"]["value"]["exam"]
STATES = "one of closed, deleted, draft, open"


def connect(server: Recorder, **options: Any) -> procwise.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    return procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, **options)


def show_exam(server: Recorder, client: procwise.Client, **members: Any) -> models.Exam:
    server.reply(data={"exam": {**EXAM, **members}})
    if len(server.responses) > 1:
        del server.responses[0]
    return client.exams.show(17)


def pages(count: int) -> dict[str, str]:
    """The headers of a page that is the whole list."""
    values = {"Item_Count": count, "Page_Count": 1, "Page": 1, "Limit": 300}
    return {f"X_Pagination_{name}": str(value) for name, value in values.items()}


def found_drift(client: procwise.Client) -> list[tuple[str, str, str, int]]:
    return [(one.pointer, one.expected, one.seen, one.count) for one in client.drift()]


def test_what_fits_is_no_deviation(client: procwise.Client, server: Recorder) -> None:
    show_exam(server, client)
    assert client.drift() == ()


@pytest.mark.parametrize(
    ("member", "value", "expected", "seen"),
    [
        ("status", "paused", STATES, "'paused'"),
        ("status", 7, STATES, "an integer"),
        ("id", "17", "an integer", "text"),
        ("id", True, "an integer", "a boolean"),
        ("id", 1.5, "an integer", "a number"),
        ("id", None, "an integer", "null"),
        ("published", 1, "a boolean", "an integer"),
        ("name", ["a"], "text", "a list"),
        ("created_at", "soon", "a date-time with an offset (RFC 3339)", "'soon'"),
        ("created_at", "2026-06-15", "a date-time with an offset (RFC 3339)", "'2026-06-15'"),
        ("created_at", "2026-06-15T09:00:00.39", "a date-time with an offset (RFC 3339)", "'2026-06-15T09:00:00.39'"),
        ("end_time", 7, "a date-time with an offset (RFC 3339) or null", "an integer"),
        ("duration_minutes", {}, "an integer or null", "an object"),
        ("token", "\x1b[31m", "", ""),
        ("token", 7, "text", "an integer"),
    ],
)
def test_a_value_of_another_type(
    client: procwise.Client, server: Recorder, member: str, value: object, expected: str, seen: str
) -> None:
    exam = show_exam(server, client, **{member: value})
    assert found_drift(client) == ([(f"/exam/{member}", expected, seen, 1)] if expected else [])
    assert exam.to_dict()[member] in (value, "2026-06-15T09:00:00.390000")
    assert {one.operation for one in client.drift()} <= {"showExam"}


@pytest.mark.parametrize("text", ["2026-06-15T09:00:00+0200", "2026-06-15T09:00:00-0330", "2026-06-15T09:00:00+0000"])
def test_a_moment_whose_offset_has_no_colon_is_a_moment(client: procwise.Client, server: Recorder, text: str) -> None:
    exam = show_exam(server, client, created_at=text, name="Room +1234")
    assert exam.created_at == datetime.datetime.fromisoformat(text)
    assert exam.name == "Room +1234"
    assert [one.pointer for one in client.drift()] == ["/exam/created_at"]


DOUBLED = [
    ('{"exam": %s}', '"id": 17, "id": 18, ', "/exam/id"),
    ('{"exam": %s}', '"id": 18, "invented": {"a": [{"b": 1, "b": 2}]}, ', "/exam/invented/a/0/b"),
    ('{"exam": {"id": 1}, "exam": %s}', "", "/exam"),
    ('{"exam": %s}', '"\\u0069d": 18, ', "/exam/id"),
]


@pytest.mark.parametrize("mode", ["warn", "strict"])
@pytest.mark.parametrize(("whole", "more", "pointer"), DOUBLED, ids=["member", "inside", "whole", "escaped"])
def test_a_member_that_comes_twice(
    server: Recorder, whole: str, more: str, pointer: str, mode: Literal["warn", "strict"]
) -> None:
    text = whole % ("{" + more + json.dumps(EXAM)[1:])
    server.responses[:] = [httpx2.Response(200, content=text, headers={"Content-Type": "application/json"})]
    client = connect(server, drift=mode)
    with pytest.warns(procwise.DriftWarning) if mode == "warn" else pytest.raises(procwise.ResponseDeviates):
        client.exams.show(17)
    assert (pointer, "each member once", "a member twice", 1) in found_drift(client)


@pytest.mark.parametrize("mode", ["warn", "strict"])
def test_members_that_only_look_doubled(server: Recorder, mode: Literal["warn", "strict"]) -> None:
    client = connect(server, drift=mode)
    show_exam(server, client, name='"id": 1, "id": 2, {"a":1,"a":1}')
    assert client.drift() == ()


def test_a_required_member_that_is_missing(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": {name: value for name, value in EXAM.items() if name not in ("id", "archived")}})
    missing: object = client.exams.show(17).id
    assert missing is procwise.UNSET
    assert found_drift(client) == [("/exam/id", "an integer", "nothing", 1)]


def test_null_in_the_place_of_the_object(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": None})
    exam: object = client.exams.show(17)
    assert exam is None
    assert found_drift(client) == [("/exam", "an object", "null", 1)]


def test_a_list_in_the_place_of_the_object(client: procwise.Client, server: Recorder) -> None:
    server.reply(data=[1])
    with pytest.raises(procwise.UnexpectedAnswer, match="has no 'exam'"):
        client.exams.show(17)
    assert found_drift(client) == [("", "an object", "a list", 1)]


def test_equal_deviations_are_counted_at_the_place_of_the_first(client: procwise.Client, server: Recorder) -> None:
    paused = {**EXAM, "status": "paused"}
    items = [EXAM, {**paused, "id": 18, "new/~": 1}, {**paused, "id": 19, "new/~": [{}]}]
    server.reply(data={"exams": items}, **pages(3))
    for _ in range(2):
        assert [exam.additional_properties for exam in client.exams.list()] == [{}, {"new/~": 1}, {"new/~": [{}]}]
    assert found_drift(client) == [
        ("/exams/1/status", STATES, "'paused'", 4),
        ("/exams/1/new~1~0", "no such member", "an integer", 4),
    ]
    assert str(client.drift()[0]) == f"listExams: /exams/1/status: expected {STATES}, seen 'paused' (4 times)"


def test_inside_nested_objects(client: procwise.Client, server: Recorder) -> None:
    student = WHOLE["Student"]["value"]["student"]
    incident = {"id": "x", "odd": 1}
    server.reply(
        data={"students": [student, {**student, "incidents": [incident]}]},
        X_Pagination_Page_Count="1",
        X_Pagination_Limit="300",
    )
    read = list(client.student_sessions.list_for_exam(17))
    assert [type(one) for one in read[1].incidents] == [models.Incident]
    assert ("/students/1/incidents/0/id", "an integer", "text", 1) in found_drift(client)
    assert ("/students/1/incidents/0/odd", "no such member", "an integer", 1) in found_drift(client)


@pytest.mark.parametrize("client_kind", ["sync", "async"])
def test_secrets_and_personal_data_are_not_noted(
    client: procwise.Client, async_client: procwise.AsyncClient, server: Recorder, client_kind: str
) -> None:
    import asyncio

    student = WHOLE["Student"]["value"]["student"]
    planted = "planted-personal-99"
    odd = {**student, "email": [planted], "name": {"x": planted}, "status": TOKEN, f"member-{SECRET_KEY}": planted}
    server.reply(data={"student": odd})
    if client_kind == "sync":
        client.student_sessions.show(3)
        deviations = client.drift()
    else:
        asyncio.run(async_client.student_sessions.show(3))
        deviations = async_client.drift()
    assert len(deviations) == 4
    for hidden in (planted, TOKEN, SECRET_KEY):
        assert hidden not in repr(deviations)


def test_each_client_has_its_own(client: procwise.Client, server: Recorder) -> None:
    other = connect(server)
    show_exam(server, client, status="paused")
    assert len(client.drift()) == 1
    assert other.drift() == ()


def test_endless_variety_is_bounded(client: procwise.Client, server: Recorder) -> None:
    items = [{**EXAM, "id": number, "status": f"state {number}", f"new {number}": 1} for number in range(2500)]
    server.reply(data={"exams": items}, **pages(2500))
    read = list(client.exams.list())
    assert read[2400].additional_properties == {"new 2400": 1}
    assert len(client.drift()) == 1001
    assert sum(one.count for one in client.drift()) == 5000
    assert client.drift()[-1].count == 4000


def test_threads_count_together(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": {**EXAM, "status": "paused"}})
    threads = [threading.Thread(target=lambda: [client.exams.show(1) for _ in range(20)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.count for one in client.drift()] == [160]


def test_warn_names_the_line_of_the_caller_once(server: Recorder) -> None:
    client = connect(server, drift="warn")
    with pytest.warns(procwise.DriftWarning, match="showExam: /exam/status: expected .*, seen 'paused'") as caught:
        show_exam(server, client, status="paused")
    assert [warning.filename for warning in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        show_exam(server, client, status="paused")
    assert client.drift()[0].count == 2


def test_strict_raises_and_says_that_the_request_was_carried_out(server: Recorder) -> None:
    client = connect(server, drift="strict")
    show_exam(server, client, invented=1)
    assert [one.seen for one in client.drift()] == ["an integer"]
    with pytest.raises(procwise.ResponseDeviates, match="carried out, but") as caught:
        show_exam(server, client, status="paused", id="17", invented=1)
    assert [one.pointer for one in caught.value.deviations] == ["/exam/id", "/exam/status"]
    assert (caught.value.method, caught.value.path) == ("GET", "/api/v3/exams/17")
    for twin in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value), copy.deepcopy(caught.value)):
        assert str(twin) == str(caught.value)
        assert twin.deviations == caught.value.deviations
    for data in ({}, {"exam": None}, {"exam": {**EXAM, "created_at": "soon"}}):
        server.responses[:] = [httpx2.Response(200, json=data)]
        with pytest.raises(procwise.ResponseDeviates):
            client.exams.show(17)


def test_a_mode_that_does_not_exist(server: Recorder) -> None:
    with pytest.raises(procwise.InvalidArgument, match="observe, warn, strict"):
        connect(server, drift="loose")

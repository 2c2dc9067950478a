"""Requests at the same time, on SQLite and on PostgreSQL alike: each is carried out as if it were alone."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from urllib.parse import quote, urlencode

import pytest

from procwise_sandbox import Running, running
from procwise_sandbox.loading import load_description
from tests.sandbox.postgresql import create_database
from tests.sandbox.sandbox_calls import Caller, Reply, base_string, send, signature
from tests.sandbox.storage.test_postgresql import cluster

__all__ = ["cluster"]
EXAM = {"name": "An exam", "type": "demo"}
ROUNDS = 6
NUMBERS = itertools.count()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("psql"))])
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("concurrency")
    database = f"sqlite:///{folder / 'state.db'}"
    if request.param == "postgresql":
        database = create_database(request.getfixturevalue("cluster"), "concurrency")
    with running(database=database, files=folder / "files") as result:
        yield result


@pytest.fixture
def demo(sandbox: Running) -> Caller:
    return Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)


def together(*calls: Callable[[], Reply]) -> list[Reply]:
    """The replies to calls that are made at the same time."""
    start = Barrier(len(calls))

    def fire(call: Callable[[], Reply]) -> Reply:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [*pool.map(fire, calls)]


def statuses(*calls: Callable[[], Reply]) -> Counter[int]:
    return Counter(reply.status for reply in together(*calls))


def new_exam(demo: Caller) -> int:
    return int(demo.call("POST", "/exams", EXAM).json["exam"]["id"])


def create_student(demo: Caller, exam: int) -> Reply:
    student = {"name": "A", "email": f"a{next(NUMBERS)}@student.example"}
    return demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam)


@pytest.mark.slow
def test_changes_beside_a_deletion_find_the_exam_or_nothing(demo: Caller) -> None:
    for _ in range(ROUNDS):
        exam = new_exam(demo)
        found = statuses(
            lambda exam=exam: demo.call("DELETE", "/exams/{id}", id=exam),
            *(lambda exam=exam: demo.call("PATCH", "/exams/{id}", {"name": "n"}, id=exam) for _ in range(7)),
        )
        assert {*found} <= {200, 404}
        assert demo.call("GET", "/exams/{id}", id=exam).status == 404


def test_of_8_deletions_one_succeeds(demo: Caller) -> None:
    for _ in range(ROUNDS):
        exam = new_exam(demo)
        deletions = [lambda exam=exam: demo.call("DELETE", "/exams/{id}", id=exam)] * 8
        assert statuses(*deletions) == {200: 1, 404: 7}


def test_students_are_added_beside_the_deletion_of_their_exam(demo: Caller) -> None:
    for _ in range(ROUNDS):
        exam = new_exam(demo)
        creates = [partial(create_student, demo, exam) for _ in range(7)]
        found = statuses(*creates, lambda exam=exam: demo.call("DELETE", "/exams/{id}", id=exam))
        assert {*found} <= {200, 404}
        assert demo.call("GET", "/exams/{exam_id}/student_sessions", exam_id=exam).status == 404


def test_a_proctor_has_13_students_of_an_exam_at_the_most(demo: Caller) -> None:
    proctor = {"name": "P", "email": f"p{next(NUMBERS)}@staff.example", "role": "proctor"}
    path = "/institutes/{institute_id}/users"
    person = {**proctor, "password": "a-long-password", "password_confirmation": "a-long-password"}
    created = demo.call("POST", path, person, institute_id=1)
    assert created.status == 200, created.content
    key, exam = created.json["user"]["id"], new_exam(demo)
    students = [create_student(demo, exam).json["student"]["id"] for _ in range(24)]
    assign = "/student_sessions/{id}/assign_proctor"
    calls = [lambda student=student: demo.call("POST", assign, {"proctor_id": key}, id=student) for student in students]
    assert statuses(*calls) == {200: 13, 422: 11}


def test_an_address_is_taken_once(demo: Caller) -> None:
    exam = new_exam(demo)
    student = {"name": "A", "email": f"c{next(NUMBERS)}@student.example"}
    creates = [lambda: demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam)] * 8
    assert statuses(*creates) == {200: 1, 422: 7}


def test_users_are_listed_beside_their_deletion(demo: Caller) -> None:
    path, item = "/institutes/{institute_id}/users", "/institutes/{institute_id}/users/{id}"
    for _ in range(ROUNDS):
        person = {"name": "U", "email": f"u{next(NUMBERS)}@staff.example", "role": "teacher"}
        secret = dict.fromkeys(("password", "password_confirmation"), "a-long-password")
        key = demo.call("POST", path, {**person, **secret}, institute_id=1).json["user"]["id"]
        lists = [lambda: demo.call("GET", path, institute_id=1)] * 4
        shows = [lambda key=key: demo.call("GET", item, institute_id=1, id=key)] * 3
        found = statuses(*lists, *shows, lambda key=key: demo.call("DELETE", item, institute_id=1, id=key))
        assert {*found} <= {200, 404}


def test_a_count_and_its_page_are_of_one_moment(demo: Caller) -> None:
    lists = [lambda: demo.call("GET", "/exams", query={"limit": 300})] * 6
    creates = [lambda: demo.call("POST", "/exams", EXAM)] * 6
    for reply in together(*lists, *creates):
        assert reply.status == 200
        if "exams" in reply.json:
            assert reply.headers["x-pagination-item-count"] == str(len(reply.json["exams"]))


@pytest.mark.parametrize("api", ["v1", "v3"])
def test_null_characters_are_no_error_of_the_server(demo: Caller, api: str) -> None:
    """In every parameter of every operation; no object has them in its name."""
    caller = Caller(demo.base_url, demo.token, demo.secret_key, api)
    operations = next(one for one in load_description().apis if one.name == api).operations
    for operation in operations:
        names = [parameter.name for parameter in operation.in_("path")]
        for ids in (dict.fromkeys(names, 1), dict.fromkeys(names, "1\0")):
            body = dict.fromkeys(operation.settable, "a\0b") if operation.body else None
            if body and operation.body and operation.body.envelope:
                body = {operation.body.envelope: body}
            query = dict.fromkeys(operation.query, "a\0b")
            reply = caller.call(operation.method, operation.path, body, query=query, **ids)
            assert reply.status < 500, (operation.id, ids, reply.content)


LONG_TEXTS = {
    "repeated": "a" * 300_000,
    "varied": "".join(map(chr, range(0x100, 0xD000))),
    "digits": "0123456789abcdef" * 20_000,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_long_texts_are_no_error_of_the_server(demo: Caller, text: str) -> None:
    """PostgreSQL does not take every text into the index of a list that is sorted."""
    exam = new_exam(demo)
    changed = demo.call("PATCH", "/exams/{id}", {"name": text}, id=exam)
    assert (changed.status, changed.json.get("code")) in ((200, None), (422, "unreadable"))
    created = demo.call("POST", "/exams", {**EXAM, "name": text})
    assert created.status == changed.status
    shown = demo.call("GET", "/exams/{id}", id=exam).json["exam"]["name"]
    assert shown == (text if changed.status == 200 else EXAM["name"])
    student = {"name": text, "email": f"{text}@student.example"}
    assert demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam).status in (200, 422)


def test_a_null_character_in_an_address_signs_nobody_in(demo: Caller) -> None:
    body = b'{"user": {"email": "demo\\u0000@staff.example", "password": "x"}}'
    reply = send(demo.base_url, "POST", "/users/sign_in.json", {"Content-Type": "application/json"}, body)
    assert (reply.status, reply.code) == (401, "unauthorized")


def test_a_null_character_in_a_token_of_a_session_finds_nothing(demo: Caller) -> None:
    stamped = demo.stamp()
    sign = signature(base_string({**stamped, "id": "a\0b"}), demo.secret_key)
    target = f"/api/v3/student_sessions/{quote(chr(97) + chr(0) + 'b')}/reviewable"
    query = urlencode({**stamped, "signature": sign})
    assert send(demo.base_url, "GET", f"{target}?{query}", demo.authorization).status == 404


def test_uploads_at_the_same_time_are_all_there(demo: Caller) -> None:
    exam = new_exam(demo)
    uploads = [lambda: demo.upload("/exams/{exam_id}/attachments", "a.txt", b"text", exam_id=exam)] * 6
    assert statuses(*uploads) == {200: 6}
    assert len(demo.call("GET", "/exams/{exam_id}/attachments", exam_id=exam).json["attachments"]) == 6

"""A superuser sees everything, and is seen by superusers alone: its credentials open every institute."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procwise_sandbox import Running
from tests.sandbox.resources.test_student_sessions import BELOW
from tests.sandbox.resources.test_users import PATH, as_user, new_user, person
from tests.sandbox.sandbox_calls import Caller, NewExam, Reply

USER = f"{PATH}/{{id}}"
EXAM = "/exams/{id}"


@pytest.fixture(scope="module")
def superuser_id(superuser: Caller) -> int:
    """The superuser of the first institute."""
    users = superuser.call("GET", PATH, institute_id=1).json["users"]
    (result,) = (user["id"] for user in users if user["email"] == "superuser@staff.example")
    return int(result)


@pytest.fixture(scope="module", params=["administrator", "proctor"])
def other(request: pytest.FixtureRequest, demo: Caller) -> Caller:
    """A user of the same institute."""
    return demo if request.param == "administrator" else as_user(demo, new_user(demo, role=request.param))


def assert_refused_as_absent(sandbox: Running, reply: Reply, absent: Reply, key: int) -> None:
    """The response is that about a user who is not there, and shows no credentials."""
    assert (reply.status, reply.code) == (404, "record_not_found")
    assert reply.json["error"] == absent.json["error"].replace("999999", str(key))
    assert sandbox.superuser.token.encode() not in reply.content
    assert sandbox.superuser.secret_key.encode() not in reply.content


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("GET", None),
        ("PATCH", {"receives_reports": True}),
        ("PUT", {"receives_reports": True}),
        ("DELETE", None),
    ],
)
def test_nobody_else_reaches_a_superuser(
    sandbox: Running, demo: Caller, superuser_id: int, method: str, body: dict[str, object] | None
) -> None:
    reply, absent = (demo.call(method, USER, body, institute_id=1, id=key) for key in (superuser_id, 999_999))
    assert_refused_as_absent(sandbox, reply, absent, superuser_id)


def test_nobody_else_lists_a_superuser(other: Caller, superuser: Caller, superuser_id: int) -> None:
    for api, paged in (("v3", True), ("v1", False)):
        content = replace(other, api=api).call("GET", PATH, institute_id=1)
        assert superuser_id not in {user["id"] for user in content.json["users"]}
        assert content.json["users"]
        if paged:
            assert int(content.headers["x-pagination-item-count"]) == len(content.json["users"])
        seen = replace(superuser, api=api).call("GET", PATH, institute_id=1).json["users"]
        assert superuser_id in {user["id"] for user in seen}
    query = {"filter": '{"name":{"eq":"Superuser"}}'}
    assert other.call("GET", PATH, query=query, institute_id=1).json["users"] == []


def test_nobody_else_chooses_a_superuser(sandbox: Running, demo: Caller, superuser_id: int, new_exam: NewExam) -> None:
    exam, older = new_exam()["id"], replace(demo, api="v1")
    student = demo.call("POST", BELOW, {"name": "n", "email": "s@super.example"}, exam_id=exam).json["student"]["id"]

    def choose(key: int) -> list[Reply]:
        return [
            demo.call("PUT", f"{EXAM}/add_comanager", {"comanager_id": key}, id=exam),
            demo.call("PUT", f"{EXAM}/add_comanager", {"comanager_id": str(key)}, id=exam),
            demo.call("DELETE", f"{EXAM}/remove_comanager", query={"comanager_id": key}, id=exam),
            demo.call("POST", "/student_sessions/{id}/assign_proctor", {"proctor_id": key}, id=student),
            older.call("POST", f"{EXAM}/proctor_pool", {"proctor_pool": [key]}, id=exam),
            older.call("DELETE", f"{EXAM}/proctor_pool", {"proctor_pool": [key]}, id=exam),
        ]

    for reply, absent in zip(choose(superuser_id), choose(999_999), strict=True):
        assert_refused_as_absent(sandbox, reply, absent, superuser_id)


def test_a_superuser_of_an_exam_stays_hidden(
    sandbox: Running, demo: Caller, superuser: Caller, superuser_id: int, new_exam: NewExam
) -> None:
    """A superuser may take part; the others see the exam without it."""
    exam = new_exam()["id"]
    older, above = replace(demo, api="v1"), replace(superuser, api="v1")
    assert superuser.call("PUT", f"{EXAM}/add_comanager", {"comanager_id": superuser_id}, id=exam).status == 200
    content = above.call("POST", f"{EXAM}/proctor_pool", {"proctor_pool": [superuser_id]}, id=exam)
    assert [user["id"] for user in content.json["proctors"]] == [superuser_id]
    assert older.call("GET", f"{EXAM}/proctor_pool", id=exam).json == {"proctors": []}
    removed = demo.call("DELETE", f"{EXAM}/remove_comanager", query={"comanager_id": superuser_id}, id=exam)
    assert (removed.status, removed.code) == (404, "record_not_found")
    assert sandbox.superuser.secret_key.encode() not in removed.content


def test_another_superuser_is_seen_by_superusers(demo: Caller, superuser: Caller) -> None:
    created = superuser.call("POST", PATH, person(role="superuser"), institute_id=1).json["user"]["id"]
    assert demo.call("GET", USER, institute_id=1, id=created).code == "record_not_found"
    assert superuser.call("GET", USER, institute_id=1, id=created).json["user"]["role"] == "superuser"
    assert superuser.call("PATCH", USER, {"receives_reports": True}, institute_id=1, id=created).status == 200
    assert superuser.call("DELETE", USER, institute_id=1, id=created).status == 200

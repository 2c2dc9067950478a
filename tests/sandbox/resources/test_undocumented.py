"""What no page documents, as the vendor's own client uses it: signing in, and what it asks for a review."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Running, running
from tests.sandbox.sandbox_calls import Caller, NewExam, Reply, conforms, send

PASSWORD = "Made-up passw0rd"


def sign_in(base_url: str, content: object, media_type: str = "application/json") -> Reply:
    body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
    return send(base_url, "POST", "/users/sign_in.json", {"Content-Type": media_type}, body)


def user_with(email: str, password: str) -> dict[str, Any]:
    return {"user": {"email": email, "password": password}}


@pytest.fixture(scope="module")
def colleague(demo: Caller) -> dict[str, Any]:
    settings = {"name": "Colleague", "email": "colleague@signin.example", "role": "teacher"}
    secret = {"password": PASSWORD, "password_confirmation": PASSWORD}
    created: dict[str, Any] = demo.call(
        "POST", "/institutes/{institute_id}/users", {**settings, **secret}, institute_id=1
    ).json["user"]
    return created


@pytest.mark.parametrize("form", [False, True])
def test_a_user_signs_in_and_then_signs(form: bool, colleague: dict[str, Any], sandbox: Running) -> None:
    query: Any = user_with("colleague@signin.example", PASSWORD)
    if form:
        query = "user[email]=colleague@signin.example&user[password]=Made-up+passw0rd"
    reply = sign_in(sandbox.base_url, query, "application/x-www-form-urlencoded" if form else "application/json")
    assert (reply.status, reply.json) == (200, colleague)
    caller = Caller(sandbox.base_url, reply.json["api_token"], reply.json["secret_key"])
    assert caller.call("GET", "/exams").status == 200


def test_demo_users_sign_in_with_their_secret_key(sandbox: Running) -> None:
    for label, user in (("demo", sandbox.demo), ("second", sandbox.second), ("superuser", sandbox.superuser)):
        result = sign_in(sandbox.base_url, user_with(f"{label}@staff.example", user.secret_key)).json
        assert (result["api_token"], result["secret_key"], result["name"]) == (
            user.token,
            user.secret_key,
            label.capitalize(),
        )


def test_wrong_credentials_learn_nothing(colleague: dict[str, Any], sandbox: Running) -> None:
    rejected = [
        sign_in(sandbox.base_url, user_with(email, password))
        for email, password in (
            ("colleague@signin.example", "Wrong passw0rd"),
            ("colleague@signin.example", colleague["secret_key"]),
            ("nobody@signin.example", PASSWORD),
            ("demo@staff.example", sandbox.second.secret_key),
            ("demo@staff.example", "é"),
        )
    ]
    assert {(reply.status, reply.code) for reply in rejected} == {(401, "unauthorized")}
    assert len({reply.content for reply in rejected}) == 1


@pytest.mark.parametrize(
    "content",
    [{}, {"user": {}}, {"user": {"email": "a@b.example"}}, {"user": "x"}, {"user": {"email": 1, "password": {}}}],
)
def test_half_a_sign_in_is_rejected(content: object, sandbox: Running) -> None:
    assert sign_in(sandbox.base_url, content).status == 422


def test_passwords_are_hashed_and_go_with_their_users(tmp_path: Path) -> None:
    database = tmp_path / "state.db"
    settings = {"email": "brief@signin.example", "role": "teacher", "name": "Brief"}
    secret = {"password": PASSWORD, "password_confirmation": PASSWORD}
    with running(database=f"sqlite:///{database}") as result:
        caller = Caller(result.base_url, result.token, result.secret_key)
        ids = {"institute_id": 1}
        for _ in range(2):  # again with the same address, as somebody else
            created = caller.call("POST", "/institutes/{institute_id}/users", {**settings, **secret}, **ids).json[
                "user"
            ]
            assert sign_in(result.base_url, user_with("brief@signin.example", PASSWORD)).json["id"] == created["id"]
            assert PASSWORD not in str(_passwords(database))
            assert [row[0] for row in _passwords(database)] == [created["id"]]
            assert caller.call("DELETE", "/institutes/{institute_id}/users/{id}", id=created["id"], **ids).status == 200
            assert sign_in(result.base_url, user_with("brief@signin.example", PASSWORD)).status == 401
        assert _passwords(database) == []


def _passwords(database: Path) -> list[Any]:
    stored = sqlite3.connect(database)
    rows = stored.execute("SELECT * FROM _passwords").fetchall()
    stored.close()
    return rows


def test_a_session_is_reviewed_by_its_token(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    student = {"name": "Ada", "email": "ada@review.example"}
    created = demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=new_exam()["id"]).json["student"]
    token = created["token"]
    assert len(token) == 32
    dashed = "-".join((token[:8], token[8:12], token[12:16], token[16:20], token[20:]))
    path = "/student_sessions/{id}/reviewable"
    for known in (token, dashed):
        reply = demo.call("GET", path, id=known)
        conforms("v3", "showStudentSession", reply)
        assert reply.json["student"]["id"] == created["id"]
    assert demo.call("GET", path, query={"id": token}, id=token).status == 200, "as that client sends it"
    assert [demo.call("GET", path, id=other).code for other in (created["id"], "x")] == ["record_not_found"] * 2
    assert second.call("GET", path, id=token).code == "record_not_found"
    assert Caller(demo.base_url, demo.token, "x").call("GET", path, id=token).code == "signature_invalid"
    assert Caller(demo.base_url, "x", demo.secret_key).call("GET", path, id=token).status == 401


def test_the_token_of_a_session_is_not_logged(demo: Caller, caplog: pytest.LogCaptureFixture) -> None:
    token = "0123456789abcdef" * 2
    with caplog.at_level("INFO", logger="procwise_sandbox.access"):
        demo.call("GET", "/student_sessions/{id}/reviewable", id=token)
    assert "/student_sessions/***/reviewable" in caplog.text
    assert token not in caplog.text + str([getattr(record, "facts", None) for record in caplog.records])

"""E-mail addresses are the same whatever their capitals, and are shown as they were written."""

from __future__ import annotations

import json

import pytest

from procwise_sandbox import Running
from tests.sandbox.resources.test_student_sessions import BELOW, ITEM
from tests.sandbox.resources.test_users import PATH, new_user, person
from tests.sandbox.sandbox_calls import Caller, NewExam, send

TAKEN = {"email": ["has already been taken"]}


def test_two_students_of_an_exam_have_different_addresses(demo: Caller, new_exam: NewExam) -> None:
    exam, other = new_exam()["id"], new_exam()["id"]
    first = demo.call("POST", BELOW, {"name": "n", "email": "A@b.example"}, exam_id=exam).json["student"]
    assert first["email"] == "A@b.example"
    for email in ("a@b.example", "A@b.example", "a@B.Example"):
        rejected = demo.call("POST", BELOW, {"name": "n", "email": email}, exam_id=exam)
        assert (rejected.status, rejected.json["errors"]) == (422, TAKEN)
    assert demo.call("POST", BELOW, {"name": "n", "email": "a@b.example"}, exam_id=other).status == 200
    second = demo.call("POST", BELOW, {"name": "n", "email": "c@b.example"}, exam_id=exam).json["student"]["id"]
    assert demo.call("PATCH", ITEM, {"email": "a@b.example"}, id=second).json["errors"] == TAKEN
    same = demo.call("PATCH", ITEM, {"email": "a@b.example"}, id=first["id"])
    assert same.json["student"]["email"] == "a@b.example"


def test_two_users_have_different_addresses(demo: Caller) -> None:
    created = new_user(demo, email="Mixed.Case@users.example")
    assert created["email"] == "Mixed.Case@users.example"
    for email in ("mixed.case@users.example", "DEMO@staff.example"):
        rejected = demo.call("POST", PATH, person(email=email), institute_id=1)
        assert (rejected.status, rejected.json["errors"]) == (422, TAKEN)


@pytest.mark.parametrize("email", ["p1@h.example", "P1@H.example", "P1@h.EXAMPLE"])
def test_signing_in_needs_no_capitals(demo: Caller, sandbox: Running, email: str) -> None:
    secret = {"password": "Made-up passw0rd", "password_confirmation": "Made-up passw0rd"}
    demo.call("POST", PATH, person(email="P1@h.example", **secret), institute_id=1)
    body = json.dumps({"user": {"email": email, "password": secret["password"]}}).encode()
    reply = send(sandbox.base_url, "POST", "/users/sign_in.json", {"Content-Type": "application/json"}, body)
    assert (reply.status, reply.json["email"]) == (200, "P1@h.example")

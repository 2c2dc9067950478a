"""Institutes: listed, made and deleted by superusers only, and with one goes all that is its own."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.sandbox.resources.test_users import as_user, new_user
from tests.sandbox.sandbox_calls import Caller

PATH = "/institutes/{id}"


def new_institute(superuser: Caller, **over: object) -> dict[str, Any]:
    sent = {"name": f"Institute {time.monotonic_ns()}", "short_name": "i", **over}
    reply = superuser.call("POST", "/institutes", sent)
    assert reply.status == 200, reply.content
    created: dict[str, Any] = reply.json["institute"]
    return created


def test_create_show_update_list(superuser: Caller) -> None:
    created = new_institute(superuser, default_language="nl-NL", reminder_emails_enabled=1, custom_languages=["de-DE"])
    assert (created["default_language"], created["default_exam_languages"], created["default_locale"]) == ("nl-NL",) * 3
    assert (created["reminder_emails_enabled"], created["custom_languages"], created["callback_url"]) == (
        True,
        ["de-DE"],
        None,
    )
    assert superuser.call("GET", PATH, id=created["id"]).json["institute"] == created
    changes = {"callback_url": "https://lms.university.example/calls", "default_language": "en-GB"}
    changed = superuser.call("PATCH", PATH, changes, id=created["id"]).json["institute"]
    assert (changed["callback_url"], changed["default_locale"]) == (changes["callback_url"], "en-GB")
    put = superuser.call("PUT", PATH, {"callback_url": None}, id=created["id"]).json["institute"]
    assert (put["callback_url"], put["name"]) == (None, created["name"])
    query = {"filter": f'{{"name":{{"eq":"{created["name"]}"}}}}'}
    assert superuser.call("GET", "/institutes", query=query).json["institutes"] == [put]


def test_names_are_unique(superuser: Caller) -> None:
    created = new_institute(superuser)
    rejected = superuser.call("POST", "/institutes", {"name": created["name"], "short_name": "i"})
    assert (rejected.status, rejected.json["errors"]) == (422, {"name": ["has already been taken"]})


@pytest.mark.parametrize(("method", "path"), [("GET", "/institutes"), ("POST", "/institutes"), ("DELETE", PATH)])
def test_only_superusers_list_make_and_delete(demo: Caller, method: str, path: str) -> None:
    body = {"name": "n", "short_name": "n"} if method == "POST" else None
    reply = demo.call(method, path, body, **({"id": 1} if "{id}" in path else {}))
    assert (reply.status, reply.code) == (403, "forbidden")


def test_everybody_sees_and_changes_the_own_institute_only(demo: Caller) -> None:
    own = demo.call("GET", PATH, id=1).json["institute"]
    assert demo.call("PATCH", PATH, {"short_name": own["short_name"]}, id=1).status == 200
    for method in ("GET", "PATCH", "PUT"):
        reply = demo.call(method, PATH, None if method == "GET" else {"short_name": "x"}, id=2)
        assert (reply.status, reply.code) == (404, "record_not_found")


def test_its_users_tell_what_it_is_called(superuser: Caller) -> None:
    created = new_institute(superuser)
    user = new_user(superuser, created["id"])
    assert (user["institute_name"], user["global_proctor"]) == (created["name"], False)
    name = f"{created['name']}, renamed"
    superuser.call("PATCH", PATH, {"name": name, "global_proctor": True}, id=created["id"])
    path, ids = "/institutes/{institute_id}/users/{id}", {"institute_id": created["id"], "id": user["id"]}
    repeated = superuser.call("PATCH", path, {}, **ids).json["user"]
    assert (repeated["institute_name"], repeated["global_proctor"]) == (name, True)


def test_all_that_is_its_own_goes_with_it(superuser: Caller) -> None:
    institute = new_institute(superuser)["id"]
    own = as_user(superuser, new_user(superuser, institute))
    exam = own.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
    below = "/exams/{exam_id}/student_sessions"
    student = own.call("POST", below, {"name": "A", "email": "a@s.example"}, exam_id=exam).json["student"]["id"]
    assert own.upload("/exams/{exam_id}/attachments", "n.txt", b"x", exam_id=exam).status == 200
    tool = {"tool_name": "t", "oauth_consumer_key": "k", "oauth_consumer_secret": "s"}
    provider = own.call("POST", "/tool_providers", tool).json["tool_provider"]
    assert provider["institute_id"] == institute
    link = {"lti_resource_link_name": "l", "exam_id": exam, "tool_provider_id": provider["id"]}
    resource = own.call("POST", "/lti_resources", link).json["lti_resource"]["id"]

    assert superuser.call("DELETE", PATH, id=institute).json == {}
    assert own.call("GET", "/exams").code == "unauthorized"
    for path, key in (
        (PATH, institute),
        ("/exams/{id}", exam),
        ("/student_sessions/{id}", student),
        ("/tool_providers/{id}", provider["id"]),
        ("/lti_resources/{id}", resource),
    ):
        assert superuser.call("GET", path, id=key).code == "record_not_found"


def test_nobody_deletes_the_own_institute(superuser: Caller) -> None:
    reply = superuser.call("DELETE", PATH, id=1)
    assert (reply.status, reply.code) == (403, "forbidden")
    assert replace(superuser).call("GET", PATH, id=1).status == 200

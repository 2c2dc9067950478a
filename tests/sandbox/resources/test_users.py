"""Users: created with credentials that sign, seen without them, and related to exams."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller, NewExam, base_string, send, signature

PATH = "/institutes/{institute_id}/users"
_NUMBERS = itertools.count(1)


def person(**over: object) -> dict[str, object]:
    password = {"password": "Made-up passw0rd", "password_confirmation": "Made-up passw0rd"}
    number = next(_NUMBERS)
    return {"name": f"Person {number}", "email": f"p{number}@users.example", "role": "teacher", **password, **over}


def new_user(caller: Caller, institute: int = 1, **over: object) -> dict[str, Any]:
    reply = caller.call("POST", PATH, person(**over), institute_id=institute)
    assert reply.status == 200, reply.content
    created: dict[str, Any] = reply.json["user"]
    return created


def as_user(caller: Caller, user: dict[str, Any]) -> Caller:
    return replace(caller, token=user["api_token"], secret_key=user["secret_key"])


def test_a_new_users_credentials_sign(demo: Caller) -> None:
    created = new_user(demo, role="teacher")
    assert (created["role"], created["institute_id"], created["institute_name"]) == ("teacher", 1, "Sandbox University")
    own = as_user(demo, created)
    assert own.call("GET", "/exams").status == 200
    assert as_user(replace(demo, api="v1"), created).call("GET", "/exams").status == 200
    assert own.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["user_id"] == created["id"]
    assert replace(own, secret_key=demo.secret_key).call("GET", "/exams").code == "signature_invalid"


def test_only_creation_and_update_tell_credentials(demo: Caller) -> None:
    created = new_user(demo)
    ids = {"institute_id": 1, "id": created["id"]}
    displayed = demo.call("GET", f"{PATH}/{{id}}", **ids).json["user"]
    assert displayed.keys() == {"id", "email", "name", "role", "logo_image", "institute_name", "omniauth_config_id"}
    assert displayed.items() <= created.items()
    query = {"filter": f'{{"name":{{"eq":"{created["name"]}"}}}}'}
    assert demo.call("GET", PATH, query=query, institute_id=1).json["users"] == [displayed]
    changed = demo.call("PATCH", f"{PATH}/{{id}}", {"receives_reports": "1"}, **ids).json["user"]
    assert (changed["receives_reports"], changed["api_token"]) == (True, created["api_token"])
    put = demo.call("PUT", f"{PATH}/{{id}}", {"report_frequency": "month"}, **ids).json["user"]
    assert (put["report_frequency"], put["secret_key"]) == ("month", created["secret_key"])


def test_identity_providers(demo: Caller, second: Caller) -> None:
    (provider,) = demo.call("GET", "/identity_providers").json["identity_providers"]
    assert second.call("GET", "/identity_providers").json["identity_providers"] == [provider]
    created = new_user(demo, omniauth_config_id=str(provider["id"]))
    assert created["omniauth_config_id"] == str(provider["id"])
    path, ids = f"{PATH}/{{id}}", {"institute_id": 1, "id": created["id"]}
    assert demo.call("PATCH", path, {"omniauth_config_id": ""}, **ids).json["user"]["omniauth_config_id"] is None
    repeated = demo.call("PATCH", path, {"omniauth_config_id": provider["id"]}, **ids).json["user"]
    assert repeated["omniauth_config_id"] == str(provider["id"])
    unknown = demo.call("PATCH", path, {"omniauth_config_id": 999}, **ids)
    assert (unknown.status, unknown.json["errors"]) == (422, {"omniauth_config_id": ["must exist"]})


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"email": "demo@staff.example"}, "email"),
        ({"email": "no address"}, "email"),
        ({"password_confirmation": "Another passw0rd"}, "password_confirmation"),
        ({"password": "short", "password_confirmation": "short"}, "password"),
        ({"role": "king"}, "role"),
        ({"name": ""}, "name"),
    ],
)
def test_faulty_users_are_rejected(demo: Caller, over: dict[str, object], fault: str) -> None:
    reply = demo.call("POST", PATH, person(**over), institute_id=1)
    assert reply.status == 422
    assert fault in reply.json["errors"]


def test_a_deleted_user_is_let_in_no_more(demo: Caller) -> None:
    created = new_user(demo)
    own = as_user(demo, created)
    assert own.call("GET", "/exams").status == 200
    assert demo.call("DELETE", f"{PATH}/{{id}}", institute_id=1, id=created["id"]).json == {}
    assert own.call("GET", "/exams").code == "unauthorized"
    assert demo.call("GET", f"{PATH}/{{id}}", institute_id=1, id=created["id"]).code == "record_not_found"
    itself = demo.call("DELETE", f"{PATH}/{{id}}", institute_id=1, id=1)
    assert (itself.status, itself.code) == (403, "forbidden")


def test_only_a_superuser_makes_superusers(demo: Caller, superuser: Caller) -> None:
    rejected = demo.call("POST", PATH, person(role="superuser"), institute_id=1)
    assert (rejected.status, rejected.code) == (403, "forbidden")
    created = new_user(superuser, institute=2, role="superuser")
    assert as_user(demo, created).call("GET", "/institutes").status == 200


def test_users_of_another_institute_are_not_there(demo: Caller, second: Caller, older: Caller) -> None:
    created = new_user(second, institute=2)
    path = f"{PATH}/{{id}}"
    for reply in (
        demo.call("GET", PATH, institute_id=2),
        older.call("GET", PATH, institute_id=2),
        demo.call("POST", PATH, person(), institute_id=2),
        demo.call("GET", path, institute_id=2, id=created["id"]),
        demo.call("GET", path, institute_id=1, id=created["id"]),
        demo.call("PATCH", path, {}, institute_id=1, id=created["id"]),
        demo.call("DELETE", path, institute_id=2, id=created["id"]),
    ):
        assert (reply.status, reply.code) == (404, "record_not_found")


def test_the_older_list_tells_the_same_users(demo: Caller, older: Caller) -> None:
    created = new_user(demo, role="proctor")
    content = next(
        user for user in older.call("GET", PATH, institute_id=1).json["users"] if user["id"] == created["id"]
    )
    assert content == {name: created[name] for name in ("id", "name", "email", "role")}


def test_comanagers(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam, created, stranger = new_exam()["id"], new_user(demo), new_user(second, institute=2)
    add, remove = "/exams/{id}/add_comanager", "/exams/{id}/remove_comanager"
    for sent in (created["id"], str(created["id"])):
        assert demo.call("PUT", add, {"comanager_id": sent}, id=exam).json["comanager"] == created
    assert demo.call("DELETE", remove, query={"comanager_id": created["id"]}, id=exam).json["comanager"] == created
    for reply in (
        demo.call("DELETE", remove, query={"comanager_id": created["id"]}, id=exam),
        demo.call("PUT", add, {"comanager_id": stranger["id"]}, id=exam),
        second.call("PUT", add, {"comanager_id": stranger["id"]}, id=exam),
    ):
        assert (reply.status, reply.code) == (404, "record_not_found")


def test_the_proctor_pool_of_the_older_version(older: Caller, demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam, path = new_exam()["id"], "/exams/{id}/proctor_pool"
    one, two = (new_user(demo, role="proctor")["id"] for _ in range(2))
    assert older.call("GET", path, id=exam).json == {"proctors": []}
    assert [user["id"] for user in _pool(older, exam, [two])] == [two]
    assert [user["id"] for user in _pool(older, exam, [one, two])] == [one, two]
    assert [user["id"] for user in older.call("GET", path, id=exam).json["proctors"]] == [one, two]
    left = older.call("DELETE", path, {"proctor_pool": [one]}, id=exam).json["proctors"]
    assert [user["id"] for user in left] == [two]
    stranger = new_user(second, institute=2, role="proctor")["id"]
    for method, unknown in itertools.product(("POST", "DELETE"), (stranger, 999_999, 10**50)):
        rejected = older.call(method, path, {"proctor_pool": [two, unknown]}, id=exam)
        assert (rejected.status, rejected.code) == (404, "record_not_found")
    assert [user["id"] for user in older.call("GET", path, id=exam).json["proctors"]] == [two]
    demo.call("DELETE", f"{PATH}/{{id}}", institute_id=1, id=two)
    assert older.call("GET", path, id=exam).json == {"proctors": []}
    for faulty in ("one", [], ["one"], [0], one, f"[{one}"):
        rejected = older.call("DELETE", path, {"proctor_pool": faulty}, id=exam)
        assert (rejected.code, [*rejected.json["errors"]]) == ("validation_failed", ["proctor_pool"])
    assert older.call("DELETE", path, id=exam).code == "parameter_missing"


@pytest.mark.parametrize(
    ("pairs", "signed"),
    [
        ([("proctor_pool", "[{one}, {two}]")], "[{one}, {two}]"),
        ([("proctor_pool", "[{one},{two}]")], "[{one},{two}]"),
        ([("proctor_pool", '["{one}", "{two}"]')], '["{one}", "{two}"]'),
        ([("proctor_pool[]", "{one}"), ("proctor_pool[]", "{two}")], '["{one}", "{two}"]'),
    ],
)
@pytest.mark.parametrize("place", ["query", "form"])
def test_proctors_are_taken_off_in_each_spelling(
    older: Caller, demo: Caller, new_exam: NewExam, place: str, pairs: list[tuple[str, str]], signed: str
) -> None:
    exam, path = new_exam()["id"], "/exams/{id}/proctor_pool"
    one, two, three = (new_user(demo, role="proctor")["id"] for _ in range(3))
    _pool(older, exam, [one, two, three])

    def fill(text: str) -> str:
        return text.replace("{one}", str(one)).replace("{two}", str(two))

    stamped = older.stamp()
    base = base_string({"proctor_pool": fill(signed), "id": exam, **stamped})
    sent = [(name, fill(value)) for name, value in pairs]
    query = urlencode(
        [*stamped.items(), ("signature", signature(base, older.secret_key)), *(sent if place == "query" else ())]
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"} if place == "form" else {}
    target = f"/api/v1{path.format(id=exam)}?{query}"
    body = urlencode(sent).encode() if place == "form" else None
    reply = send(older.base_url, "DELETE", target, {**older.authorization, **form}, body)
    assert reply.status == 200, reply.content
    assert [user["id"] for user in reply.json["proctors"]] == [three]


def test_a_text_that_is_no_list_of_numbers_is_rejected(older: Caller, new_exam: NewExam) -> None:
    exam, path = new_exam()["id"], "/exams/{id}/proctor_pool"
    for faulty in ("one", "[", "[1", "[]", "[-]", "[1,]", '["]', f"[{'9' * 5000}]", "[0]", "[-1]", "[[1]]"):
        rejected = older.call("DELETE", path, query={"proctor_pool": faulty}, id=exam)
        assert (rejected.code, [*rejected.json["errors"]]) == ("validation_failed", ["proctor_pool"]), faulty


def _pool(older: Caller, exam: int, users: list[int]) -> list[dict[str, Any]]:
    reply = older.call("POST", "/exams/{id}/proctor_pool", {"proctor_pool": users}, id=exam)
    assert reply.status == 200, reply.content
    result: list[dict[str, Any]] = reply.json["proctors"]
    return result


def test_credentials_are_kept_once_and_passwords_never(tmp_path: Path) -> None:
    with running(database=f"sqlite:///{tmp_path / 'state.db'}") as result:
        created = [new_user(Caller(result.base_url, result.token, result.secret_key)) for _ in range(2)]
    dump = "\n".join(sqlite3.connect(tmp_path / "state.db").iterdump())
    for user in created:
        assert dump.count(user["secret_key"]) == dump.count(user["api_token"]) == 1
    assert "Made-up passw0rd" not in dump


def test_a_token_does_not_follow_from_the_secret_key(demo: Caller) -> None:
    created = new_user(demo)
    token, key = created["api_token"], created["secret_key"]
    assert re.fullmatch("[0-9a-f]{32}", token)
    for words in ((key, b"token"), ("token", key.encode()), (key, b"")):
        assert hmac.new(words[0].encode(), words[1], hashlib.sha256).hexdigest()[:32] != token

"""Who is let in: token, signature, clock, nonce, institute, role; and what an error says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import pytest

from procwise_sandbox import Running, running
from tests.sandbox.sandbox_calls import Caller, NewExam, base_string, send, signature

HOUR_MS = 3600 * 1000
GOOD = {"name": "n", "type": "demo"}


@pytest.mark.parametrize(
    "header",
    [None, "", "Token token=", "Token token=unknown", "Token", "Bearer {}", "{}", "apiEuroToken {}", "Token token={} "],
)
def test_a_bad_token_is_401(demo: Caller, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.format(demo.token)}
    if header == "Token token={} ":  # the HTTP parser strips it: this one is good
        headers = {"Authorization": f"Token token={demo.token}x"}
    reply = send(demo.base_url, "GET", f"/api/v3/exams?{urlencode(demo.sign(demo.stamp()))}", headers)
    assert (reply.status, reply.code) == (401, "unauthorized")


def test_each_version_has_its_own_token_form(demo: Caller) -> None:
    target = f"/api/v1/exams?{urlencode(demo.sign(demo.stamp()))}"
    assert send(demo.base_url, "GET", target, demo.authorization).status == 401
    quoted = {"Authorization": f'Token token="{demo.token}"'}
    assert send(demo.base_url, "GET", f"/api/v3/exams?{urlencode(demo.sign(demo.stamp()))}", quoted).status == 200


@pytest.mark.parametrize(
    "spoil",
    ["", "0", "é" * 32, "0" * 64, "1" * 8, "f" * 65, "upper", "truncated", "longer", "other secret", "sha1", "base64"],
)
def test_a_wrong_signature_is_403(demo: Caller, second: Caller, spoil: str) -> None:
    stamped = demo.stamp()
    base, key = base_string(stamped), demo.secret_key.encode()
    right = signature(base, demo.secret_key)
    wrong = {
        "upper": right.upper(),
        "truncated": right[:-1],
        "longer": right + "0",
        "other secret": signature(base, second.secret_key),
        "sha1": hmac.new(key, base.encode(), hashlib.sha1).hexdigest(),
        "base64": base64.b64encode(bytes.fromhex(right)).decode(),
    }.get(spoil, spoil)
    target = f"/api/v3/exams?{urlencode({**stamped, 'signature': wrong})}"
    reply = send(demo.base_url, "GET", target, demo.authorization)
    assert reply.status == 403
    assert reply.code == ("signature_invalid" if wrong else "signature_missing")


@pytest.mark.parametrize("value", [[], {}, 1, True, None, ["x"], 1.5])
def test_a_signature_of_another_type_is_403(demo: Caller, value: object) -> None:
    body = json.dumps({**demo.stamp(), "signature": value}).encode()
    reply = send(
        demo.base_url, "GET", "/api/v3/exams", {**demo.authorization, "Content-Type": "application/json"}, body
    )
    assert reply.status == 403


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_a_missing_signing_parameter_is_403(demo: Caller, name: str) -> None:
    stamped = {key: value for key, value in demo.stamp().items() if key != name}
    params = demo.sign(stamped)
    params = {key: value for key, value in params.items() if key != name}
    reply = send(demo.base_url, "GET", f"/api/v3/exams?{urlencode(params)}", demo.authorization)
    assert (reply.status, reply.code) == (403, f"{name}_missing")


@pytest.mark.parametrize(
    ("off_ms", "good"),
    [(-HOUR_MS + 9000, True), (HOUR_MS - 9000, True), (-HOUR_MS - 9000, False), (HOUR_MS + 9000, False)],
)
def test_the_window_of_the_clock(demo: Caller, off_ms: int, good: bool) -> None:
    reply = demo.call("GET", "/exams", over={"timestamp": int(time.time() * 1000) + off_ms})
    assert reply.status == (200 if good else 403)
    if not good:
        assert reply.code == "timestamp_outside_window"
        assert abs(reply.json["explanation"]["off_by_ms"] - off_ms) < 5000


@pytest.mark.parametrize("timestamp", [0, -1, 10**30, -(10**30), "x", "1e3", "1.0", " 1", "0x1", "\uff11"])
def test_an_odd_clock_is_403(demo: Caller, timestamp: object) -> None:
    reply = demo.call("GET", "/exams", over={"timestamp": timestamp})
    assert reply.status == 403
    assert reply.code in ("timestamp_outside_window", "timestamp_invalid")


def test_seconds_instead_of_milliseconds_are_recognised(demo: Caller) -> None:
    reply = demo.call("GET", "/exams", over={"timestamp": int(time.time())})
    assert reply.json["explanation"]["cause"] == "the timestamp was sent in seconds"


def test_a_rejected_signature_or_clock_does_not_burn_the_nonce(demo: Caller) -> None:
    nonce = demo.stamp()["nonce"]
    stranger = replace(demo, secret_key="another")
    assert stranger.call("GET", "/exams", over={"nonce": nonce}).code == "signature_invalid"
    assert demo.call("GET", "/exams", over={"nonce": nonce, "timestamp": 1}).code == "timestamp_outside_window"
    assert demo.call("GET", "/exams", over={"nonce": nonce}).status == 200


def test_a_request_that_fails_later_burns_its_nonce(demo: Caller) -> None:
    nonce = demo.stamp()["nonce"]
    assert demo.call("POST", "/exams", {}, over={"nonce": nonce}).status == 422
    assert demo.call("POST", "/exams", GOOD, over={"nonce": nonce}).code == "nonce_used"


@pytest.mark.parametrize("database", ["memory", "file"])
def test_of_24_at_once_one_succeeds(database: str, tmp_path: Path) -> None:
    url = "sqlite://" if database == "memory" else f"sqlite:///{tmp_path / 'state.db'}"
    with running(database=url) as sandbox:
        caller = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        body = json.dumps(caller.sign({**caller.stamp(), **GOOD})).encode()
        headers = {**caller.authorization, "Content-Type": "application/json"}
        start = Barrier(24)

        def fire(_number: int) -> int:
            start.wait()
            return send(sandbox.base_url, "POST", "/api/v3/exams", headers, body).status

        before = int(caller.call("GET", "/exams").headers["x-pagination-item-count"])
        with ThreadPoolExecutor(24) as pool:
            statuses = sorted(pool.map(fire, range(24)))
        assert statuses == [200] + [403] * 23
        assert int(caller.call("GET", "/exams").headers["x-pagination-item-count"]) == before + 1


def test_a_nonce_is_free_once_more_after_a_day() -> None:
    now = [1_800_000_000.0]
    with running(clock=lambda: now[0]) as sandbox:
        caller = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key, clock=lambda: now[0])
        assert caller.call("GET", "/exams", over={"nonce": 7}).status == 200
        now[0] += 86_400 - 1
        assert caller.call("GET", "/exams", over={"nonce": 7}).code == "nonce_used"
        now[0] += 2
        assert caller.call("GET", "/exams", over={"nonce": 7}).status == 200
        assert caller.call("GET", "/exams", over={"nonce": 7}).code == "nonce_used"


def test_objects_of_another_institute_are_not_there(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam = new_exam()["id"]
    student = {"name": "A", "email": "a@student.example"}
    session = demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam).json["student"]["id"]
    calls = [
        ("GET", "/exams/{id}", None, {"id": exam}),
        ("PATCH", "/exams/{id}", {"name": "mine"}, {"id": exam}),
        ("PUT", "/exams/{id}", {"name": "mine"}, {"id": exam}),
        ("DELETE", "/exams/{id}", None, {"id": exam}),
        ("GET", "/exams/{exam_id}/student_sessions", None, {"exam_id": exam}),
        ("POST", "/exams/{exam_id}/student_sessions", student, {"exam_id": exam}),
        ("GET", "/student_sessions/{id}", None, {"id": session}),
        ("PATCH", "/student_sessions/{id}", {"name": "mine"}, {"id": session}),
        ("DELETE", "/student_sessions/{id}", None, {"id": session}),
    ]
    for method, path, body, ids in calls:
        reply = second.call(method, path, body, **ids)
        assert (reply.status, reply.code) == (404, "record_not_found"), (method, path)
    assert exam not in [one["id"] for one in second.call("GET", "/exams").json["exams"]]
    assert session not in [one["id"] for one in second.call("GET", "/student_sessions").json["students"]]
    assert {one["institute_id"] for one in second.call("GET", "/exams").json["exams"]} == {2}
    assert demo.call("GET", "/exams/{id}", id=exam).json["exam"]["name"] == "An exam"


def test_an_exam_cannot_be_put_into_another_institute(demo: Caller, new_exam: NewExam) -> None:
    assert demo.call("POST", "/exams", {**GOOD, "institute_id": 2}).json["errors"].keys() == {"institute_id"}
    assert demo.call("POST", "/exams", {**GOOD, "institute_id": 1}).status == 200
    exam = new_exam()["id"]
    assert demo.call("PATCH", "/exams/{id}", {"institute_id": 2}, id=exam).status == 422
    assert demo.call("PATCH", "/exams/{id}", {"institute_id": 1}, id=exam).status == 200


def test_the_superuser_sees_every_institute(superuser: Caller, second: Caller, demo: Caller) -> None:
    created = superuser.call("POST", "/exams", {**GOOD, "institute_id": 2}).json["exam"]
    assert second.call("GET", "/exams/{id}", id=created["id"]).status == 200
    assert demo.call("GET", "/exams/{id}", id=created["id"]).status == 404
    student = {"name": "A", "email": "a@student.example"}
    session = superuser.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=created["id"]).json[
        "student"
    ]
    assert second.call("GET", "/student_sessions/{id}", id=session["id"]).status == 200
    institutes = {exam["institute_id"] for exam in superuser.call("GET", "/exams").json["exams"]}
    assert {1, 2} <= institutes


def test_a_rejected_signature_is_explained(demo: Caller, new_exam: NewExam) -> None:
    exam = new_exam()["id"]
    stamped = demo.stamp()
    target = f"/api/v3/exams/{exam}?{urlencode(demo.sign(stamped))}"
    content = send(demo.base_url, "GET", target, demo.authorization).json["explanation"]
    assert content["base_string"] == base_string({**stamped, "id": exam})
    assert content["cause"] == "the ids in the path were not signed"
    python = {**demo.stamp(), "mobile_cam": True}
    joined = "?".join(f"{name}={value}" for name, value in sorted(python.items()))
    body = json.dumps({**python, "signature": signature(joined, demo.secret_key)}).encode()
    content = send(
        demo.base_url, "POST", "/api/v3/exams", {**demo.authorization, "Content-Type": "application/json"}, body
    )
    assert content.json["explanation"]["cause"] == "`True` was signed for `mobile_cam`; write `true`"


def test_secrets_are_masked_in_explanations(demo: Caller) -> None:
    stranger = replace(demo, secret_key="another")
    reply = stranger.call("POST", "/exams", {**GOOD, "token": "planted-secret"})
    assert "token=***" in reply.json["explanation"]["base_string"]
    assert b"planted-secret" not in reply.content
    assert demo.secret_key.encode() not in reply.content


@pytest.mark.parametrize(
    ("sent", "cause"),
    [
        ("0" * 64, "no mistake was recognised in the base string; the usual causes are listed"),
        ("z" * 64, "the signature holds other characters than hexadecimal digits"),
        ("0" * 63, "the signature has 63 characters instead of 64"),
    ],
)
def test_a_signature_that_no_usual_mistake_makes(demo: Caller, sent: str, cause: str) -> None:
    target = f"/api/v3/exams?{urlencode({**demo.stamp(), 'signature': sent})}"
    content = send(demo.base_url, "GET", target, demo.authorization).json["explanation"]
    assert content["cause"].startswith(cause)
    assert "the secret key belongs to another user than the token" in content["usual_causes"]


def test_strict_says_as_little_as_a_real_server() -> None:
    with running(strict=True) as sandbox:
        demo = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        bad = [replace(demo, secret_key="x").call("GET", "/exams"), demo.call("GET", "/exams", over={"timestamp": 1})]
        demo.call("GET", "/exams", over={"nonce": 5})
        bad.append(demo.call("GET", "/exams", over={"nonce": 5}))
        content = {"error": "You are not authorized to access this page.", "code": "forbidden", "errors": {}}
        assert [(reply.status, reply.json) for reply in bad] == [(403, content)] * 3


def test_nothing_secret_is_logged(sandbox: Running, demo: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        params = demo.sign({**demo.stamp(), "note": "planted-value"})
        send(demo.base_url, "GET", f"/api/v3/exams?{urlencode(params)}", demo.authorization)
        demo.call("POST", "/exams", {**GOOD, "name": "planted-name"})
        for secret in (demo.secret_key, f"Token%20token={demo.token}", f"{demo.token}/reviewable"):
            send(demo.base_url, "GET", f"/api/v3/exams/{secret}")
        send(demo.base_url, "PUT", "/api/v3/exams/1/generate_exam_documents_zip")
    assert "GET '/api/v3/exams' 200" in caplog.text
    assert "GET '/api/v3/exams/***' " in caplog.text
    assert "PUT '/api/v3/exams/1/generate_exam_documents_zip' " in caplog.text
    planted = (sandbox.token, sandbox.secret_key, str(params["signature"]), "planted-value", "planted-name")
    assert [word for word in planted if word in caplog.text] == []
    assert sandbox.secret_key not in repr(sandbox)
    assert sandbox.token not in repr(sandbox)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/exams/{id}", "Exam"),
        ("/institutes/{id}", "Institute"),
        ("/student_sessions/{id}", "Student Session"),
        ("/tool_providers/{id}", "tool provider"),
        ("/lti_resources/{id}", "lti resource"),
        ("/institutes/{institute_id}/users/{id}", "User"),
    ],
)
def test_what_is_not_there_is_called_as_the_pages_do(demo: Caller, path: str, title: str) -> None:
    more = {"institute_id": 1} if "users" in path else {}
    content = demo.call("GET", path, id=999_999, **more)
    assert (content.status, content.json["error"]) == (404, f"Couldn't find {title} with 'id'=999999")

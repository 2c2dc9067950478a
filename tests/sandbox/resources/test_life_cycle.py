"""Each operation from the outside, over one state for both versions."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import pytest

from tests.sandbox.sandbox_calls import Caller, NewExam


def test_create_show_update_destroy(demo: Caller) -> None:
    settings = {"name": "Zoë's exam 试验 😀", "type": "live_proctoring", "duration_minutes": 90, "upload_answers": True}
    created = demo.call("POST", "/exams", settings).json["exam"]
    assert created["name"] == settings["name"]
    assert (created["duration_minutes"], created["upload_answers"], created["live_proctoring"]) == (90, True, True)
    assert (created["status"], created["institute_id"], created["user_id"]) == ("draft", 1, 1)

    displayed = demo.call("GET", "/exams/{id}", id=created["id"])
    assert (displayed.status, displayed.json["exam"]) == (200, created)

    changed = demo.call("PATCH", "/exams/{id}", {"duration_minutes": 75}, id=created["id"]).json["exam"]
    assert (changed["duration_minutes"], changed["name"]) == (75, settings["name"])
    put = demo.call("PUT", "/exams/{id}", {"name": "Renamed"}, id=created["id"]).json["exam"]
    assert (put["name"], put["duration_minutes"], put["live_proctoring"]) == ("Renamed", 75, True)
    assert put["updated_at"] > created["updated_at"]

    gone = demo.call("DELETE", "/exams/{id}", id=created["id"])
    assert (gone.status, gone.json) == (200, {})
    for method in ("GET", "DELETE"):
        repeated = demo.call(method, "/exams/{id}", id=created["id"])
        assert (repeated.status, repeated.code) == (404, "record_not_found")


@pytest.mark.parametrize("sent", [True, 1, "1", "true"])
def test_a_switch_has_one_form_in_responses(demo: Caller, sent: object) -> None:
    settings = {"name": "n", "type": "demo", "mobile_cam": sent}
    assert demo.call("POST", "/exams", settings).json["exam"]["mobile_cam"] is True


@pytest.mark.parametrize("sent", [1542761640, "2018-11-21T00:54:00Z", "2018-11-21T01:54:00.000+01:00"])
def test_a_moment_has_one_form_in_responses(demo: Caller, sent: object) -> None:
    settings = {"name": "n", "type": "demo", "start_time": sent}
    content = demo.call("POST", "/exams", settings).json["exam"]["start_time"]
    assert content == "2018-11-21T00:54:00.000+00:00"


def test_an_exam_starts_when_it_is_made_unless_it_says_otherwise(new_exam: NewExam) -> None:
    created = new_exam()
    assert created["start_time"] == created["created_at"]
    assert created["end_time"] is None


def test_both_versions_share_one_state(demo: Caller, older: Caller) -> None:
    sent = {"name": "By v1", "type": "global_reviewing", "duration": 45, "start_time": 1781506800, "web_cam": True}
    created = older.call("POST", "/exams", sent).json["exam"]
    expected = {"name": "By v1", "type": "global_reviewing", "duration": 45, "start_time": 1781506800}
    assert expected.items() <= created.items()

    seen = demo.call("GET", "/exams/{id}", id=created["id"]).json["exam"]
    assert (seen["duration_minutes"], seen["global_reviewing"], seen["live_proctoring"]) == (45, True, False)
    assert (seen["start_time"], seen["web_cam"]) == ("2026-06-15T07:00:00.000+00:00", True)
    assert created["id"] in [exam["id"] for exam in older.call("GET", "/exams").json["exams"]]

    changes = {"type": "live_proctoring", "global_proctoring": False, "global_reviewing": False}
    demo.call("PATCH", "/exams/{id}", changes, id=created["id"])
    assert older.call("GET", "/exams/{id}", id=created["id"]).json["exam"]["type"] == "local_proctoring"
    assert older.call("DELETE", "/exams/{id}", id=created["id"]).json == {}
    assert demo.call("GET", "/exams/{id}", id=created["id"]).status == 404


def test_an_exam_with_instructions_is_open(older: Caller, demo: Caller) -> None:
    sent = {"name": "n", "type": "local_reviewing", "exam_content": "<p>Read.</p>", "is_exam_content_html": True}
    created = older.call("POST", "/exams", sent).json["exam"]
    assert demo.call("GET", "/exams/{id}", id=created["id"]).json["exam"]["status"] == "open"


def test_student_sessions(demo: Caller, older: Caller, new_exam: NewExam) -> None:
    exam = new_exam(start_time="2030-01-01T09:00:00Z")
    student = {"name": "Ada Example", "email": "ada@student.example", "skip_requirements": "1"}
    created = demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam["id"]).json["student"]
    assert (created["exam_id"], created["status"], created["skip_requirements"]) == (exam["id"], "registered", True)
    assert created["open_time"] == exam["start_time"]
    assert created["current_exam_mode"] == exam["mode"]

    assert demo.call("GET", "/student_sessions/{id}", id=created["id"]).json["student"] == created
    later = demo.call("PATCH", "/student_sessions/{id}", {"open_time": "2030-01-01T10:00:00Z"}, id=created["id"])
    assert later.json["student"]["open_time"] == "2030-01-01T10:00:00.000+00:00"
    renamed = demo.call("PUT", "/student_sessions/{id}", {"name": "Ada B."}, id=created["id"]).json["student"]
    assert (renamed["name"], renamed["email"]) == ("Ada B.", "ada@student.example")

    listed = demo.call("GET", "/exams/{exam_id}/student_sessions", exam_id=exam["id"]).json["students"]
    assert listed == [renamed]
    assert renamed in demo.call("GET", "/student_sessions").json["students"]
    by_v1 = older.call("GET", "/exams/{exam_id}/student_sessions", exam_id=exam["id"]).json["students"]
    assert [(one["id"], one["name"]) for one in by_v1] == [(created["id"], "Ada B.")]

    assert demo.call("DELETE", "/student_sessions/{id}", id=created["id"]).json == {}
    assert demo.call("GET", "/student_sessions/{id}", id=created["id"]).status == 404


def test_a_student_by_v1(older: Caller, demo: Caller, new_exam: NewExam) -> None:
    exam = new_exam()
    student = {"name": "Grace", "email": "g@student.example", "open_time": 1781506800, "close_time": None}
    created = older.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam["id"]).json["student"]
    assert (created["open_time"], created["close_time"]) == (1781506800, None)
    seen = demo.call("GET", "/student_sessions/{id}", id=created["id"]).json["student"]
    assert seen["open_time"] == "2026-06-15T07:00:00.000+00:00"


def test_an_address_is_unique_within_its_exam(demo: Caller, older: Caller, new_exam: NewExam) -> None:
    exam, other = new_exam()["id"], new_exam()["id"]
    path, student = "/exams/{exam_id}/student_sessions", {"name": "A", "email": "a@student.example"}
    assert demo.call("POST", path, student, exam_id=exam).status == 200
    assert demo.call("POST", path, student, exam_id=other).status == 200
    for caller in (demo, older):
        rejected = caller.call("POST", path, student, exam_id=exam)
        assert (rejected.status, rejected.code) == (422, "validation_failed")
        assert rejected.json["errors"] == {"email": ["has already been taken"]}
    third = demo.call("POST", path, {**student, "email": "b@student.example"}, exam_id=exam).json["student"]
    rejected = demo.call("PATCH", "/student_sessions/{id}", {"email": student["email"]}, id=third["id"])
    assert rejected.json["errors"] == {"email": ["has already been taken"]}
    assert demo.call("PATCH", "/student_sessions/{id}", {"email": third["email"]}, id=third["id"]).status == 200


def test_students_go_with_their_exam(demo: Caller, new_exam: NewExam) -> None:
    exam = new_exam()["id"]
    student = {"name": "A", "email": "a@student.example"}
    created = demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam).json["student"]["id"]
    demo.call("DELETE", "/exams/{id}", id=exam)
    assert demo.call("GET", "/student_sessions/{id}", id=created).status == 404
    for method, body in (("GET", None), ("POST", student)):
        reply = demo.call(method, "/exams/{exam_id}/student_sessions", body, exam_id=exam)
        assert (reply.status, reply.code) == (404, "record_not_found")


def test_a_number_is_never_given_twice(demo: Caller, new_exam: NewExam) -> None:
    first = new_exam()["id"]
    demo.call("DELETE", "/exams/{id}", id=first)
    assert new_exam()["id"] > first


def test_the_zip_job(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam = new_exam()["id"]
    student = {"name": "A", "email": "a@student.example"}
    session = demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam).json["student"]["id"]
    status, start, fetch = (f"/exams/{{id}}/{verb}_exam_documents_zip" for verb in ("status", "generate", "download"))
    assert demo.call("GET", status, id=exam).json == {"zip_job_status": "never_run"}
    early = demo.call("GET", fetch, id=exam)
    assert (early.status, early.code) == (404, "zip_not_ready")

    assert demo.call("PUT", start, id=exam).json == {}
    assert demo.call("PUT", start, id=exam).status == 200, "a second start while it runs changes nothing"
    seen = list(_states(demo, status, exam))
    assert seen[-1] == "success"
    assert [state for state in ("queued", "running", "success") if state in seen] == list(dict.fromkeys(seen))

    file = demo.call("GET", fetch, id=exam)
    assert (file.status, file.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        assert json.loads(archive.read("index.json"))[0]["student_session_id"] == session
    displayed = demo.call("GET", "/exams/{id}", id=exam).json["exam"]
    assert displayed["uploaded_exam_documents_file_size"] == len(file.content)

    for method, path in (("GET", status), ("PUT", start), ("GET", fetch)):
        assert second.call(method, path, id=exam).status == 404
    demo.call("DELETE", "/exams/{id}", id=exam)
    assert demo.call("GET", fetch, id=exam).code == "record_not_found"


def _states(demo: Caller, path: str, exam: int) -> Any:
    for _ in range(200):
        state = demo.call("GET", path, id=exam).json["zip_job_status"]
        yield state
        if state not in ("queued", "running"):
            return
        time.sleep(0.02)

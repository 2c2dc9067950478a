"""What is done with student sessions beyond making and changing them, by old names and new ones."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import running
from tests.sandbox.faulty import Clock
from tests.sandbox.resources.test_users import new_user
from tests.sandbox.sandbox_calls import Caller, NewExam, Reply, send

BELOW = "/exams/{exam_id}/student_sessions"
ITEM = "/student_sessions/{id}"
NOTIFICATION = {"notification_title": "t", "notification_text": "x", "notification_type": "warning"}


def new_student(caller: Caller, exam: int, number: int = 1) -> dict[str, Any]:
    sent = {"name": f"Student {number}", "email": f"s{number}@sessions.example"}
    created: dict[str, Any] = caller.call("POST", BELOW, sent, exam_id=exam).json["student"]
    return created


def test_the_old_names_do_the_same(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam, other = new_exam()["id"], new_exam()["id"]
    sent = {"name": "Ada", "email": "ada@sessions.example", "skip_requirements": True}
    created = demo.call("POST", "/exams/{id}/add_student", sent, id=exam).json["student"]
    assert (created["exam_id"], created["skip_requirements"]) == (exam, True)
    assert demo.call("POST", "/exams/{id}/add_student", sent, id=exam).json["errors"].keys() == {"email"}
    new_student(demo, exam, 2)
    for query in ({}, {"page": 2, "limit": 1}, {"status": "registered"}, {"sort": '[{"name":"desc"}]'}):
        old = demo.call("GET", "/exams/{id}/index_students", query=query, id=exam)
        new = demo.call("GET", BELOW, query=query, exam_id=exam)
        assert old.json == new.json
        assert {n: old.headers[n] for n in old.headers if "pagination" in n} == {
            n: new.headers[n] for n in new.headers if "pagination" in n
        }
    show, delete, query = (
        "/exams/{id}/show_student",
        "/exams/{id}/delete_student",
        {"student_session_id": created["id"]},
    )
    displayed = demo.call("GET", show, query=query, id=exam)
    assert displayed.json == demo.call("GET", ITEM, id=created["id"]).json
    for caller, method, path, key in (
        (demo, "GET", show, other),
        (demo, "DELETE", delete, other),
        (second, "GET", show, exam),
        (second, "DELETE", delete, exam),
        (second, "GET", "/exams/{id}/index_students", exam),
    ):
        reply = caller.call(method, path, query=query if path != "/exams/{id}/index_students" else {}, id=key)
        assert (reply.status, reply.code) == (404, "record_not_found")
    assert demo.call("DELETE", delete, query=query, id=exam).json == {}
    assert demo.call("GET", ITEM, id=created["id"]).code == "record_not_found"
    assert demo.call("GET", show, id=exam).code == "parameter_missing"


def test_sending_mails_marks_the_students(demo: Caller, older: Caller, new_exam: NewExam) -> None:
    exam, other = new_exam()["id"], new_exam()["id"]
    ids = [new_student(demo, exam, number)["id"] for number in range(3)]
    untouched = new_student(demo, other)
    demo.call("POST", f"{ITEM}/end_exam", NOTIFICATION, id=ids[2])
    reply = demo.call("POST", "/exams/{id}/send_emails", id=exam)
    statuses = ("email_sent", "email_sent", "exam_finished")
    assert reply.json == {"students": [{"id": i, "status": s} for i, s in zip(ids, statuses, strict=True)]}
    seen = demo.call("GET", ITEM, id=ids[0]).json["student"]
    assert (seen["status"], seen["is_email_sent"]) == ("email_sent", True)
    assert demo.call("GET", ITEM, id=untouched["id"]).json["student"] == untouched
    assert older.call("GET", ITEM, id=ids[0]).json["student"]["status"] == "mail_sent"
    assert older.call("POST", "/exams/{id}/send_emails", id=other).json == {}
    assert demo.call("GET", ITEM, id=untouched["id"]).json["student"]["status"] == "email_sent"


def test_ending_an_exam(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    created, before = new_student(demo, new_exam()["id"]), time.time()
    path = f"{ITEM}/end_exam"
    assert demo.call("POST", path, {}, id=created["id"]).code == "parameter_missing"
    assert second.call("POST", path, NOTIFICATION, id=created["id"]).code == "record_not_found"
    content = demo.call("POST", path, NOTIFICATION, id=created["id"]).json
    assert (content["message"], content["recording_response"]) == ("end_exam_time_success", True)
    seen = demo.call("GET", ITEM, id=created["id"]).json["student"]
    assert (seen["status"], seen["end_time"]) == ("exam_finished", content["end_time"])
    assert content["end_time"] >= time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(before))
    assert demo.call("POST", path, NOTIFICATION, id=created["id"]).json == content


def test_proctors(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam = new_exam()["id"]
    students = [new_student(demo, exam, number)["id"] for number in range(14)]
    proctor, teacher = new_user(demo, role="proctor")["id"], new_user(demo, role="teacher")["id"]
    assign, unassign = f"{ITEM}/assign_proctor", f"{ITEM}/assigned_proctor"
    for count, student in enumerate(students[:13], start=1):
        sent = {"proctor_id": str(proctor) if count % 2 else proctor}
        content = demo.call("POST", assign, sent, id=student).json
        assert content == {"proctor_id": proctor, "active_proctoring_sessions": count}
    repeated = demo.call("POST", assign, {"proctor_id": proctor}, id=students[0]).json
    assert repeated["active_proctoring_sessions"] == 13
    assert demo.call("GET", ITEM, id=students[0]).json["student"]["pre_assigned_proctor_id"] == proctor
    full = demo.call("POST", assign, {"proctor_id": proctor}, id=students[13])
    assert (full.status, full.json["errors"].keys()) == (422, {"proctor_id"})
    assert demo.call("DELETE", unassign, id=students[0]).json == {}
    assert demo.call("GET", ITEM, id=students[0]).json["student"].get("pre_assigned_proctor_id") is None
    assert demo.call("POST", assign, {"proctor_id": proctor}, id=students[13]).status == 200
    for caller, key in ((demo, teacher), (demo, 999_999), (second, proctor)):
        assert caller.call("POST", assign, {"proctor_id": key}, id=students[0]).code == "record_not_found"
    demo.call("POST", f"{ITEM}/end_exam", NOTIFICATION, id=students[1])
    assert demo.call("POST", assign, {"proctor_id": proctor}, id=students[1]).code == "validation_failed"
    demo.call("DELETE", "/institutes/{institute_id}/users/{id}", institute_id=1, id=proctor)
    assert demo.call("GET", ITEM, id=students[2]).json["student"].get("pre_assigned_proctor_id") is None


@dataclass(frozen=True)
class Gallery:
    """A sandbox of its own with a clock to turn."""

    clock: Clock
    demo: Caller
    second: Caller
    folder: Path

    def student_with_photo(self) -> dict[str, Any]:
        students = self.demo.call("GET", "/student_sessions").json["students"]
        return next(student for student in students if student["face_photo_file_name"])


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[Gallery]:
    clock = Clock()
    with running(files=tmp_path, clock=clock) as result:
        demo = Caller(result.base_url, result.token, result.secret_key, clock=clock)
        second = replace(demo, token=result.second.token, secret_key=result.second.secret_key)
        yield Gallery(clock, demo, second, tmp_path)


def fetch(url: str) -> Reply:
    origin, _, target = url.removeprefix("http://").partition("/")
    return send(f"http://{origin}", "GET", f"/{target}")


def test_a_link_to_the_face_photo_lasts_five_minutes(gallery: Gallery) -> None:
    student, path = gallery.student_with_photo(), f"{ITEM}/face_photo"
    url = gallery.demo.call("GET", path, id=student["id"]).json["url"]
    assert url.startswith(f"{gallery.demo.base_url}/files/")
    photo = fetch(url)
    assert (photo.status, photo.headers["content-type"]) == (200, "image/png")
    assert photo.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(photo.content) == student["face_photo_file_size"]
    for wrong in (
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.replace("expires=1", "expires=2"),
        url.split("?")[0],
    ):
        assert (fetch(wrong).status, fetch(wrong).code) == (403, "forbidden")
    other = url.replace("face_photo", "id_card")
    assert (fetch(other).status, fetch(other).code) == (403, "forbidden")
    gallery.clock.now += 299
    assert fetch(url).status == 200
    gallery.clock.now += 2
    assert (fetch(url).status, fetch(url).code) == (403, "forbidden")
    assert fetch(gallery.demo.call("GET", path, id=student["id"]).json["url"]).status == 200


def test_photos_are_erased(gallery: Gallery) -> None:
    student, path = gallery.student_with_photo(), f"{ITEM}/face_photo"
    url = gallery.demo.call("GET", path, id=student["id"]).json["url"]
    for method, part in (("GET", path), ("DELETE", path), ("DELETE", f"{ITEM}/id_card")):
        assert gallery.second.call(method, part, id=student["id"]).code == "record_not_found"
    stored = {file.name for file in gallery.folder.iterdir()}
    for _ in range(2):
        assert gallery.demo.call("DELETE", path, id=student["id"]).json == {}
    assert (fetch(url).status, fetch(url).code) == (404, "record_not_found")
    assert gallery.demo.call("GET", path, id=student["id"]).code == "record_not_found"
    assert gallery.demo.call("DELETE", f"{ITEM}/id_card", id=student["id"]).json == {}
    gone = stored - {file.name for file in gallery.folder.iterdir()}
    assert gone == {f"face_photo-{student['id']}-face.png", f"id_card-{student['id']}-card.png"}
    seen = gallery.demo.call("GET", ITEM, id=student["id"]).json["student"]
    assert {seen[f"{kind}_file_name"] for kind in ("face_photo", "id_card")} == {None}


def test_the_files_of_a_student_go_too(gallery: Gallery) -> None:
    student = gallery.student_with_photo()["id"]
    assert any(gallery.folder.glob(f"face_photo-{student}-*"))
    gallery.demo.call("DELETE", ITEM, id=student)
    left = [name for kind in ("face_photo", "id_card", "answer") for name in gallery.folder.glob(f"{kind}-{student}-*")]
    assert not left

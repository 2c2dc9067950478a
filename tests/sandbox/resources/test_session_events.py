"""What students and proctors do in their browsers: in the demo data, and by the admin route."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from procwise_sandbox import Running, running
from procwise_sandbox.loading import load_description
from tests.sandbox.faulty import Clock
from tests.sandbox.resources.test_student_sessions import ITEM, NOTIFICATION, new_student
from tests.sandbox.sandbox_calls import Caller, Reply, conforms, send

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC).timestamp()


def at(seconds: float) -> str:
    return datetime.fromtimestamp(NOON + seconds, UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Room:
    """A sandbox with an admin route, at noon until its clock is turned."""

    sandbox: Running
    clock: Clock
    demo: Caller

    def event(self, key: object, event: object, **more: object) -> Reply:
        headers = {"Authorization": f"Bearer {self.sandbox.admin_key}"}
        body = json.dumps({"id": key, "event": event, **more}).encode()
        return send(self.sandbox.base_url, "POST", "/admin/student_session", headers, body)

    def after(self, seconds: float, key: int, event: str, **more: object) -> dict[str, Any]:
        """The session after an event so many seconds after noon."""
        self.clock.now = NOON + seconds
        reply = self.event(key, event, **more)
        assert reply.status == 200, reply.content
        return self.show(key)

    def show(self, key: int) -> dict[str, Any]:
        reply = self.demo.call("GET", ITEM, id=key)
        conforms("v3", "showStudentSession", reply)
        result: dict[str, Any] = reply.json["student"]
        return result

    def student(self) -> int:
        exam = self.demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
        return int(new_student(self.demo, exam)["id"])


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    clock = Clock(NOON)
    with running(clock=clock, admin=True) as result:
        yield Room(result, clock, Caller(result.base_url, result.token, result.secret_key, clock=clock))


def test_a_sitting_from_its_beginning_to_its_end(room: Room) -> None:
    key = room.student()
    assert (room.show(key)["incidents"], room.show(key)["incidents_count"]) == ([], 0)
    checked = room.after(0, key, "check")
    assert (checked["status"], checked["webcam_check"], checked["start_time"]) == ("after_check_req", "succeeded", None)
    assert (room.after(1, key, "set_up")["status"], room.show(key)["in_setup"]) == ("in_setup", True)
    assert (room.after(2, key, "leave")["status"], room.show(key)["in_setup"]) == ("exam_not_started", False)
    begun = room.after(60, key, "start")
    assert (begun["status"], begun["start_time"], begun["end_time"]) == ("exam_started", at(60), None)
    assert (begun["recording_started_at"], begun["recording_ended_at"], begun["entered_room"]) == (at(60), None, True)
    noted = room.after(90, key, "incident", comment="Zoë left 😀")
    (incident,) = noted["incidents"]
    assert (incident["comment"], incident["offset_time"], incident["created_at"]) == ("Zoë left 😀", 30, at(90))
    assert (incident["student_session_id"], noted["incidents_count"], noted["status"]) == (key, 1, "exam_started")
    ended = room.after(120, key, "finish")
    assert (ended["status"], ended["start_time"], ended["end_time"]) == ("exam_finished", at(60), at(120))
    assert (ended["recording_ended_at"], ended["updated_at"]) == (at(120), at(120))
    reviewed = room.after(500, key, "incident", offset_time=45)
    assert [content["offset_time"] for content in reviewed["incidents"]] == [30, 45]
    assert (reviewed["incidents_count"], reviewed["end_time"]) == (2, at(120))
    other = room.student()
    room.after(500, other, "start")
    numbers = [content["id"] for content in (*reviewed["incidents"], *room.after(501, other, "incident")["incidents"])]
    assert len(set(numbers)) == 3


def test_end_exam_keeps_when_it_began(room: Room) -> None:
    key = room.student()
    room.after(10, key, "start")
    room.clock.now = NOON + 70
    assert room.demo.call("POST", f"{ITEM}/end_exam", NOTIFICATION, id=key).json["end_time"] == at(70)
    seen = room.show(key)
    assert (seen["status"], seen["start_time"], seen["end_time"]) == ("exam_finished", at(10), at(70))
    assert seen["recording_ended_at"] == at(70)
    room.clock.now = NOON + 80
    assert room.demo.call("POST", f"{ITEM}/end_exam", NOTIFICATION, id=key).json["end_time"] == at(70)
    assert room.show(key) == seen


def test_what_does_not_fit_is_rejected(room: Room) -> None:
    fresh, begun, over = (room.student() for _ in range(3))
    room.after(0, begun, "start")
    room.after(0, over, "start")
    room.after(1, over, "finish")
    before = [room.show(key) for key in (fresh, begun, over)]
    for key, events in ((fresh, ("incident", "finish", "leave")), (begun, ("check", "set_up", "leave", "start"))):
        for event in events:
            assert (room.event(key, event).status, room.event(key, event).code) == (422, "validation_failed")
    for event in ("check", "set_up", "leave", "start", "finish", "end", "", None, ["start"]):
        assert [*room.event(over, event).json["errors"]] == ["event"]
    for faulty in ({"offset_time": -1}, {"offset_time": "1"}, {"offset_time": True}, {"comment": 1}, {"comment": "\0"}):
        assert [*room.event(begun, "incident", **faulty).json["errors"]] == [*faulty]
    for key in (None, "1", True, 0, 2**63, 1.5):
        assert [*room.event(key, "start").json["errors"]] == ["id"]
    assert room.event(999_999, "start").code == "record_not_found"
    assert [room.show(key) for key in (fresh, begun, over)] == before


def test_a_reset_takes_it_back(room: Room) -> None:
    first = room.show(1)
    assert room.after(0, 1, "start") != first
    headers = {"Authorization": f"Bearer {room.sandbox.admin_key}"}
    assert send(room.sandbox.base_url, "POST", "/admin/reset", headers).status == 200
    assert room.show(1) == first


def store(room: Room, **sent: object) -> Reply:
    headers = {"Authorization": f"Bearer {room.sandbox.admin_key}"}
    return send(room.sandbox.base_url, "POST", "/admin/student_file", headers, json.dumps(sent).encode())


def test_a_student_is_given_files(room: Room) -> None:
    exam = room.demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
    key = int(new_student(room.demo, exam)["id"])
    for name, content in (("essay.txt", "x" * 5000), ("a/b?.txt", "second")):
        assert store(room, id=key, kind="answer", name=name, content=content).status == 200
    for content in ("AAAA", "AAAB"):
        photo = {"kind": "face_photo", "name": f"{content}.png", "content": content, "encoding": "base64"}
        assert store(room, id=key, **photo).json == {
            "id": key,
            "kind": "face_photo",
            "name": f"{content}.png",
            "size": 3,
        }
    url = urlsplit(room.demo.call("GET", "/student_sessions/{id}/face_photo", id=key).json["url"])
    assert send(room.sandbox.base_url, "GET", f"{url.path}?{url.query}").content == b"\0\0\x01"
    assert room.demo.call("PUT", "/exams/{id}/generate_exam_documents_zip", id=exam).status == 200
    while room.demo.call("GET", "/exams/{id}/status_exam_documents_zip", id=exam).json["zip_job_status"] != "success":
        time.sleep(0.02)
    content = room.demo.call("GET", "/exams/{id}/download_exam_documents_zip", id=exam).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [f"answers/{key}/b_.txt", f"answers/{key}/essay.txt"]
        assert archive.namelist() == [*names, "index.json"]
        index = json.loads(archive.read("index.json"))
    assert index == [{"student_session_id": key, "status": "registered", "files": names}]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"kind": "other"}, 422),
        ({"name": 1}, 422),
        ({"content": None}, 422),
        ({"content": "!", "encoding": "base64"}, 422),
        ({"content": "a", "encoding": "latin-1"}, 422),
        ({"content": "\ud800"}, 422),
        ({"id": 999_999}, 404),
        ({"id": "1"}, 422),
    ],
)
def test_what_is_no_file_of_a_student(room: Room, sent: dict[str, object], status: int) -> None:
    assert store(room, **{"id": 1, "kind": "answer", "name": "a.txt", "content": "a", **sent}).status == status


def test_only_the_key_moves_a_session(room: Room) -> None:
    body = json.dumps({"id": 1, "event": "start"}).encode()
    assert send(room.sandbox.base_url, "POST", "/admin/student_session", {}, body).code == "unauthorized"


def test_the_demo_has_a_session_in_each_state() -> None:
    (api,) = (api for api in load_description().apis if api.name == "v3")
    displayed = next(operation for operation in api.operations if operation.id == "showStudentSession")
    states = next(content.values for content in displayed.fields if content.name == "status")
    with running() as result:
        demo = Caller(result.base_url, result.token, result.secret_key)
        students = demo.call("GET", "/student_sessions").json["students"]
        for status in states:
            reply = demo.call("GET", "/student_sessions", query={"status": status})
            conforms("v3", "listStudentSessions", reply)
            assert reply.json["students"], status
    for student in students:
        begun = student["status"] in ("exam_started", "exam_finished")
        assert bool(student["start_time"]) == bool(student["incidents"]) == begun
        assert (student["end_time"] or "") > (student["start_time"] or "") or student["status"] != "exam_finished"
        assert student["incidents_count"] == len(student["incidents"])
        assert bool(student["end_time"]) == (student["status"] == "exam_finished")

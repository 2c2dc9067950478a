"""Each fault of lists, storage and answers is there when it is asked for, and the honest sandbox has none of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

import pytest

from procwise_sandbox.faults import FAULTS, SECURITY
from tests.sandbox.faulty import NUMBERS, World, Worlds, is_described
from tests.sandbox.sandbox_calls import Reply, send

PAGES = [f"x-pagination-{name}" for name in ("item-count", "page-count", "page", "limit")]
LONG = "an exam with a name of some length"
NOBODY = 10**9
Seen = object


def paged(here: World) -> Seen:
    """The headers of the second of three pages."""
    _, sought = here.three()
    headers = here.listed(filter=sought, limit=1, page=2).headers
    return [headers.get(name) for name in PAGES]


def items(**query: object) -> Callable[[World], Seen]:
    """Which of three exams a list holds."""

    def look(here: World) -> Seen:
        made, sought = here.three()
        return [made.index(exam["id"]) for exam in here.listed(filter=sought, **query).json["exams"]]

    return look


def narrowed(here: World) -> Seen:
    here.exam(name="seen")
    queries = ({"filter": '{"name": {"eq": "unseen"}}'}, {"status": "deleted"})
    return [bool(here.listed(**query).json["exams"]) for query in queries]


def status(here: World, method: str, path: str, body: Mapping[str, object] | None = None, **ids: object) -> int:
    return here.caller().call(method, path, body, **ids).status


def created(here: World) -> Seen:
    made = here.exam()["id"]
    return here.shown(made).status


def counted(here: World) -> Seen:
    name = f"once {next(NUMBERS)}"
    here.exam(name=name)
    return len(here.listed(filter=json.dumps({"name": {"eq": name}})).json["exams"])


def renamed(here: World) -> Seen:
    made = here.exam(name="old", duration_minutes=60)["id"]
    told = here.caller().call("PATCH", "/exams/{id}", {"name": "new"}, id=made).json["exam"]
    kept = here.shown(made).json["exam"]
    return [told["name"], kept["name"], kept["duration_minutes"]]


def deleted(here: World) -> Seen:
    made = here.exam()["id"]
    return [status(here, "DELETE", "/exams/{id}", id=made), here.shown(made).status]


def stored(text: str) -> Callable[[World], Seen]:
    return lambda here: here.shown(here.exam(name=text)["id"]).json["exam"]["name"]


def uploaded(here: World) -> Seen:
    upload = here.caller().upload("/exams/{exam_id}/attachments", "a.txt", b"0123456789", exam_id=here.exam()["id"])
    return upload.json["attachment"]["document_file_size"]


def posted(*settings: Mapping[str, object]) -> Callable[[World], Seen]:
    return lambda here: [status(here, "POST", "/exams", {"name": "n", "type": "demo", **own}) for own in settings]


def incomplete(here: World) -> Seen:
    return status(here, "POST", "/exams", {})


def job(here: World) -> Seen:
    """What becomes of a job: it is asked until it has ended, or for a good while."""
    exam = here.exam()["id"]
    assert status(here, "PUT", "/exams/{id}/generate_exam_documents_zip", id=exam) == 200
    for _ in range(20):
        told = here.caller().call("GET", "/exams/{id}/status_exam_documents_zip", id=exam).json["zip_job_status"]
        if told in ("success", "failure"):
            break
        time.sleep(0.02)
    return told, status(here, "GET", "/exams/{id}/download_exam_documents_zip", id=exam)


def link(here: World) -> Seen:
    sessions = here.caller().call("GET", "/student_sessions").json["students"]
    url = here.caller().call("GET", "/student_sessions/{id}/face_photo", id=sessions[0]["id"]).json["url"]
    target = url.removeprefix(here.sandbox.base_url)
    fresh = send(here.sandbox.base_url, "GET", target).status
    here.clock.now += 301
    return [fresh, send(here.sandbox.base_url, "GET", target).status]


def exam(look: Callable[[Reply], Seen]) -> Callable[[World], Seen]:
    """Something of an answer, and whether it is as described."""

    def shown(here: World) -> Seen:
        reply = here.shown(1)
        return look(reply), is_described(reply, "showExam")

    return shown


def missing(look: Callable[[Reply], Seen]) -> Callable[[World], Seen]:
    return lambda here: look(here.shown(NOBODY))


def media_type(reply: Reply) -> str:
    return reply.headers["content-type"].partition(";")[0]


def statuses(here: World) -> Seen:
    return [here.listed().status, here.listed(limit=0).status, here.shown(NOBODY).status]


# what the honest sandbox shows, and what the one with the fault shows
CASES: Mapping[str, tuple[Callable[[World], Seen], Seen, Seen]] = {
    "page-count-off-by-one": (paged, ["3", "3", "2", "1"], ["3", "4", "2", "1"]),
    "item-count-of-page": (paged, ["3", "3", "2", "1"], ["1", "3", "2", "1"]),
    "pagination-headers-missing": (paged, ["3", "3", "2", "1"], [None] * 4),
    "page-ignored": (items(limit=2, page=2), [2], [0, 1]),
    "limit-ignored": (items(limit=2), [0, 1], [0, 1, 2]),
    "limit-maximum-ignored": (lambda here: [here.listed(limit=n).status for n in (301, 0)], [422, 422], [200, 422]),
    "newest-not-listed": (items(), [0, 1, 2], [0, 1]),
    "filter-ignored": (narrowed, [False, False], [True, True]),
    "sort-ignored": (items(sort='[{"start_time": "asc"}]'), [2, 1, 0], [0, 1, 2]),
    "create-forgotten": (created, 200, 404),
    "create-doubled": (counted, 1, 2),
    "update-forgotten": (renamed, ["new", "new", 60], ["new", "old", 60]),
    "update-clears-others": (renamed, ["new", "new", 60], ["new", "new", None]),
    "delete-forgotten": (deleted, [200, 404], [200, 200]),
    "text-cut": (stored(LONG), LONG, LONG[:20]),
    "non-ascii-mangled": (stored("Zoë 😀"), "Zoë 😀", "Zo? ?"),
    "upload-cut": (uploaded, 10, 5),
    "500-on-non-ascii": (posted({"name": "Zoë"}, {"name": "Zoe"}), [200, 200], [500, 200]),
    "500-on-long-text": (posted({"name": "n" * 256}, {"name": "n" * 255}), [200, 200], [500, 200]),
    "required-not-checked": (incomplete, 422, 200),
    "enum-not-checked": (posted({"type": "odd"}, {"name": ""}), [422, 422], [200, 422]),
    "length-not-checked": (posted({"type": "odd"}, {"name": ""}), [422, 422], [422, 200]),
    "job-never-ends": (job, ("success", 200), ("running", 404)),
    "job-always-fails": (job, ("success", 200), ("failure", 404)),
    "expired-link-works": (link, [200, 403], [200, 200]),
    "wrong-enum-value": (exam(lambda r: r.json["exam"]["status"]), ("open", True), ("no_such_word", False)),
    "missing-member": (exam(lambda r: "live_proctoring" in r.json["exam"]), (True, True), (False, False)),
    "null-for-required": (exam(lambda r: r.json["exam"]["live_proctoring"]), (False, True), (None, False)),
    "number-as-text": (exam(lambda r: type(r.json["exam"]["id"])), (int, True), (str, False)),
    "moment-without-offset": (exam(lambda r: r.json["exam"]["created_at"][23:]), ("+00:00", True), ("", False)),
    "wrong-envelope": (exam(lambda r: [*r.json]), (["exam"], True), (["data"], False)),
    "wrong-content-type": (missing(media_type), "application/json", "text/plain"),
    "html-error-page": (missing(media_type), "application/json", "text/html"),
    "error-without-code": (missing(lambda r: sorted(r.json)), ["code", "error", "errors"], ["error", "errors"]),
    "200-for-missing-object": (statuses, [200, 422, 404], [200, 422, 200]),
    "400-for-invalid": (statuses, [200, 422, 404], [200, 400, 404]),
    "202-for-success": (statuses, [200, 422, 404], [202, 422, 404]),
}


def test_every_fault_is_tried() -> None:
    assert [*SECURITY, *CASES] == [*FAULTS]
    assert len(CASES) >= 17


@pytest.mark.parametrize("fault", CASES)
def test_the_fault_shows(honest: World, worlds: Worlds, fault: str) -> None:
    look, right, wrong = CASES[fault]
    assert look(honest) == right
    with worlds(fault) as here:
        assert look(here) == wrong


def test_what_cannot_be_there_twice_is_made_once(worlds: Worlds) -> None:
    with worlds("create-doubled") as here:
        student = {"name": "Ada", "email": "ada@student.example"}
        path = "/exams/{exam_id}/student_sessions"
        assert status(here, "POST", path, student, exam_id=here.exam()["id"]) == 200

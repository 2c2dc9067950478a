"""Each fault of lists, storage and responses is there when it is asked for, and the honest sandbox has none of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

import pytest

from procwise_sandbox.faults import FAULTS, SECURITY
from procwise_sandbox.faults.media_types import (
    FAULTS as MEDIA_TYPES,
)  # these have tests with a description that has 415
from procwise_sandbox.faults.messages import FAULTS as MESSAGES
from procwise_sandbox.faults.methods import FAULTS as METHODS
from procwise_sandbox.faults.orphans import FAULTS as ORPHANS
from procwise_sandbox.faults.repeated_members import FAULTS as REPEATED_MEMBERS
from procwise_sandbox.faults.values import FAULTS as VALUES
from tests.proofs import mark_most_slow
from tests.sandbox.faulty import NUMBERS, World, Worlds, is_described
from tests.sandbox.sandbox_calls import Reply, send

PAGES = [f"x-pagination-{name}" for name in ("item-count", "page-count", "page", "limit")]
LONG = "an exam with a name of some length"
NOBODY = 10**9
Seen = object


def page_of(here: World) -> Seen:
    """The headers of the second of three pages."""
    _, sought = here.create_three()
    headers = here.list_exams(filter=sought, limit=1, page=2).headers
    return [headers.get(name) for name in PAGES]


def is_count_of_sought(here: World) -> Seen:
    _, sought = here.create_three()
    return here.list_exams(filter=sought, limit=1).headers[PAGES[0]] == "3"


def page_count(here: World) -> Seen:
    """Of how many pages with two items a list of three is."""
    _, sought = here.create_three()
    return here.list_exams(filter=sought, limit=2).headers[PAGES[1]]


def items(**query: object) -> Callable[[World], Seen]:
    """Which of three exams a list holds."""

    def look(here: World) -> Seen:
        created, sought = here.create_three()
        return [created.index(exam["id"]) for exam in here.list_exams(filter=sought, **query).json["exams"]]

    return look


def filter_exams(here: World) -> Seen:
    here.create_exam(name="seen")
    queries = ({"filter": '{"name": {"eq": "unseen"}}'}, {"status": "deleted"})
    return [bool(here.list_exams(**query).json["exams"]) for query in queries]


def status(here: World, method: str, path: str, body: Mapping[str, object] | None = None, **ids: object) -> int:
    return here.caller().call(method, path, body, **ids).status


def create(here: World) -> Seen:
    created = here.create_exam()["id"]
    return here.show_exam(created).status


def item_count(here: World) -> Seen:
    name = f"once {next(NUMBERS)}"
    here.create_exam(name=name)
    return len(here.list_exams(filter=json.dumps({"name": {"eq": name}})).json["exams"])


def rename(here: World) -> Seen:
    created = here.create_exam(name="old", duration_minutes=60)["id"]
    content = here.caller().call("PATCH", "/exams/{id}", {"name": "new"}, id=created).json["exam"]
    stored = here.show_exam(created).json["exam"]
    return [content["name"], stored["name"], stored["duration_minutes"]]


def delete(here: World) -> Seen:
    created = here.create_exam()["id"]
    return [status(here, "DELETE", "/exams/{id}", id=created), here.show_exam(created).status]


def store(text: str) -> Callable[[World], Seen]:
    return lambda here: here.show_exam(here.create_exam(name=text)["id"]).json["exam"]["name"]


def upload(here: World) -> Seen:
    upload = here.caller().upload(
        "/exams/{exam_id}/attachments", "a.txt", b"0123456789", exam_id=here.create_exam()["id"]
    )
    return upload.json["attachment"]["document_file_size"]


def post_text(*settings: Mapping[str, object]) -> Callable[[World], Seen]:
    return lambda here: [status(here, "POST", "/exams", {"name": "n", "type": "demo", **own}) for own in settings]


def post_numbers(*numbers: int) -> Callable[[World], Seen]:
    return post_text(*({"duration_minutes": number} for number in numbers))


def set_retention(*texts: str) -> Callable[[World], Seen]:
    """The statuses of changes of an institute by a superuser."""

    def look(here: World) -> Seen:
        call = here.caller("superuser").call
        return [call("PATCH", "/institutes/{id}", {"session_retention_period": one}, id=1).status for one in texts]

    return look


def incomplete(here: World) -> Seen:
    return status(here, "POST", "/exams", {})


def job(here: World) -> Seen:
    """What becomes of a job: it is asked until it has ended, or for a good while."""
    exam = here.create_exam()["id"]
    assert status(here, "PUT", "/exams/{id}/generate_exam_documents_zip", id=exam) == 200
    for _ in range(20):
        content = here.caller().call("GET", "/exams/{id}/status_exam_documents_zip", id=exam).json["zip_job_status"]
        if content in ("success", "failure"):
            break
        time.sleep(0.02)
    return content, status(here, "GET", "/exams/{id}/download_exam_documents_zip", id=exam)


def link(here: World) -> Seen:
    sessions = here.caller().call("GET", "/student_sessions").json["students"]
    url = here.caller().call("GET", "/student_sessions/{id}/face_photo", id=sessions[0]["id"]).json["url"]
    target = url.removeprefix(here.sandbox.base_url)
    fresh = send(here.sandbox.base_url, "GET", target).status
    here.clock.now += 301
    return [fresh, send(here.sandbox.base_url, "GET", target).status]


def exam_member(look: Callable[[Reply], Seen]) -> Callable[[World], Seen]:
    """Something of a response, and whether it is as described."""

    def show_exam(here: World) -> Seen:
        reply = here.show_exam(1)
        return look(reply), is_described(reply, "showExam")

    return show_exam


def show_missing(look: Callable[[Reply], Seen]) -> Callable[[World], Seen]:
    return lambda here: look(here.show_exam(NOBODY))


def media_type(reply: Reply) -> str:
    return reply.headers["content-type"].partition(";")[0]


def statuses(here: World) -> Seen:
    return [here.list_exams().status, here.list_exams(limit=0).status, here.show_exam(NOBODY).status]


# what the honest sandbox shows, and what the one with the fault shows
CASES: Mapping[str, tuple[Callable[[World], Seen], Seen, Seen]] = {
    "page-count-off-by-one": (page_of, ["3", "3", "2", "1"], ["3", "4", "2", "1"]),
    "item-count-of-page": (page_of, ["3", "3", "2", "1"], ["1", "3", "2", "1"]),
    "item-count-of-everything": (is_count_of_sought, True, False),
    "page-count-rounded-down": (page_count, "2", "1"),
    "pagination-headers-missing": (page_of, ["3", "3", "2", "1"], [None] * 4),
    "page-ignored": (items(limit=2, page=2), [2], [0, 1]),
    "limit-ignored": (items(limit=2), [0, 1], [0, 1, 2]),
    "limit-maximum-ignored": (lambda here: [here.list_exams(limit=n).status for n in (301, 0)], [422, 422], [200, 422]),
    "newest-not-listed": (items(), [0, 1, 2], [0, 1]),
    "pages-swapped": (items(limit=2, page=1), [0, 1], [2]),
    "pages-overlap": (items(limit=2, page=2), [2], [1]),
    "pages-go-on": (items(limit=2, page=3), [], [0, 1]),
    "filter-ignored": (filter_exams, [False, False], [True, True]),
    "sort-ignored": (items(sort='[{"start_time": "asc"}]'), [2, 1, 0], [0, 1, 2]),
    "create-forgotten": (create, 200, 404),
    "create-doubled": (item_count, 1, 2),
    "update-forgotten": (rename, ["new", "new", 60], ["new", "old", 60]),
    "update-clears-others": (rename, ["new", "new", 60], ["new", "new", None]),
    "delete-forgotten": (delete, [200, 404], [200, 200]),
    "text-cut": (store(LONG), LONG, LONG[:20]),
    "non-ascii-mangled": (store("Zoë 😀"), "Zoë 😀", "Zo? ?"),
    "upload-cut": (upload, 10, 5),
    "500-on-non-ascii": (post_text({"name": "Zoë"}, {"name": "Zoe"}), [200, 200], [500, 200]),
    "500-on-long-text": (post_text({"name": "n" * 256}, {"name": "n" * 255}), [200, 200], [500, 200]),
    "required-not-checked": (incomplete, 422, 200),
    "enum-not-checked": (post_text({"type": "odd"}, {"name": ""}), [422, 422], [200, 422]),
    "length-not-checked": (post_text({"type": "odd"}, {"name": ""}), [422, 422], [422, 200]),
    "pattern-not-checked": (set_retention("90 days", "90"), [422, 200], [200, 200]),
    "bounds-not-checked": (post_numbers(0, 1), [422, 200], [200, 200]),
    "job-never-ends": (job, ("success", 200), ("running", 404)),
    "job-always-fails": (job, ("success", 200), ("failure", 404)),
    "expired-link-works": (link, [200, 403], [200, 200]),
    "wrong-enum-value": (exam_member(lambda r: r.json["exam"]["status"]), ("open", True), ("no_such_word", False)),
    "missing-member": (exam_member(lambda r: "live_proctoring" in r.json["exam"]), (True, True), (False, False)),
    "null-for-required": (exam_member(lambda r: r.json["exam"]["live_proctoring"]), (False, True), (None, False)),
    "number-as-text": (exam_member(lambda r: type(r.json["exam"]["id"])), (int, True), (str, False)),
    "moment-without-offset": (exam_member(lambda r: r.json["exam"]["created_at"][23:]), ("+00:00", True), ("", False)),
    "wrong-envelope": (exam_member(lambda r: [*r.json]), (["exam"], True), (["data"], False)),
    "wrong-content-type": (show_missing(media_type), "application/json", "text/plain"),
    "html-error-page": (show_missing(media_type), "application/json", "text/html"),
    "error-without-code": (show_missing(lambda r: sorted(r.json)), ["code", "error", "errors"], ["error", "errors"]),
    "200-for-missing-object": (statuses, [200, 422, 404], [200, 422, 200]),
    "400-for-invalid": (statuses, [200, 422, 404], [200, 400, 404]),
    "202-for-success": (statuses, [200, 422, 404], [202, 422, 404]),
}


def test_every_fault_is_tried() -> None:
    apart = (*VALUES, *MESSAGES, *METHODS, *ORPHANS, *MEDIA_TYPES, *REPEATED_MEMBERS)
    assert sorted([*SECURITY, *CASES, *apart]) == sorted(FAULTS)
    assert len(CASES) >= 17


@pytest.mark.parametrize("fault", mark_most_slow(CASES, 3))
def test_the_fault_shows(honest: World, worlds: Worlds, fault: str) -> None:
    look, right, wrong = CASES[fault]
    assert look(honest) == right
    with worlds(fault) as here:
        assert look(here) == wrong


def test_what_cannot_be_there_twice_is_made_once(worlds: Worlds) -> None:
    with worlds("create-doubled") as here:
        student = {"name": "Ada", "email": "ada@student.example"}
        path = "/exams/{exam_id}/student_sessions"
        assert status(here, "POST", path, student, exam_id=here.create_exam()["id"]) == 200

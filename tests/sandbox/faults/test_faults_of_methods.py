"""Faults of methods and of what lay below a deleted object are there when asked for, and only then."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pytest

from procwise_sandbox.faults.methods import FAULTS as OF_METHODS
from procwise_sandbox.faults.orphans import FAULTS as OF_ORPHANS
from tests.proofs import mark_most_slow
from tests.sandbox.faulty import NUMBERS, World, Worlds
from tests.sandbox.sandbox_calls import send

Seen = object
EXAM_WITH_ZIP = 1
OVERRIDE = "x-http-method-override"


def methods(name: str) -> Callable[[World], Seen]:
    """The statuses of a method on an exam, on the exams, and on the attachments of an exam."""

    def look(here: World) -> Seen:
        body = {} if name != "DELETE" else None
        paths = ("/exams/{id}",) if name == "POST" else ("/exams", "/exams/{exam_id}/attachments")
        return [here.caller().call(name, path, body, id=1, exam_id=1).status for path in paths]

    return look


def delete_by(method: str, place: str) -> Callable[[World], Seen]:
    """Whether an exam is gone after another method with DELETE in that place."""

    def look(here: World) -> Seen:
        exam, caller = here.create_exam()["id"], here.caller()
        query = {"_method": "DELETE"} if place == "query" else {}
        body = {"_method": "DELETE"} if place == "body" else {}
        sent = {**query, **caller.stamp()}
        signature = caller.sign({**body, **sent}, path={"id": exam})["signature"]
        headers = {"content-type": "application/json", **caller.authorization}
        headers |= {OVERRIDE: "DELETE"} if place == "header" else {}
        target = f"/api/v3/exams/{exam}?{urlencode({**sent, 'signature': signature})}"
        send(here.sandbox.base_url, method, target, headers, json.dumps(body).encode() if method != "GET" else None)
        return here.show_exam(exam).status == 404

    return look


def look_below(here: World) -> Seen:
    """The statuses of a student and an attachment of a deleted exam, and whether the list of all holds the student."""
    exam, call = here.create_exam()["id"], here.caller().call
    student = {"name": "Ada", "email": f"ada{next(NUMBERS)}@student.example"}
    session = next(iter(call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam).json.values()))["id"]
    file = here.caller().upload("/exams/{exam_id}/attachments", "a.txt", b"0123456789", exam_id=exam)
    attachment = file.json["attachment"]["id"]
    assert call("DELETE", "/exams/{id}", id=exam).status == 200
    listed = next(iter(call("GET", "/student_sessions").json.values()))
    return [
        call("GET", "/student_sessions/{id}", id=session).status,
        call("GET", "/exams/{exam_id}/attachments/{id}", exam_id=exam, id=attachment).status,
        session in {one["id"] for one in listed},
    ]


# what the honest sandbox shows, and what the one with the fault shows
CASES: Mapping[str, tuple[Callable[[World], Seen], Seen, Seen]] = {
    "undescribed-put-accepted": (methods("PUT"), [405, 405], [200, 200]),
    "undescribed-post-accepted": (methods("POST"), [405], [200]),
    "undescribed-patch-accepted": (methods("PATCH"), [405, 405], [200, 200]),
    "undescribed-delete-accepted": (methods("DELETE"), [405, 405], [200, 200]),
    "list-of-object-deletable": (methods("DELETE"), [405, 405], [405, 200]),
    "list-of-object-replaceable": (methods("PUT"), [405, 405], [405, 200]),
    "method-taken-from-header": (delete_by("POST", "header"), False, True),
    "method-taken-from-query": (delete_by("GET", "query"), False, True),
    "method-taken-from-body": (delete_by("PATCH", "body"), False, True),
    "orphan-shown": (look_below, [404, 404, False], [200, 404, False]),
    "orphan-shown-below": (look_below, [404, 404, False], [404, 200, False]),
    "orphan-listed": (look_below, [404, 404, False], [404, 404, True]),
}


def test_every_fault_is_tried() -> None:
    assert [*CASES] == [*OF_METHODS, *OF_ORPHANS]


@pytest.mark.parametrize("fault", mark_most_slow(CASES, 3))
def test_the_fault_shows(honest: World, worlds: Worlds, fault: str) -> None:
    look, right, wrong = CASES[fault]
    assert look(honest) == right
    with worlds(fault) as here:
        assert look(here) == wrong


def test_a_file_is_sent_to_its_end_where_a_fault_reads_the_request_first(worlds: Worlds) -> None:
    """A response that lasts asks whether its reader is still there: that a request came once more is no answer."""
    with worlds("method-taken-from-query") as here:
        reply = here.caller().call("GET", "/exams/{id}/download_exam_documents_zip", id=EXAM_WITH_ZIP)
        assert (reply.status, reply.content[:2]) == (200, b"PK")

"""Documents: the instructions that open an exam, whichever version writes them."""

from __future__ import annotations

import pytest

from tests.sandbox.sandbox_calls import Caller, NewExam

PATH = "/exams/{exam_id}/documents"
ITEM = f"{PATH}/{{id}}"


def test_the_life_of_a_document(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam, other = new_exam()["id"], new_exam()["id"]
    assert demo.call("GET", PATH, exam_id=exam).json == {"documents": []}
    created = demo.call("POST", PATH, {"exam_content": "<p>Read.</p>"}, exam_id=exam).json["document"]
    assert (created["exam_content"], created["exam_id"], created["file_file_name"]) == ("<p>Read.</p>", exam, None)
    assert demo.call("GET", "/exams/{id}", id=exam).json["exam"]["status"] == "open"
    assert demo.call("GET", "/exams/{id}", id=other).json["exam"]["status"] == "draft"
    ids = {"exam_id": exam, "id": created["id"]}
    assert demo.call("GET", ITEM, **ids).json["document"] == created
    assert demo.call("GET", PATH, exam_id=exam).json == {"document": created, "documents": [created]}
    later = demo.call("POST", PATH, {"exam_content": "More."}, exam_id=exam).json["document"]
    assert demo.call("GET", PATH, exam_id=exam).json == {"document": created, "documents": [created, later]}
    for method in ("PATCH", "PUT"):
        changed = demo.call(method, ITEM, {"exam_content": method}, **ids).json["document"]
        assert changed["exam_content"] == method
    assert demo.call("PATCH", ITEM, {"exam_content": ""}, **ids).code == "parameter_missing"
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        body = {"exam_content": "x"} if method[0] == "P" else None
        for caller, above in ((second, exam), (demo, other)):
            assert caller.call(method, ITEM, body, exam_id=above, id=created["id"]).code == "record_not_found"
    assert second.call("GET", PATH, exam_id=exam).code == "record_not_found"
    assert demo.call("DELETE", ITEM, **ids).json == {}
    assert demo.call("GET", PATH, exam_id=exam).json["document"] == later


def test_instructions_of_the_older_version_are_a_document(demo: Caller, older: Caller) -> None:
    sent = {"name": "n", "type": "local_reviewing", "exam_content": "First."}
    exam = older.call("POST", "/exams", sent).json["exam"]["id"]
    (document,) = demo.call("GET", PATH, exam_id=exam).json["documents"]
    assert document["exam_content"] == "First."
    older.call("PATCH", "/exams/{id}", {"exam_content": "Second."}, id=exam)
    (changed,) = demo.call("GET", PATH, exam_id=exam).json["documents"]
    assert (changed["id"], changed["exam_content"]) == (document["id"], "Second.")
    empty = older.call("POST", "/exams", {"name": "n", "type": "local_reviewing"}).json["exam"]["id"]
    older.call("PUT", "/exams/{id}", {"exam_content": "Later."}, id=empty)
    assert demo.call("GET", PATH, exam_id=empty).json["document"]["exam_content"] == "Later."
    assert demo.call("GET", "/exams/{id}", id=empty).json["exam"]["status"] == "open"


@pytest.mark.parametrize("sent", [1781506800, 1781506800000, 1781506800999])
def test_an_update_of_the_older_version_takes_seconds_and_milliseconds(older: Caller, demo: Caller, sent: int) -> None:
    exam = older.call("POST", "/exams", {"name": "n", "type": "local_reviewing"}).json["exam"]["id"]
    for method in ("PATCH", "PUT"):
        content = older.call(method, "/exams/{id}", {"start_time": sent, "end_time": sent}, id=exam).json["exam"]
        assert (content["start_time"], content["end_time"]) == (1781506800, 1781506800)
    seen = demo.call("GET", "/exams/{id}", id=exam).json["exam"]["start_time"]
    assert seen == f"2026-06-15T07:00:00.{'999' if sent % 1000 == 999 and sent > 10**12 else '000'}+00:00"
    far = older.call("PATCH", "/exams/{id}", {"start_time": 10**18}, id=exam)
    assert (far.status, far.json["errors"]) == (422, {"start_time": ["is out of range"]})

"""How far an exam has come: a draft without instructions, open with them, closed once its latest start has passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from procwise_sandbox import running
from tests.sandbox.faulty import Clock
from tests.sandbox.sandbox_calls import Caller

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC).timestamp()
HOUR = 3600
EXAM = "/exams/{id}"
DOCUMENTS = "/exams/{exam_id}/documents"


@dataclass(frozen=True)
class Hall:
    """A sandbox without exams, at noon until its clock is turned."""

    clock: Clock
    demo: Caller

    def exam(self, *, ends: float | None = None, instructed: bool = True) -> int:
        limit = {} if ends is None else {"end_time": int(ends)}
        sent = {"name": "An exam", "type": "record_review", "start_time": int(NOON) - 3 * HOUR, **limit}
        exam = self.demo.call("POST", "/exams", sent).json["exam"]["id"]
        if instructed:
            self.instruct(exam)
        return int(exam)

    def instruct(self, exam: int) -> int:
        created = self.demo.call("POST", DOCUMENTS, {"exam_content": "Read."}, exam_id=exam)
        return int(created.json["document"]["id"])

    def status(self, exam: int) -> str:
        """As the exam and the lists of all states show it, which must agree."""
        displayed = self.demo.call("GET", EXAM, id=exam).json["exam"]["status"]
        lists = {status: self.list_exams(status=status) for status in ("draft", "open", "closed", "deleted")}
        assert [status for status, result in lists.items() if exam in result] == [displayed]
        assert all(content["status"] == status for status, result in lists.items() for content in result.values())
        return str(displayed)

    def list_exams(self, **query: object) -> dict[int, dict[str, Any]]:
        reply = self.demo.call("GET", "/exams", query=query)
        result = {exam["id"]: exam for exam in reply.json["exams"]}
        assert reply.headers["x-pagination-item-count"] == str(len(result))
        return result


@pytest.fixture
def hall() -> Iterator[Hall]:
    clock = Clock(NOON)
    with running(clock=clock, seed="empty") as result:
        yield Hall(clock, Caller(result.base_url, result.token, result.secret_key, clock=clock))


def test_an_exam_closes_when_its_latest_start_has_passed(hall: Hall) -> None:
    exam, endless = hall.exam(ends=NOON), hall.exam()
    assert hall.status(exam) == "open"
    hall.clock.now = NOON + 0.001
    assert hall.status(exam) == "closed"
    assert hall.status(endless) == "open"
    hall.clock.now = NOON + 1000 * 24 * HOUR
    assert hall.status(endless) == "open"
    assert hall.list_exams().keys() == {exam, endless}


def test_an_exam_that_is_over_is_closed_at_once(hall: Hall) -> None:
    exam = hall.exam(ends=NOON - HOUR, instructed=False)
    assert hall.status(exam) == "draft"
    hall.instruct(exam)
    assert hall.status(exam) == "closed"


def test_a_later_end_opens_it_again(hall: Hall) -> None:
    exam = hall.exam(ends=NOON - HOUR)
    changed = hall.demo.call("PATCH", EXAM, {"end_time": int(NOON) + HOUR}, id=exam)
    assert changed.json["exam"]["status"] == "open"
    assert hall.status(exam) == "open"
    changed = hall.demo.call("PATCH", EXAM, {"end_time": int(NOON) - 1}, id=exam)
    assert changed.json["exam"]["status"] == "closed"


@pytest.mark.parametrize("ends", [None, NOON - HOUR])
def test_without_its_last_instructions_it_is_a_draft_again(hall: Hall, ends: float | None) -> None:
    exam, other = hall.exam(instructed=False, ends=ends), hall.exam()
    first, second = hall.instruct(exam), hall.instruct(exam)
    before = hall.status(exam)
    for document, status in ((first, before), (second, "draft")):
        hall.demo.call("DELETE", f"{DOCUMENTS}/{{id}}", exam_id=exam, id=document)
        assert hall.status(exam) == status
    assert hall.status(other) == "open"
    hall.instruct(exam)
    assert hall.status(exam) == before


def test_a_deleted_exam_is_in_no_list(hall: Hall) -> None:
    exam = hall.exam()
    assert hall.demo.call("DELETE", EXAM, id=exam).json == {}
    for query in ({}, {"status": "deleted"}):
        assert exam not in hall.list_exams(**query)
    assert hall.demo.call("GET", EXAM, id=exam).status == 404


def test_the_exams_of_the_demo_are_what_their_status_says() -> None:
    with running() as result:
        demo = Caller(result.base_url, result.token, result.secret_key)
        for exam in demo.call("GET", "/exams").json["exams"]:
            instructed = bool(demo.call("GET", DOCUMENTS, exam_id=exam["id"]).json["documents"])
            assert instructed == (exam["status"] != "draft")

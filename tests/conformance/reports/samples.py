"""Reports that no server was asked for: what each form has to show, with texts of a test's choice."""

from __future__ import annotations

from typing import Any

from procwise_conformance.results import (
    ADVISORY,
    ERROR,
    FAILED,
    FULL,
    HOLE,
    MUST,
    PASSED,
    SHOULD,
    SKIPPED,
    Need,
    Reached,
    Report,
    Result,
)

SHOW, LIST, CREATE = "GET /exams/{id}", "GET /exams", "POST /exams"


def make_result(id_: str = "SIG-006 showExam", **values: Any) -> Result:
    """A passed check of the signature, unless the values say otherwise."""
    usual = {
        "layer": "signature",
        "check": "signature of another request",
        "operation": SHOW,
        "level": MUST,
        "clause": "x-signing.digest",
        "status": PASSED,
    }
    return Result(id=id_, **{**usual, **values})


def make_finding(id_: str = "SIG-006 showExam", text: str = "", **values: Any) -> Result:
    """A failed check; `text` stands wherever something of a server may stand."""
    usual = {
        "status": FAILED,
        "expected": f"refused with 401 or 403{text}",
        "observed": f"200 application/json{text}",
        "request": f"# set TOKEN\ncurl -gsS 'http://127.0.0.1:8080/api/v3/exams/1'{text}",
        "answer": f'{{"exam": {{"id": 1}}}}{text}',
        "cause": f"the signature is not compared{text}",
        "detail": text,
    }
    return make_result(id_, **{**usual, **values})


def make_reached(operation: str, text: str = "", *, exercised: bool = True) -> Reached:
    return Reached(
        operation=operation,
        exercised=exercised,
        why="" if exercised else f"every request was refused: 403 (7){text}",
        requests=9,
        statuses={"200": 2, "403": 7} if exercised else {"403": 7},
        unanswered=(404, 422),
        parameters=4,
        unsent={f"sort{text}": "never sent"},
        values=3,
        untried={f"status=open{text}": "refused: 422 (1)"},
        needs="" if exercised else "--ids exam_id=…",
    )


def make_report(*results: Result, text: str = "", **values: Any) -> Report:
    """A report of these results, or of one of each kind."""
    usual = {
        "api": "v3",
        "title": "ProctorExam API",
        "url": f"http://127.0.0.1:8080/api/v3{text}",
        "profile": FULL,
        "seed": 7,
        "max_examples": 25,
        "started": "2026-11-30T02:00:00+00:00",
        "seconds": 41.5,
        "operations": (SHOW, LIST, CREATE),
        "results": results or make_kinds(text),
        "coverage": (make_reached(SHOW, text), make_reached(LIST, text), make_reached(CREATE, text, exercised=False)),
        "sources": {SHOW: f"the page of exams (documented){text}"},
        "notes": (f"not removed: exam 7{text}",),
        "needs": (
            Need(options="--ids exam_id=…", why=f"it never responded with success{text}", untried={CREATE: ()}),
            Need(options="", why=f"404 for the first request{text}", untried={LIST: ("SIG-009", "SIG-010")}),
        ),
    }
    return Report(**{**usual, **values})


def make_kinds(text: str = "") -> tuple[Result, ...]:
    """A result of each kind: two broken MUSTs of one cause, a SHOULD, a known one, and all that is no finding."""
    return (
        make_finding("SIG-006 showExam", text),
        make_finding("SIG-064 showExam", text, request=""),
        make_finding(
            "SCH-005 listExams", text, layer="schema", operation=LIST, check="response schema", clause="responses"
        ),
        make_finding("MOD-041 createExam", text, layer="model", operation=CREATE, level=SHOULD, clause="responses.422"),
        make_finding("SIG-010 listExams", text, operation=LIST, clause="x-signing.timestamp", known=f"in spring{text}"),
        make_finding("SIG-011 listExams", text, operation=LIST, clause="x-signing.nonce", expired=f"ended{text}"),
        make_result("SIG-001 listExams", operation=LIST, check=f"valid request{text}"),
        make_result(
            "SIG-192 listExams",
            operation=LIST,
            level=ADVISORY,
            clause="x-signing.message",
            expected=f"the method is not signed{text}",
            observed=f"200{text}: {HOLE}",
        ),
        make_result("SIG-009 listExams", operation=LIST, status=SKIPPED, observed=f"404 for the first request{text}"),
        make_result("RUN-001 model/x", layer="run", clause="", operation="x", status=ERROR, observed=f"KeyError{text}"),
    )

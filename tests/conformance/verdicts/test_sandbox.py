"""The sandbox of this toolkit conforms to the description that both were written from."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conformance.servers.sandbox_runs import run_suite_against, sandbox
from tests.proofs import FULL, mark_slow

EXAMPLES = "50" if FULL else "5"


WHOLE = ("--workers", "2", "--max-examples", EXAMPLES)
FEW = ("--max-examples", "1", "--operations")


@pytest.mark.parametrize(
    ("version", "options"),
    [
        mark_slow("v3", WHOLE),
        mark_slow("v1", WHOLE),
        mark_slow("v3", (*FEW, "createDocument")),
        ("v1", (*FEW, "listExams")),
    ],
)
def test_conforms(tmp_path: Path, version: str, options: tuple[str, ...]) -> None:
    with sandbox(tmp_path / "files") as started:
        outcome = run_suite_against(started, tmp_path, "--api", version, *options)
    assert (outcome.code, outcome.broken_ids(), outcome.broken_ids("SHOULD")) == (0, set(), set()), outcome.output
    assert not [note for note in outcome.report["notes"] if "refused" in note or "not removed" in note]


ONE_EXAM = ("--operations", "createExam,showExam", "--include-check", "SCH-*", "--max-examples", "3")


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        mark_slow("token-missing-accepted", {"SCH-011 createExam", "SCH-011 showExam"}),
        mark_slow("foreign-tenant-readable", {"SCH-012 showExam"}),
    ],
)
def test_probes_of_the_engine_are_signed(tmp_path: Path, fault: str, found: set[str]) -> None:
    """Unsigned, they would be refused for that, and find nothing."""
    with sandbox(tmp_path / "files", "--fault", fault) as started:
        outcome = run_suite_against(started, tmp_path, *ONE_EXAM)
    assert outcome.broken_ids() == found, outcome.output


@pytest.mark.slow
def test_a_second_user_who_is_unknown_finds_nothing_right(tmp_path: Path) -> None:
    """The server shows everybody everything, and only who is let in can see that."""
    few = ("--operations", "showExam,listExams", "--include-check", "MOD-07*")
    with sandbox(tmp_path / "files", "--fault", "foreign-tenant-readable") as started:
        unknown = run_suite_against(started, tmp_path, *few, SECOND_TOKEN="planted")  # a token of nobody
        known = run_suite_against(started, tmp_path, *few)
    assert (unknown.code, unknown.output) == (2, "")
    assert "refused the second user's token (401): check the environment variable" in unknown.errors
    assert (known.code, known.broken_ids()) == (1, {"MOD-070 showExam"})


@pytest.mark.slow
def test_a_file_that_nobody_had_made_is_not_looked_for(tmp_path: Path) -> None:
    """Its 404 says nothing of the exam, which was created for certain."""
    few = ("--operations", "createExam,downloadExamDocumentsZip", "--include-check", "SCH-*", "--max-examples", "10")
    with sandbox(tmp_path / "files") as started:
        outcome = run_suite_against(started, tmp_path, *few)
    assert (outcome.code, outcome.findings) == (0, []), outcome.output
    download = "GET /exams/{id}/download_exam_documents_zip"
    (reached,) = [one for one in outcome.report["coverage"] if one["operation"] == download]
    assert reached["statuses"]["404"] > 0


@pytest.mark.slow
def test_a_body_of_white_space_is_nothing_to_be_rejected(tmp_path: Path) -> None:
    """The engine calls it broken JSON; this seed makes one, which a server may take for no body."""
    few = ("--operations", "updateToolProvider,updateExam,replaceUser", "--include-check", "SCH-007")
    with sandbox(tmp_path / "files") as started:
        outcome = run_suite_against(started, tmp_path, *few, "--max-examples", "100", "--seed", "3")
    assert (outcome.code, outcome.findings) == (0, []), outcome.output


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["update-forgotten", mark_slow("delete-forgotten"), mark_slow("create-forgotten")])
def test_any_order_of_requests_shows_what_the_model_does_not_say(tmp_path: Path, fault: str) -> None:
    few = ("--operations", "*Exam", "--include-check", "MOD-024")
    with sandbox(tmp_path / "files", "--fault", fault) as started:
        outcome = run_suite_against(started, tmp_path, *few)
    assert outcome.broken_ids() == {"MOD-024 showExam"}, outcome.output
    assert "created" in outcome.findings[0]["observed"]


@pytest.mark.slow
def test_what_came_of_requests_without_a_response_is_found_and_removed(tmp_path: Path) -> None:
    """Every tenth request is carried out, and its response lost."""
    few = ("--operations", "*Exam,*Exams", "--include-check", "MOD-*")
    database = tmp_path / "state.db"
    lossy = ("--network", "lose=0.1", "--seed", "empty", "--database", f"sqlite:///{database}")
    with sandbox(tmp_path / "files", *lossy) as started:
        outcome = run_suite_against(started, tmp_path, *few)
    assert any("no response" in finding["observed"] for finding in outcome.findings), outcome.output
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("SELECT name FROM exams").fetchall() == []


FEW_OF_THE_CLOCK = ("--operations", "listExams", "--include-check", "SIG-01*,SIG-16*")


@pytest.mark.slow
@pytest.mark.parametrize(("offset", "words"), [("+50m", "ahead of"), mark_slow("-50m", "behind")])
def test_a_clock_that_is_off_is_reported_and_no_window_blamed(tmp_path: Path, offset: str, words: str) -> None:
    with sandbox(tmp_path / "files", "--clock", offset) as started:
        outcome = run_suite_against(started, tmp_path, *FEW_OF_THE_CLOCK)
    assert (outcome.code, outcome.findings) == (0, []), outcome.output
    tried = {result["check"] for result in outcome.report["results"] if result["status"] == "passed"}
    assert {"timestamp just old enough", "timestamp too old", "timestamp too new"} <= tried
    (note,) = [note for note in outcome.report["notes"] if "clock" in note]
    (seconds,) = [int(word) for word in note.split() if word.isdecimal() and word != "3600"]
    assert words in note
    assert 2990 <= seconds <= 3010


@pytest.mark.parametrize("offset", [mark_slow("+2h"), "-2h"])
def test_a_clock_beyond_the_window_is_named(tmp_path: Path, offset: str) -> None:
    with sandbox(tmp_path / "files", "--clock", offset) as started:
        outcome = run_suite_against(started, tmp_path)
    assert outcome.code == 2
    assert "the clock is why" in outcome.errors
    assert "secret key" not in outcome.errors

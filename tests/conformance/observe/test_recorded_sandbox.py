"""Real traffic of the sandbox, recorded: nothing is found in an honest one, and its faults are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.observe.conftest import SECOND, Observe, keys, record, save
from tests.proofs import mark_most_slow, mark_slow
from tests.sandbox.http.test_every_operation import call_every_operation
from tests.sandbox.sandbox_calls import Caller

EXAM = {"name": "An exam", "type": "record_review", "duration_minutes": 45}
Users = Callable[[str], Caller]


def use_exam(users: Users) -> None:
    """An exam from its creation to its deletion, and a user of another institute who looks for it."""
    demo, second = users("demo"), users("second")
    created = demo.call("POST", "/exams", EXAM)
    number = next(iter(json.loads(created.content).values()))["id"]
    demo.call("GET", "/exams/{id}", id=number)
    demo.call("PATCH", "/exams/{id}", {"name": "Another name", "duration_minutes": 50}, id=number)
    demo.call("GET", "/exams/{id}", id=number)
    for page in (1, 2):
        demo.call("GET", "/exams", query={"limit": 2, "page": page})
    demo.call("GET", "/exams")
    demo.call("GET", "/exams/{id}", id=999999)
    second.call("POST", "/exams", {**EXAM, "name": "Theirs"})
    second.call("GET", "/exams/{id}", id=number)
    second.call("GET", "/exams")
    second.call("PATCH", "/exams/{id}", {"name": "Taken"}, id=number)
    demo.call("DELETE", "/exams/{id}", id=number)
    demo.call("GET", "/exams/{id}", id=number)
    demo.call("GET", "/exams")


def sign_badly(users: Users) -> None:
    """A nonce that comes twice, a timestamp of long ago, a signature with another key, and none."""
    demo = users("demo")
    number = next(iter(demo.call("POST", "/exams", EXAM).json.values()))["id"]
    demo.call("GET", "/exams/{id}", id=number)
    for over in ({"nonce": "again"}, {"nonce": "again"}, {"timestamp": 1_700_000_000_000}, {"timestamp": ""}):
        demo.call("GET", "/exams/{id}", over=over, id=number)
    Caller(demo.base_url, demo.token, "planted-other-key").call("GET", "/exams/{id}", id=number)


@pytest.mark.parametrize("api", [mark_slow("v1"), "v3"])
def test_nothing_is_found_in_every_operation_of_the_honest_sandbox(
    observe: Observe, tmp_path: Path, api: str, every_operation: tuple[dict[str, str], Path]
) -> None:
    credentials, recording = every_operation
    outcome = observe(recording, "--api", api, **credentials)
    assert (outcome.code, outcome.findings) == (0, []), outcome.output
    assert [one["operation"] for one in outcome.report["coverage"] if not one["exercised"]] == []


@pytest.fixture(scope="module")
def every_operation(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], Path]:
    folder = tmp_path_factory.mktemp("every")
    with record(files=folder / "files", job_seconds=0.15) as (sandbox, users, passed):
        call_every_operation(users("superuser"))
    own = {"PROCWISE_TOKEN": sandbox.superuser.token, "PROCWISE_SECRET_KEY": sandbox.superuser.secret_key}
    return own, save(folder / "every.har", passed)


def test_nothing_is_found_in_an_honest_exam(observe: Observe, tmp_path: Path) -> None:
    with record(files=tmp_path / "files") as (sandbox, users, passed):
        use_exam(users)
    for dialect in ("chrome", "firefox", "mitmproxy", "insomnia", "compressed"):
        outcome = observe(save(tmp_path / f"{dialect}.har", passed, dialect), *SECOND, **keys(sandbox))
        assert (outcome.code, outcome.findings) == (0, []), outcome.output
    assert "verified" not in " ".join(outcome.report["notes"])


FAULTS: tuple[tuple[str, str, str], ...] = (
    ("delete-forgotten", "MUST", "MOD-020 showExam"),
    ("update-forgotten", "MUST", "MOD-010 updateExam"),
    ("update-returns-old", "MUST", "MOD-016 updateExam"),
    ("create-forgotten", "MUST", "MOD-001 showExam"),
    ("newest-not-listed", "MUST", "MOD-031 listExams"),
    ("foreign-tenant-readable", "MUST", "MOD-070 showExam"),
    ("foreign-tenant-listed", "MUST", "MOD-072 listExams"),
    ("foreign-tenant-writable", "MUST", "MOD-071 updateExam"),
    ("page-ignored", "MUST", "MOD-031 listExams"),
    ("limit-ignored", "MUST", "MOD-032 listExams"),
    ("page-count-off-by-one", "MUST", "MOD-031 listExams"),
    ("pagination-headers-missing", "MUST", "OBS-005 listExams"),
    ("number-as-text", "MUST", "MOD-102 showExam"),
    ("wrong-content-type", "MUST", "MOD-101 showExam"),
    ("html-error-page", "MUST", "MOD-096 showExam"),
    ("error-without-code", "SHOULD", "MOD-097 showExam"),
    ("202-for-success", "MUST", "OBS-004 showExam"),
    ("secret-key-shown", "SHOULD", "MOD-104 showExam"),
)


@pytest.mark.parametrize(("fault", "level", "id_"), mark_most_slow(FAULTS, 3))
def test_a_fault_is_found_in_the_recording(observe: Observe, tmp_path: Path, fault: str, level: str, id_: str) -> None:
    with record((fault,), files=tmp_path / "files") as (sandbox, users, passed):
        use_exam(users)
    outcome = observe(save(tmp_path / "fault.har", passed), *SECOND, **keys(sandbox))
    assert id_ in outcome.broken_ids(level), outcome.output
    assert outcome.code == (1 if level == "MUST" else 0)


def test_mistakes_of_a_signer_are_the_clients(observe: Observe, tmp_path: Path) -> None:
    with record(files=tmp_path / "files") as (sandbox, users, passed):
        sign_badly(users)
    outcome = observe(save(tmp_path / "signed.har", passed), **keys(sandbox))
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    found = sorted(one["observed"].partition(": ")[2] for one in outcome.findings if one["id"] == "OBS-010 showExam")
    assert found[0].startswith("the nonce was used before")
    assert found[1] == "the signature is wrong"
    assert found[2].endswith("seconds off")
    assert found[3] == "timestamp missing"


SIGNATURE_FAULTS: tuple[tuple[str, str], ...] = (
    ("nonce-reuse-accepted", "OBS-013 showExam"),
    ("timestamp-ignored", "OBS-014 showExam"),
    ("signature-ignored", "OBS-011 showExam"),
    ("timestamp-missing-accepted", "OBS-011 showExam"),
)


@pytest.mark.parametrize(("fault", "id_"), mark_most_slow(SIGNATURE_FAULTS, 2))
def test_what_a_server_accepts_wrongly_is_its_fault(observe: Observe, tmp_path: Path, fault: str, id_: str) -> None:
    with record((fault,), files=tmp_path / "files") as (sandbox, users, passed):
        sign_badly(users)
    outcome = observe(save(tmp_path / "fault.har", passed), **keys(sandbox))
    assert (outcome.code, outcome.broken_ids()) == (1, {id_}), outcome.output


def test_a_right_signature_that_is_refused_is_the_servers_fault(observe: Observe, tmp_path: Path) -> None:
    with record(("non-ascii-refused",), files=tmp_path / "files") as (sandbox, users, passed):
        users("demo").call("POST", "/exams", {**EXAM, "name": "Prüfung"})
    outcome = observe(save(tmp_path / "fault.har", passed), **keys(sandbox))
    assert (outcome.code, outcome.broken_ids()) == (1, {"OBS-012 createExam"}), outcome.output


def test_a_timestamp_that_is_none_is_the_clients_mistake(observe: Observe, tmp_path: Path) -> None:
    with record(files=tmp_path / "files") as (sandbox, users, passed):
        users("demo").call("GET", "/exams", over={"timestamp": "today"})
    outcome = observe(save(tmp_path / "today.har", passed), **keys(sandbox))
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    (told,) = [one for one in outcome.findings if one["id"] == "OBS-010 listExams"]
    assert told["observed"].endswith("timestamp is not written as the scheme says")


def test_what_is_below_a_deleted_object_may_be_gone(observe: Observe, tmp_path: Path) -> None:
    with record(files=tmp_path / "files") as (sandbox, users, passed):
        demo = users("demo")
        number = demo.call("POST", "/exams", EXAM).json["exam"]["id"]
        sent = {"name": "Ada", "email": "ada@example.org", "external_id": "s1"}
        demo.call("POST", "/exams/{exam_id}/student_sessions", sent, exam_id=number)
        below = demo.call("POST", "/exams/{exam_id}/documents", {"exam_content": "Read."}, exam_id=number)
        document = below.json["document"]["id"]
        demo.call("DELETE", "/exams/{id}", id=number)
        demo.call("GET", "/exams/{exam_id}/documents/{id}", exam_id=number, id=document)
        demo.call("GET", "/student_sessions")
    outcome = observe(save(tmp_path / "below.har", passed), **keys(sandbox))
    assert (outcome.code, outcome.findings) == (0, []), outcome.output


def test_a_wrong_signature_is_explained(observe: Observe, tmp_path: Path) -> None:
    with record(files=tmp_path / "files") as (sandbox, users, passed):
        users("demo").call("GET", "/exams/1")  # signs a path without placeholders
    outcome = observe(save(tmp_path / "path.har", passed), **keys(sandbox))
    (told,) = [one for one in outcome.findings if one["id"] == "OBS-010 showExam"]
    assert told["observed"].endswith("the signature is wrong: the ids in the path were not signed")


def test_with_a_wrong_key_nobody_is_blamed(observe: Observe, tmp_path: Path) -> None:
    with record(files=tmp_path / "files") as (sandbox, users, passed):
        use_exam(users)
    variables = {**keys(sandbox), "PROCWISE_SECRET_KEY": "planted-key-of-nobody"}
    outcome = observe(save(tmp_path / "key.har", passed), **variables)
    assert outcome.code == 0, outcome.output
    assert {one["level"] for one in outcome.findings} == {"ADVISORY"}
    assert "the key that is given may be another user's" in outcome.output


def test_without_a_key_no_signature_is_judged(observe: Observe, tmp_path: Path) -> None:
    with record(files=tmp_path / "files") as (_, users, passed):
        use_exam(users)
    outcome = observe(save(tmp_path / "keyless.har", passed))
    assert (outcome.code, outcome.findings) == (0, [])
    assert "the signatures of 15 requests were not verified: the key is not known (15)" in outcome.report["notes"]

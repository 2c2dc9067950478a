"""Users who are named as another than they are: a sentence, and not findings of an honest server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conftest import Command, Outcome
from tests.conformance.run.test_pytest_plugin import session
from tests.conformance.servers.model_server import Model, serve
from tests.conformance.servers.recording_proxy import run_proxy
from tests.conformance.servers.sandbox_runs import run_suite_against, sandbox
from tests.proofs import mark_slow
from tests.sandbox.resources.test_users import new_user
from tests.sandbox.sandbox_calls import Caller, Reply

OF_OTHERS = ("--operations", "showExam,listExams", "--include-check", "MOD-07*,SCH-012", "--max-examples", "5")
OF_ROLES = ("--operations", "createInstitute,listInstitutes", "--include-check", "MOD-073")
OF_LISTS = ("--operations", "listExams", "--include-check", "MOD-072")
SHARED = "; or the two users share their objects"
NOT_LEAKING, READABLE, LISTED = (), ("--fault", "foreign-tenant-readable"), ("--fault", "foreign-tenant-listed")


def check_cannot_run(outcome: Outcome, *words: str) -> None:
    assert (outcome.code, outcome.output) == (2, ""), outcome.output + outcome.errors
    assert len(outcome.errors.strip().splitlines()) == 1
    for word in words:
        assert word in outcome.errors


def as_second(user: dict[str, Any]) -> dict[str, str]:
    token = user.get("api_token") or user["token"]
    return {"SECOND_TOKEN": token, "SECOND_SECRET": user["secret_key"]}


def new_exam(caller: Caller) -> int:
    """The id of one more exam; ids count up."""
    identity: int = caller.call("POST", "/exams", {"name": "Counting", "type": "demo"}).json["exam"]["id"]
    return identity


def colleague(started: dict[str, Any], role: str) -> dict[str, str]:
    """A new user of the first one's institute, as the second one."""
    first = Caller(base_url=started["base_url"], token=started["token"], secret_key=started["secret_key"])
    return as_second(new_user(first, role=role))


@pytest.mark.parametrize(
    ("version", "advice"), [("v3", "of another institute"), mark_slow("v1", "name another user")], ids=["v3", "v1"]
)
def test_the_second_user_is_the_first(tmp_path: Path, version: str, advice: str) -> None:
    with sandbox(tmp_path / "files") as started:
        outcome = run_suite_against(started, tmp_path, "--api", version, *OF_OTHERS, **as_second(started))
    check_cannot_run(outcome, "the second user is the first one", "--second-token-env", advice)


def test_the_second_user_is_the_superuser(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files") as started:
        outcome = run_suite_against(started, tmp_path, *OF_OTHERS, **as_second(started["superuser"]))
    check_cannot_run(outcome, "the second user is the superuser")


def test_the_second_user_is_a_superuser_and_none_is_named(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files") as started:
        outcome = run_suite_against(started, tmp_path, *OF_OTHERS, users=("second",), **as_second(started["superuser"]))
    check_cannot_run(outcome, "the second user has the role superuser", "/institutes")


@pytest.mark.parametrize("faults", [mark_slow(NOT_LEAKING), READABLE])
def test_the_second_user_is_of_the_same_institute(tmp_path: Path, faults: tuple[str, ...]) -> None:
    """Whether a server leaks cannot be found out with such a user."""
    with sandbox(tmp_path / "files", *faults, "--seed", "empty") as started:
        outcome = run_suite_against(started, tmp_path, *OF_OTHERS, **colleague(started, "teacher"))
    check_cannot_run(outcome, "belongs to the institute of the first one", "institute_id", "createExam")
    assert not list(tmp_path.rglob("journal.jsonl"))


@pytest.mark.slow
def test_the_institute_of_a_second_user_is_not_known(tmp_path: Path) -> None:
    """One who may make nothing sees nothing of where he belongs; and v1 has no word for institutes."""
    with sandbox(tmp_path / "files") as started:
        outcomes = [
            run_suite_against(started, tmp_path, *OF_OTHERS, **colleague(started, "reviewer")),
            run_suite_against(started, tmp_path, "--api", "v1", *OF_OTHERS, **colleague(started, "teacher")),
        ]
    doubts = ("; or the second user belongs to the same institute", SHARED)
    for outcome, doubt in zip(outcomes, doubts, strict=True):
        assert outcome.broken_ids() >= {"MOD-070 showExam", "MOD-072 listExams"}, outcome.output
        causes = {finding["cause"] for finding in outcome.findings}
        assert all(doubt in cause for cause in causes), causes


@pytest.mark.slow
def test_the_institutes_are_looked_up_once(tmp_path: Path) -> None:
    """However many processes there are; the ids of objects show how many were made."""
    made = []
    for processes in ((), ("--workers", "2")):
        with sandbox(tmp_path / "files", "--seed", "empty") as started:
            first = Caller(base_url=started["base_url"], token=started["token"], secret_key=started["secret_key"])
            before = new_exam(first)
            outcome = run_suite_against(started, tmp_path, *OF_LISTS, *processes)
            made.append(new_exam(first) - before - 1)
        assert (outcome.code, outcome.report["summary"]["passed"]) == (0, 1), outcome.output
    alone, shared = made
    assert alone == shared > 2


@pytest.mark.slow
def test_every_process_knows_what_speaks_against_the_second_user(
    exam_packages: Path, conformance: Command, model: Callable[..., Model], tmp_path: Path
) -> None:
    """If no response shows an institute, in each of the four ways to run."""
    few = {"operations": "showExam", "include-check": "MOD-070"}
    named = [f"--{name}={value}" for name, value in few.items()]
    options = few | {name[2:]: kept for name, kept in zip(SECOND[::2], SECOND[1::2], strict=True)}
    only = ("-k", "not test_own")
    with serve(model("v3", "foreign objects are shown")) as url:
        outcomes = [
            conformance(url, *SECOND, *named),
            conformance(url, *SECOND, *named, "--workers", "2"),
            session(exam_packages, tmp_path / "alone", url, *only, **options),
            session(exam_packages, tmp_path / "shared", url, *only, "-n", "2", **options),
        ]
    for outcome in outcomes:
        assert outcome.broken_ids() == {"MOD-070 showExam"}, outcome.output + outcome.errors
        assert SHARED in outcome.findings[0]["cause"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [mark_slow("empty"), "demo"])
@pytest.mark.parametrize(("faults", "found"), [(READABLE, "MOD-070 showExam"), mark_slow(LISTED, "MOD-072 listExams")])
def test_a_leak_is_not_taken_for_the_same_institute(
    tmp_path: Path, seed: str, faults: tuple[str, ...], found: str
) -> None:
    with sandbox(tmp_path / "files", *faults, "--seed", seed) as started:
        outcome = run_suite_against(started, tmp_path, *OF_OTHERS)
    assert outcome.code == 1, outcome.output + outcome.errors
    assert found in outcome.broken_ids()
    assert not any("same institute" in finding["cause"] for finding in outcome.findings)


def test_the_superuser_is_an_ordinary_user(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files") as started:
        ordinary = {"SUPERUSER_TOKEN": started["second"]["token"], "SUPERUSER_SECRET": started["second"]["secret_key"]}
        outcome = run_suite_against(started, tmp_path, *OF_ROLES, users=("superuser",), **ordinary)
    check_cannot_run(outcome, "/institutes refused the superuser (403)", "the role superuser", "--superuser-token-env")


def test_a_server_that_ignores_roles_is_found(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files", "--fault", "role-ignored") as started:
        outcome = run_suite_against(started, tmp_path, *OF_ROLES)
    assert "MOD-073 listInstitutes" in outcome.broken_ids(), outcome.output + outcome.errors


ABSENT = {
    "MOD-070 showFacePhoto",
    "MOD-070 showLtiStudent",
    "MOD-071 addComanager",
    "MOD-071 removeComanager",
    "MOD-071 assignProctor",
}
OF_ABSENT = ("--operations", ",".join(sorted(name.split()[1] for name in ABSENT)), "--include-check", "MOD-070,MOD-071")
OF_ZIPS = ("--operations", "downloadExamDocumentsZip", "--include-check", "MOD-070")
SECOND = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")


@pytest.mark.slow
def test_a_refusal_of_what_nobody_is_answered_does_not_count(tmp_path: Path) -> None:
    """A photo, a student of a learning platform and a colleague cannot be made."""
    with sandbox(tmp_path / "files") as started:
        outcome = run_suite_against(started, tmp_path, *OF_ABSENT)
    of_tenants = {result["id"]: result for result in outcome.report["results"]}
    assert of_tenants.keys() == ABSENT, outcome.output
    assert {result["status"] for result in of_tenants.values()} == {"skipped"}
    reasons = {result["observed"] for result in of_tenants.values()}
    assert all(reason.startswith("the owner is answered 404 as well") for reason in reasons), reasons


@pytest.mark.parametrize(
    ("bugs", "status"),
    [mark_slow((), "passed"), (("foreign objects are shown",), "failed"), mark_slow(("jobs fail",), "skipped")],
)
def test_what_a_job_makes_is_made_before_another_user_asks_for_it(
    conformance: Command, model: Callable[..., Model], bugs: tuple[str, ...], status: str
) -> None:
    with serve(model("v3", *bugs)) as url:
        outcome = conformance(url, *SECOND, *OF_ZIPS)
    (result,) = outcome.report["results"]
    assert (result["id"], result["status"]) == ("MOD-070 downloadExamDocumentsZip", status), outcome.output


def no_new_institutes(method: str, path: str) -> Reply | None:
    """A new institute is answered with 404 whoever asks for it."""
    if method != "POST" or not path.partition("?")[0].endswith("/institutes"):
        return None
    return Reply(404, {"content-type": "application/json"}, b'{"error": "no such page"}')


@pytest.mark.slow
def test_a_role_counts_where_the_superuser_gets_a_response(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files") as started:
        whole = run_suite_against(started, tmp_path, *OF_ROLES)
        with run_proxy(started["base_url"], no_new_institutes) as (url, _):
            partly = run_suite_against({**started, "base_url": url}, tmp_path, *OF_ROLES)
    of_roles = [
        {result["id"]: result for result in outcome.report["results"] if result["check"].startswith("only the named")}
        for outcome in (whole, partly)
    ]
    statuses = [{name: result["status"] for name, result in found.items()} for found in of_roles]
    assert statuses[0] == {"MOD-073 createInstitute": "passed", "MOD-073 listInstitutes": "passed"}
    assert statuses[1] == {"MOD-073 createInstitute": "skipped", "MOD-073 listInstitutes": "passed"}
    assert of_roles[1]["MOD-073 createInstitute"]["observed"].startswith("the superuser is answered 404 as well")

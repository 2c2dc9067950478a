"""Users who are named as another than they are: a sentence, and not findings of an honest server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conftest import Outcome
from tests.conformance.test_sandbox import held_against, sandbox
from tests.sandbox.sandbox_calls import Caller
from tests.sandbox.test_sandbox_users import new_user

OF_OTHERS = ("--operations", "showExam,listExams", "--include-check", "MOD-07*,SCH-012", "--max-examples", "5")
OF_ROLES = ("--operations", "*Institutes", "--include-check", "MOD-073")
NOT_LEAKING, READABLE, LISTED = (), ("--fault", "foreign-tenant-readable"), ("--fault", "foreign-tenant-listed")


def refused(outcome: Outcome, *words: str) -> None:
    assert (outcome.code, outcome.output) == (2, ""), outcome.output + outcome.errors
    assert len(outcome.errors.strip().splitlines()) == 1
    for word in words:
        assert word in outcome.errors


def as_second(user: dict[str, Any]) -> dict[str, str]:
    token = user.get("api_token") or user["token"]
    return {"SECOND_TOKEN": token, "SECOND_SECRET": user["secret_key"]}


def colleague(told: dict[str, Any], role: str) -> dict[str, str]:
    """A new user of the first one's institute, as the second one."""
    first = Caller(base_url=told["base_url"], token=told["token"], secret_key=told["secret_key"])
    return as_second(new_user(first, role=role))


@pytest.mark.parametrize("version", ["v3", "v1"])
def test_the_second_user_is_the_first(tmp_path: Path, version: str) -> None:
    with sandbox(tmp_path / "files") as told:
        outcome = held_against(told, tmp_path, "--api", version, *OF_OTHERS, **as_second(told))
    refused(outcome, "the second user is the first one", "--second-token-env", "of another institute")


def test_the_second_user_is_the_superuser(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files") as told:
        outcome = held_against(told, tmp_path, *OF_OTHERS, **as_second(told["superuser"]))
    refused(outcome, "the second user is the superuser")


def test_the_second_user_is_a_superuser_and_none_is_named(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files") as told:
        outcome = held_against(told, tmp_path, *OF_OTHERS, users=("second",), **as_second(told["superuser"]))
    refused(outcome, "the second user has the role superuser", "/institutes")


@pytest.mark.parametrize("faults", [NOT_LEAKING, READABLE])
def test_the_second_user_is_of_the_same_institute(tmp_path: Path, faults: tuple[str, ...]) -> None:
    """Whether a server leaks cannot be told by such a user."""
    with sandbox(tmp_path / "files", *faults, "--seed", "empty") as told:
        outcome = held_against(told, tmp_path, *OF_OTHERS, **colleague(told, "teacher"))
    refused(outcome, "belongs to the institute of the first one", "institute_id", "createExam")
    assert not list(tmp_path.rglob("journal.jsonl"))


def test_the_institute_of_a_second_user_is_not_known(tmp_path: Path) -> None:
    """One who may make nothing is told nothing of where he belongs; and v1 has no institutes."""
    with sandbox(tmp_path / "files") as told:
        outcomes = [
            held_against(told, tmp_path, *OF_OTHERS, **colleague(told, "reviewer")),
            held_against(told, tmp_path, "--api", "v1", *OF_OTHERS, **colleague(told, "teacher")),
        ]
    for outcome in outcomes:
        assert outcome.broken() >= {"MOD-070 showExam", "MOD-072 listExams"}, outcome.output
        causes = {finding["cause"] for finding in outcome.findings}
        assert all("; or the second user belongs to the same institute" in cause for cause in causes), causes


@pytest.mark.parametrize("seed", ["empty", "demo"])
@pytest.mark.parametrize(("faults", "found"), [(READABLE, "MOD-070 showExam"), (LISTED, "MOD-072 listExams")])
def test_a_leak_is_not_taken_for_the_same_institute(
    tmp_path: Path, seed: str, faults: tuple[str, ...], found: str
) -> None:
    with sandbox(tmp_path / "files", *faults, "--seed", seed) as told:
        outcome = held_against(told, tmp_path, *OF_OTHERS)
    assert outcome.code == 1, outcome.output + outcome.errors
    assert found in outcome.broken()
    assert not any("same institute" in finding["cause"] for finding in outcome.findings)


def test_the_superuser_is_an_ordinary_user(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files") as told:
        ordinary = {"SUPERUSER_TOKEN": told["second"]["token"], "SUPERUSER_SECRET": told["second"]["secret_key"]}
        outcome = held_against(told, tmp_path, *OF_ROLES, users=("superuser",), **ordinary)
    refused(outcome, "/institutes refused the superuser (403)", "the role superuser", "--superuser-token-env")


def test_a_server_that_ignores_roles_is_found(tmp_path: Path) -> None:
    with sandbox(tmp_path / "files", "--fault", "role-ignored") as told:
        outcome = held_against(told, tmp_path, *OF_ROLES)
    assert "MOD-073 listInstitutes" in outcome.broken(), outcome.output + outcome.errors

"""401 and 403 are for a missing right as well as for a wrong signature, and objects of others are never named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from procwise_conformance.api import Credentials
from procwise_conformance.http.masking import Masker
from procwise_conformance.versions import APIS
from tests.conformance.conftest import Command
from tests.conformance.servers.model_server import Model, serve
from tests.conformance.servers.recording_proxy import Passed, run_proxy
from tests.conformance.servers.sandbox_runs import run_suite_against, sandbox
from tests.sandbox.sandbox_calls import Caller, Reply

SIGNED = ("--include-check", "SIG-001,SIG-09*,SIG-2*,SCH-009")
READ_ONLY = ("--profile", "read-only")
NOBODYS = {"0", "2147483646"}
NAMES = {
    "exam_id",
    "institute_id",
    "tool_provider_id",
    "student_session_id",
    "comanager_id",
    "proctor_id",
    "omniauth_config_id",
}


@pytest.mark.slow
def test_an_object_that_the_user_has_no_right_to(conformance: Command, model: Callable[..., Model]) -> None:
    """Absent ones and those of others get the documented 403, and no code sets a wrong signature apart from it."""
    with serve(model("v3", "absent objects are forbidden", "errors have no code")) as url:
        whole, reading = (conformance(url, *SIGNED, "--max-examples", "20", *profile) for profile in ((), READ_ONLY))
    assert (whole.code, whole.broken_ids()) == (0, set()), whole.output
    assert (reading.code, reading.broken_ids()) == (0, set()), reading.output
    plain = {result["id"]: result["status"] for result in reading.report["results"]}
    assert (plain["SIG-001 listExams"], plain["SIG-001 showExam"]) == ("passed", "skipped")


@pytest.mark.slow
@pytest.mark.parametrize(("bug", "found"), [("no right to change", False), ("changes refused as unsigned", True)])
def test_a_right_is_distinguished_from_a_signature_by_the_words_of_the_refusal(
    conformance: Command, model: Callable[..., Model], bug: str, found: bool
) -> None:
    with serve(model("v3", bug, "errors have no code")) as url:
        outcome = conformance(url, *SIGNED, "--operations", "updateExam", "--max-examples", "5")
    assert ("SIG-001 updateExam" in outcome.broken_ids()) == found, outcome.output
    assert (outcome.code, bool(outcome.broken_ids())) == (int(found), found)


@pytest.mark.slow
def test_a_missing_right_breaks_no_should(tmp_path: Path) -> None:
    """Without a superuser, what only such a one may is not tried; its valid requests are refused for the role."""
    with sandbox(tmp_path / "files") as started:
        some = ("--operations", "destroyInstitute,listInstitutes,createInstitute", "--include-check", "SIG-*")
        outcome = run_suite_against(started, tmp_path, *some, users=("second",))
    assert (outcome.code, outcome.findings) == (0, []), outcome.output


NAMING = ("createExam", "updateExam", "createLtiResource", "updateLtiResource", "replaceLtiResource")
OF_ALL_LAYERS = ("--include-check", "SIG-0*,SCH-*,MOD-00*,MOD-01*")
OTHERS = ("addComanager", "removeComanager", "assignProctor", "deleteExamStudent", "createUser", "createToolProvider")


@pytest.mark.slow
def test_queries_and_bodies_name_no_object_of_others(tmp_path: Path) -> None:
    """An exam and a tool provider that are there already would be connected by ids that somebody made up."""
    with sandbox(tmp_path / "files", "--seed", "demo") as started:
        first = Caller(base_url=started["base_url"], token=started["token"], secret_key=started["secret_key"])
        before = {exam["id"] for exam in first.call("GET", "/exams").json["exams"]}
        with run_proxy(started["base_url"]) as (url, passed):
            options = ("--operations", ",".join((*NAMING, *OTHERS)), "--max-examples", "15", *OF_ALL_LAYERS)
            outcome = run_suite_against({**started, "base_url": url}, tmp_path, *options)
        after = {exam["id"] for exam in first.call("GET", "/exams").json["exams"]}
    assert outcome.code == 0, outcome.output + outcome.errors
    assert after == before
    made = set(map(str, created_ids(passed)))
    named = [(name, value) for one in passed if one.method != "GET" for name, value in ids(one)]
    assert {name for name, _ in named} == NAMES
    assert [(name, value) for name, value in named if value not in made | NOBODYS] == []
    assert {value for name, value in named if name == "exam_id"} & made


def created_ids(passed: list[Passed]) -> Iterator[int]:
    """The ids in the responses to POST."""
    for one in passed:
        if one.method == "POST" and one.reply.status < 300:
            yield from (member["id"] for member in reply_members(one.reply) if "id" in member)


def reply_members(reply: Reply) -> Iterator[dict[str, Any]]:
    read = json.loads(reply.content or b"null")
    if isinstance(read, dict):
        yield read
        yield from (member for member in read.values() if isinstance(member, dict))


def ids(one: Passed) -> Iterator[tuple[str, str]]:
    """What a request names, apart from its path: whatever a careless server reads as a number."""
    try:
        body = json.loads(one.body or b"null")
    except ValueError:
        body = None
    pairs = [*parse_qsl(urlsplit(one.path).query), *(body.items() if isinstance(body, dict) else ())]
    for name, value in pairs:
        if name in NAMES and not isinstance(value, bool) and any(map(str.isnumeric, str(value))):
            yield name, str(value).strip("[]")


def test_a_token_is_masked_as_attacks_write_it() -> None:
    token, key = "Planted-Token-5", "Planted-Key-5"
    masker = Masker(APIS["v3"], [Credentials(token=token, secret_key=key)])
    for written in (token, token.upper(), token.lower(), token[:-1], quote(token.upper())):
        assert masker.text(f"unknown token {written}.") == "unknown token ***."
    short = Masker(APIS["v3"], [Credentials(token="ab", secret_key=key)])
    assert short.text("a cab") == "a c***"

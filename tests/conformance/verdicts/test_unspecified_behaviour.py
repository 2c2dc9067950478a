"""Servers that do all that the description says, in ways that it leaves open."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from generator.ir import Api
from tests.conformance.conftest import USERS, Command
from tests.conformance.servers.model_objects import Called
from tests.conformance.servers.model_server import Model, serve
from tests.conformance.servers.recording_proxy import run_proxy
from tests.conformance.servers.sandbox_runs import run_suite_against, sandbox
from tests.sandbox.sandbox_calls import Reply

FIRST, OTHER = USERS
SECOND = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")
NEIGHBOUR = "somebody's own"


def with_exams(server: Model, numbers: range, owner: str) -> None:
    """Exams that were there before."""
    creator = next(o for o in server.api.operations if (o.method, o.path) == ("POST", "/exams"))
    for number in numbers:
        named = {"id": number, "name": NEIGHBOUR, "institute_id": 9}
        server.objects.setdefault("exams", {})[number] = server.example(creator) | named
        server.owners[number] = owner


def are_untouched(server: Model, numbers: range) -> bool:
    """Whether all of them are there as they were."""
    return all(server.objects["exams"].get(number, {}).get("name") == NEIGHBOUR for number in numbers)


class Counting(Model):
    """The objects of one institute."""

    institute = 1

    def new_object(self, called: Called) -> dict[str, Any]:
        made = super().new_object(called)
        return made | {"institute_id": self.institute} if "institute_id" in made else made

    def create(self, called: Called) -> Response:
        response = super().create(called)
        for one in self.objects.get("exams", {}).values():
            if one["name"] != NEIGHBOUR:
                one["institute_id"] = self.institute
        return response


class Institutes(Model):
    """A database for each institute, each with ids of its own."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.of = {token: Counting(self.api, self.users, self.bugs) for token in self.users}
        for number, server in enumerate(self.of.values(), start=1):
            server.institute = number

    async def response(self, request: Request) -> Response:
        return await self.of[self.user_of(request) or FIRST].response(request)


@pytest.mark.slow
def test_each_institute_may_count_anew(conformance: Command, apis: dict[str, Api]) -> None:
    """What has an own object's id is the second user's own there: nothing is written to it, and nothing blamed."""
    server, theirs = Institutes(apis["v3"], USERS), range(101, 160)
    with_exams(server.of[OTHER], theirs, OTHER)
    server.of[OTHER].last_id = 400
    with serve(server) as url:
        outcome = conformance(url, *SECOND, "--operations", "*Exam,listExams", "--include-check", "MOD-07*,SCH-012")
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    assert are_untouched(server.of[OTHER], theirs)
    reasons = {result["observed"] for result in outcome.report["results"] if result["id"] == "MOD-071 destroyExam"}
    assert reasons == {"the id is that of another object for the other user"}


class Versions(Model):
    """Two versions of the API, each with objects of its own."""

    older: Model

    async def response(self, request: Request) -> Response:
        if request.url.path.startswith(self.older.api.base_path):
            return await self.older.response(request)
        return await super().response(request)


def test_versions_with_objects_of_their_own_are_reported_and_nothing_of_others_is_removed(
    conformance: Command, apis: dict[str, Api]
) -> None:
    server, theirs = Versions(apis["v3"], USERS), range(501, 540)
    server.older = Model(apis["v1"], USERS)
    server.older.last_id = 500
    with_exams(server, theirs, FIRST)
    with serve(server) as url:
        outcome = conformance(url, "--operations", "*Exam", "--include-check", "MOD-051")
    assert outcome.broken_ids() == {"MOD-051 showExam"}, outcome.output
    assert are_untouched(server, theirs)
    assert server.older.objects.get("exams", {}) == {}


@pytest.mark.slow
def test_exams_that_are_kept_as_deleted(conformance: Command, model: Callable[..., Model]) -> None:
    """They are gone, for requests in sequence as well, and nothing is left to remove."""
    with serve(model("v3", "deleted exams are kept")) as url:
        some = ("--operations", "*Exam,listExams", "--include-check", "MOD-020,SCH-008", "--max-examples", "40")
        outcome = conformance(url, *some)
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    assert "SCH-008 showExam" in {result["id"] for result in outcome.report["results"]}
    assert not [note for note in outcome.report["notes"] if "not removed" in note]
    assert not (outcome.folder / "journal.jsonl").exists()


@pytest.mark.slow
def test_a_status_of_a_refusal_that_no_page_tells(conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("v3", "400 for no JSON")) as url:
        some = ("--operations", "createExam", "--include-check", "SCH-002", "--max-examples", "10")
        outcome = conformance(url, *some)
    assert (outcome.code, outcome.broken_ids(), outcome.broken_ids("SHOULD")) == (0, set(), {"SCH-002 createExam"})


@pytest.mark.slow
def test_a_size_that_no_response_tells_is_not_judged(tmp_path: Path) -> None:
    """Of the file itself nothing comes back, so it cannot be known to be stored whole."""
    some = ("--operations", "createAttachment", "--include-check", "MOD-08*")
    with sandbox(tmp_path / "files") as started:
        whole = run_suite_against(started, tmp_path, *some)
        with run_proxy(started["base_url"], altered=without_sizes) as (url, _):
            outcome = run_suite_against({**started, "base_url": url}, tmp_path, *some)
    statuses = [{one["id"]: one["status"] for one in run.report["results"]} for run in (whole, outcome)]
    assert [started["MOD-080 createAttachment"] for started in statuses] == ["passed", "skipped"]
    assert [started["MOD-081 createAttachment"] for started in statuses] == ["passed", "passed"]


def without_sizes(reply: Reply) -> Reply:
    return Reply(reply.status, reply.headers, re.sub(rb'"[a-z_]*size":\s*\d+', b'"nothing":0', reply.content))

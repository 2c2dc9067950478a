"""The semantic layer: planted bugs are found under their checks, an honest server has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conftest import ENVIRONMENT, USERS, Command, load_apis
from tests.conformance.servers.model_server import Model, serve
from tests.programs import PROGRAMS
from tests.proofs import mark_slow
from tests.shared import make_environment

DRIVER = Path(__file__).parent / "run_stateful.py"
Models = Callable[..., dict[str, Any]]

# Each bug breaks these checks; what else it breaks follows from it.
FOUND_IN_EXAMS = {
    "one page too many": {"MOD-031 listExams", "MOD-031 listExamStudentSessions"},
    "filters are ignored": {"MOD-040 listExams", "MOD-040 listStudentSessions"},
    "orders are ignored": {"MOD-041 listExams", "MOD-041 listExamStudentSessions"},
    "a change clears the rest": {"MOD-011 updateExam"},
    "foreign objects are shown": {"MOD-070 showExam", "MOD-071 updateExam", "MOD-071 destroyStudentSession"},
    "jobs fail": {"MOD-060 generateExamDocumentsZip"},
    "texts are cut": {"MOD-005 createExam", "MOD-005 createStudentSession"},
    "settings are not required": {"MOD-091 createExam", "MOD-091 createStudentSession"},
    "errors have no code": {"MOD-097 listExams"},
    "wrong enum value": {"MOD-102 showExam", "MOD-102 listExams", "MOD-102 showStudentSession"},
}
REMARKS = ("MOD-060", "MOD-097")
FOUND_IN_BOOKS = {
    "creation is doubled": {"MOD-003 addBook"},
    "changes are forgotten": {"MOD-010 changeBook"},
    "deleted objects stay": {"MOD-020 removeBook", "MOD-021 removeBook", "MOD-022 removeBook"},
}


@pytest.fixture
def models(exam_packages: Path, shelf_packages: Path, tmp_path: Path) -> Models:
    """The semantic layer of one API, run alone."""

    def run(url: str, api: str, seed: int = 1, packages: Path | None = None) -> dict[str, Any]:
        packages = packages or (shelf_packages if api == "shelf" else exam_packages)
        call = (str(DRIVER), url, api, str(seed), str(tmp_path))
        environment = make_environment(packages, **ENVIRONMENT)
        ended = PROGRAMS.run(*call, environment=environment, imports="procwise_conformance")
        assert ended.code == 0, ended.err
        reported: dict[str, Any] = json.loads(ended.out)
        return reported

    return run


def failures_by_id(reported: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {result["id"]: result for result in reported["results"] if result["status"] in ("failed", "error")}


@pytest.mark.slow
@pytest.mark.parametrize(("api", "seed"), [("v3", 1), mark_slow("v1", 2), ("shelf", 3)])
def test_an_honest_server_breaks_nothing(models: Models, model: Callable[..., Model], api: str, seed: int) -> None:
    servers = [model(api) for _ in range(2 if api == "shelf" else 1)]
    for server in servers:
        with serve(server) as url:
            reported = models(url, api, seed)
    assert servers[0].requests == servers[-1].requests, "the same seed asked for other paths"
    assert servers[0].sent == servers[-1].sent, "the same seed sent other values"
    assert failures_by_id(reported) == {}
    assert reported["left"] == []
    assert not any(server.objects.values())
    passed = {result["id"].split()[0] for result in reported["results"] if result["status"] == "passed"}
    assert {"MOD-001", "MOD-005", "MOD-010", "MOD-011", "MOD-020", "MOD-070", "MOD-090", "MOD-091"} <= passed
    assert passed <= set(reported["catalogue"])


@pytest.mark.slow
def test_what_the_description_leaves_open_breaks_nothing(models: Models, model: Callable[..., Model]) -> None:
    """Beyond the last page the last one is shown again, and says so; errors have no code."""
    with serve(model("v3", "held to the last page", "errors have no code")) as url:
        reported = failures_by_id(models(url, "v3"))
    assert [(id_, one["level"]) for id_, one in reported.items()] == [("MOD-097 listExams", "SHOULD")]


@pytest.mark.slow
def test_what_no_page_tells_of_objects_breaks_no_must(models: Models, document_packages: Path) -> None:
    """A second document takes the place of the first, deleted exams are shown as deleted, nothing uploaded is no zip,
    and what the exam restricts comes back as a list in a text."""
    left_open = frozenset(("one document alone is kept", "deleted exams are kept", "jobs fail", "texts become lists"))
    server = Model(load_apis(document_packages.parent / "spec")["v3"], USERS, left_open)
    with serve(server) as url:
        reported = models(url, "v3", packages=document_packages)
    levels = {id_: one["level"] for id_, one in failures_by_id(reported).items()}
    assert levels == {"MOD-023 listDocuments": "SHOULD", "MOD-023 listExamStudentSessions": "SHOULD"} | {
        "MOD-023 showDocument": "SHOULD",
        "MOD-060 generateExamDocumentsZip": "SHOULD",
    }
    passed = {result["id"] for result in reported["results"] if result["status"] == "passed"}
    assert {"MOD-020 destroyExam", "MOD-021 destroyExam", "MOD-022 destroyExam", "MOD-024 showDocument"} <= passed


def test_an_older_version_may_tell_deleted_exams_as_the_newer_one(
    conformance: Command, model: Callable[..., Model]
) -> None:
    few = ("--operations", "*Exam,listExams", "--include-check", "MOD-02*")
    with serve(model("v1", "deleted exams are kept")) as url:
        outcome = conformance(url, "--api", "v1", *few)
    assert (outcome.code, outcome.broken_ids()) == (0, set()), outcome.output
    assert {"MOD-020", "MOD-021", "MOD-024"} <= {one["id"].split()[0] for one in outcome.report["results"]}


CHANGERS = {f"{method}{resource}" for method in ("update", "replace") for resource in ("Exam", "StudentSession")}


@pytest.mark.slow
def test_refusing_every_change_is_reported(models: Models, model: Callable[..., Model]) -> None:
    with serve(model("v3", "changes are refused")) as url:
        reported = models(url, "v3")
    found = {id_: one["level"] for id_, one in failures_by_id(reported).items()}
    assert found == {f"MOD-014 {changer}": "SHOULD" for changer in CHANGERS}
    skipped = {one["id"] for one in reported["results"] if one["status"] == "skipped" and one["observed"]}
    assert {f"{check} updateExam" for check in ("MOD-010", "MOD-011", "MOD-013")} <= skipped
    assert {f"{check} replaceExam" for check in ("MOD-010", "MOD-012", "MOD-013")} <= skipped


@pytest.mark.slow
def test_a_change_that_does_not_find_what_is_shown_breaks_a_must(models: Models, model: Callable[..., Model]) -> None:
    with serve(model("v3", "changes find nothing")) as url:
        found = {
            id_: one["level"] for id_, one in failures_by_id(models(url, "v3")).items() if id_.startswith("MOD-01")
        }
    assert found == {f"MOD-015 {changer}": "MUST" for changer in CHANGERS}


@pytest.mark.slow
@pytest.mark.parametrize(("api", "found"), [("v3", FOUND_IN_EXAMS), ("shelf", FOUND_IN_BOOKS)])
def test_planted_bugs_are_found(
    models: Models, model: Callable[..., Model], api: str, found: dict[str, set[str]]
) -> None:
    with serve(model(api, *found)) as url:
        reported = failures_by_id(models(url, api))
    assert {bug for bug, ids in found.items() if not ids <= reported.keys()} == set()
    for id_ in {id_ for ids in found.values() for id_ in ids}:
        assert reported[id_]["level"] == ("SHOULD" if id_.startswith(REMARKS) else "MUST")
        assert reported[id_]["cause"]
        assert reported[id_]["request"]

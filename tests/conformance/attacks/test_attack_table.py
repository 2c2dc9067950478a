"""The operation by attack table against the model: nothing on an honest server, and each careless one is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import Response

from generator.ir import Api
from procwise_conformance.api import Api as SuiteApi, Credentials
from procwise_conformance.attacks import runner
from procwise_conformance.attacks.catalogue import attacks, catalogue
from procwise_conformance.context import RunContext, build_context
from procwise_conformance.plan import Plan
from procwise_conformance.results import ADVISORY, READ_ONLY, Result
from procwise_conformance.run.run import run_item
from procwise_conformance.versions import APIS
from tests.conformance.conftest import USERS
from tests.conformance.servers.model_objects import Called
from tests.conformance.servers.model_server import Model, serve
from tests.proofs import mark_most_slow, mark_slow

US, THEM = (Credentials(token=token, secret_key=key) for token, key in USERS.items())
HOLES = ("SIG-191", "SIG-192")
EXACT_NUMBERS = ("SIG-224", "SIG-225", "SIG-226")  # which JSON leaves open
OPERATIONS = ("listExams", "createExam", "showExam", "updateExam", "destroyExam")
Attacked = Callable[..., list[Result]]


@pytest.fixture(scope="module")
def attack(apis: dict[str, Api], tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    """Attack a model with bugs, in-process."""

    def run(*bugs: str, model: Model | None = None, **asked: Any) -> list[Result]:
        api = replace(APIS["v3"], operations=tuple(o for o in APIS["v3"].operations if o.id in OPERATIONS))
        server = model or Model(apis["v3"], USERS, frozenset(bugs))
        with serve(server) as url:
            plan = Plan(api=api, url=url, credentials=US, **{"second": THEM, **asked})
            context = build_context(plan, tmp_path_factory.mktemp("report"))
            results = list(results_of(plan, context))
            stayed = list(context.objects.remove_all())
            assert bool(stayed) is ("deletes before it looks" in bugs)  # it refused, and then there is nothing
            assert all("answered 404, though this run did not delete it" in sentence for sentence in stayed)
        return results

    return run


def results_of(plan: Plan, context: RunContext) -> Iterator[Result]:
    for item in runner.work_items(plan):
        yield from run_item(item, context)


def failed_ids(results: list[Result], level: str = "MUST") -> set[str]:
    """The ids of the checks that failed, on whichever operation."""
    return {result.id.split()[0] for result in results if result.status == "failed" and result.level == level}


@pytest.fixture(scope="module")
def honest(attack: Attacked) -> list[Result]:
    """All that is tried on an honest server."""
    return attack()


@pytest.mark.slow
def test_an_honest_server_passes_and_is_tried_in_every_way(honest: list[Result]) -> None:
    assert [(r.id, r.observed) for r in honest if r.status != "passed" and r.level != ADVISORY] == []
    tried_ids = {result.id.split()[0] for result in honest}
    rows = {row.id for row in catalogue(APIS["v3"])}
    # Not here: a superuser, files, forms, paths with a twin, objects made below others.
    # The scheme's own clauses are no attacks.
    absent = {"SIG-086", "SIG-097", "SIG-100", "SIG-104", "SIG-105", "SIG-152", "SIG-190"}
    own = {"SIG-022", "SIG-117", "SIG-120", "SIG-243"}
    assert rows - tried_ids == absent | own


@pytest.mark.slow
def test_essential_attacks_are_tried_on_every_operation(honest: list[Result]) -> None:
    tried_cells = {result.id for result in honest}
    essential = [f"SIG-{number:03} {operation}" for number in range(1, 13) for operation in OPERATIONS]
    essential += [f"SIG-091 {operation}" for operation in OPERATIONS]
    essential += [f"SIG-090 {operation}" for operation in ("showExam", "updateExam", "destroyExam")]
    essential += [f"SIG-092 {operation}" for operation in ("createExam", "updateExam")]
    assert not {*essential} - tried_cells


# What reports each bug; bugs of one group do not hide one another.
GROUPS = (
    {
        "path left out": {"SIG-090"},
        "body left out": {"SIG-092"},
        "empty values left out": {"SIG-238"},
        "separator &": {"SIG-116"},
        "SHA-1": {"SIG-075"},
        "any key": {"SIG-085"},
        "window too wide": {"SIG-162", "SIG-163"},
    },
    {
        "query left out": {"SIG-091", "SIG-147"},
        "body wins": {"SIG-103", "SIG-107"},
        "lists left out": {"SIG-244"},
        "timestamp left out": {"SIG-108"},
        "values percent-encoded": {"SIG-239"},
        "base64": {"SIG-072"},
        "empty key": {"SIG-082"},
        "nonce for each route": {"SIG-143"},
    },
    {
        "nonce left out": {"SIG-109"},
        "values trimmed": {"SIG-234"},
        "upper case": {"SIG-069"},
        "window too narrow": {"SIG-160", "SIG-161"},
        "nonce for all users": {"SIG-145"},
        "first of repeated parameters looked at": {"SIG-053", "SIG-055"},
        "first of repeated members signed": {"SIG-057"},
        "signature trimmed": {"SIG-087", "SIG-088"},
    },
    {
        "first of repeated parameters signed": {"SIG-047", "SIG-054", "SIG-056"},
        "nonces are numbers": {"SIG-058", "SIG-059"},
    },
)


@pytest.mark.parametrize("group", mark_most_slow(GROUPS, 4))
def test_each_bug_is_reported(attack: Attacked, group: dict[str, set[str]]) -> None:
    ids = set().union(*group.values())
    results = attack(*group, included=tuple(ids))
    inferred = {"SIG-160", "SIG-161", "SIG-162", "SIG-163", "SIG-058", "SIG-059"}  # width of the window, nonces
    assert (failed_ids(results), failed_ids(results, "SHOULD")) == (ids - inferred, ids & inferred)


@pytest.mark.parametrize("chosen", [("updateExam",), mark_slow(())])
def test_a_server_may_refuse_with_another_status(attack: Attacked, chosen: tuple[str, ...]) -> None:
    """The vendor's pages name no status for used nonces and old timestamps; that of a signature is a SHOULD."""
    results = attack("refusals of its own", chosen=chosen)
    assert (failed_ids(results), failed_ids(results, "SHOULD")) == (set(), {"SIG-006"})


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_each_bug_of_a_server_with_other_statuses_is_reported(attack: Attacked, group: dict[str, set[str]]) -> None:
    ids = set().union(*group.values())
    results = attack("refusals of its own", *group, included=tuple(ids))
    assert failed_ids(results) | failed_ids(results, "SHOULD") == ids


def test_a_used_nonce_that_is_taken_is_reported_though_the_name_is_taken(
    attack: Attacked, apis: dict[str, Api]
) -> None:
    """A second creation is refused for its name: that is no error of the nonce."""
    server = Unique(apis["v3"], USERS, frozenset(("refusals of its own", "nonce reuse accepted")))
    results = attack(model=server, included=("SIG-009",))
    assert "SIG-009 createExam" in {result.id for result in results if result.status == "failed"}


GENERIC = ("refusals of its own", "errors have no code")


def test_an_operation_whose_valid_requests_are_refused_passes_nothing(attack: Attacked) -> None:
    results = attack(*GENERIC, "no POST is signed rightly", chosen=("createExam",))
    assert {"SIG-001", "SIG-006", "SIG-009", "SIG-149"} <= {result.id.split()[0] for result in results}
    passed = [result.id for result in results if result.status == "passed" and result.level != ADVISORY]
    assert passed == []


def test_what_says_the_same_may_be_refused_for_its_content(attack: Attacked) -> None:
    """A parameter that the API does not know, refused in the only words that this server has."""
    results = attack(*GENERIC, "strict and short of words", included=("SIG-095", "SIG-096"))
    assert {result.status for result in results} == {"skipped"}


class Unique(Model):
    """No two exams have the same name."""

    def create(self, called: Called) -> Response:
        names = {one["name"] for one in self.objects.get("exams", {}).values()}
        return self.error(409, "name taken") if called.body.get("name") in names else super().create(called)


def test_a_server_that_refuses_everything_does_not_score(attack: Attacked, apis: dict[str, Api]) -> None:
    stranger = Model(apis["v3"], {"somebody": "else"})
    passing, refused = {"SIG-001", "SIG-095", "SIG-200"}, {"SIG-006", "SIG-009", "SIG-116", "SIG-149"}
    results = attack(model=stranger, included=(*passing, *refused))
    assert failed_ids(results) == passing
    assert {result.status for result in results if result.id.split()[0] in refused} == {"skipped"}


@pytest.mark.slow
def test_holes_of_the_scheme_are_remarks(honest: list[Result]) -> None:
    remarks = [result for result in honest if result.level == ADVISORY]
    shown = [result for result in remarks if result.status == "passed"]
    assert {result.id.split()[0] for result in shown} == {*HOLES, *EXACT_NUMBERS}
    assert all("the hole is there" in result.observed for result in shown if result.id.split()[0] in HOLES)
    unshown = [result for result in remarks if result.status != "passed"]
    assert all(result.status == "skipped" and "another reason" in result.observed for result in unshown)


def test_read_only_sends_nothing_but_get(attack: Attacked, apis: dict[str, Api]) -> None:
    server = Model(apis["v3"], USERS)
    results = attack(model=server, profile=READ_ONLY)
    assert failed_ids(results) == set()
    assert {method for method, _ in server.requests} == {"GET"}


def test_a_refused_deletion_that_deletes_is_reported(attack: Attacked) -> None:
    results = attack("deletes before it looks", included=("SIG-150",))
    assert failed_ids(results) == {"SIG-150"}
    assert all(result.cause and "-X DELETE" in result.request for result in results if result.status == "failed")


def test_ids_are_unique_and_every_attack_has_clause_and_cause() -> None:
    for api in (APIS["v3"], APIS["v1"]):
        rows = attacks(api, US, THEM)
        assert len({row.id for row in rows}) == len(rows) == len({row.name for row in rows})
        assert all(row.clause.startswith("x-") and row.cause and row.level for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("api", mark_most_slow([APIS["v1"], APIS["v3"]], 2))
def test_an_operation_alone_is_tried_in_every_way(api: SuiteApi) -> None:
    """So a finding of a whole run comes again; and in a whole run each attack meets each method that it fits."""
    plan = Plan(api=api, url="http://127.0.0.1:1", credentials=US, second=THEM)
    whole, chosen = (sizes(one) for one in (plan, replace(plan, chosen=("*",))))
    assert all(whole[operation] < chosen[operation] for operation in whole)
    for attack in attacks(api, THEM):
        fitting = {o.method for o in api.operations if attack.fits(o)}
        assert {o.method for o, rows in runner.table(plan) if attack.id in {row.id for row in rows}} == fitting


def sizes(plan: Plan) -> dict[str, set[str]]:
    return {operation.id: {row.id for row in rows} for operation, rows in runner.table(plan)}

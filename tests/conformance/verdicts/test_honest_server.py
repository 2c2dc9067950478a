"""A server that does what the description says conforms, whatever the seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.ir import Api
from tests.conformance.conftest import USERS, Command, Outcome, command
from tests.conformance.servers.model_server import Model, serve
from tests.proofs import FULL, mark_slow

QUICK = ("--max-examples", "3")


SEEDS = [mark_slow(version, str(seed)) for version in ("v1", "v3") for seed in range(3, 13 if FULL else 4)]


@pytest.mark.parametrize(("version", "seed"), [mark_slow("v3", "1"), *SEEDS])
def test_conforms(conformance: Command, model: Callable[..., Model], version: str, seed: str) -> None:
    with serve(model(version)) as url:
        few = ("--operations", "*Exam,*Exams", "--max-examples", "2")
        outcome = conformance(url, "--api", version, "--seed", seed, *few)
    assert (outcome.code, outcome.findings) == (0, []), outcome.output + outcome.errors
    assert outcome.report["conforms"]


STRANGERS = {number: {"id": number, "title": "x", "status": "on", "pin": "1", "owner": "o"} for number in range(1, 99)}


@pytest.fixture(scope="module")
def another_vendor(
    shelf_packages: Path, apis: dict[str, Api], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Outcome, Model]:
    """A whole run against another vendor's server, on which others have objects."""
    server = Model(apis["shelf"], USERS)
    server.objects["books"] = dict(STRANGERS)
    second = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")
    with serve(server) as url:
        run = command(shelf_packages, tmp_path_factory.mktemp("whole"))
        return run(url, "--seed", "2", *QUICK, *second), server


@pytest.mark.slow
def test_another_vendor_conforms_by_value_only(another_vendor: tuple[Outcome, Model]) -> None:
    outcome, _ = another_vendor
    assert (outcome.code, outcome.findings) == (0, []), outcome.output + outcome.errors


@pytest.mark.slow
def test_every_operation_is_attacked_in_every_way(another_vendor: tuple[Outcome, Model]) -> None:
    outcome, _ = another_vendor
    cells = {result["id"] for result in outcome.report["results"] if result["layer"] == "signature"}
    operations = ("listBooks", "addBook", "showBook", "changeBook", "removeBook")
    assert cells >= {f"SIG-{n:03} {operation}" for n in range(1, 13) for operation in operations}


@pytest.mark.slow
def test_only_own_objects_are_touched_and_all_are_removed(another_vendor: tuple[Outcome, Model]) -> None:
    _, server = another_vendor
    assert server.deleted
    assert server.objects["books"] == STRANGERS
    touched = [path for method, path in server.requests if method in ("PATCH", "DELETE")]
    assert not {f"/books/{number}" for number in STRANGERS}.intersection(touched)


@pytest.mark.slow
def test_the_same_seed_sends_the_same_requests(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    sent = []
    for _ in range(2):
        server = model("shelf")
        with serve(server) as url:
            shelf_conformance(url, "--seed", "5", *QUICK)
        sent.append(server.requests)
    assert sent[0] == sent[1]


def test_read_only_sends_nothing_but_get(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    server = model("shelf")
    server.objects["books"] = {4: {"id": 4, "title": "x", "status": "on", "pin": "1", "owner": "o"}}
    with serve(server) as url:
        outcome = shelf_conformance(url, "--profile", "read-only", *QUICK)
    assert outcome.code == 0, outcome.output
    assert {method for method, _ in server.requests} == {"GET"}
    assert ("GET", "/books/4") in server.requests

"""Where nothing more can be written: one sentence, no verdict, and nothing stays on the server or half-written.

A limit on the size of files stands for the full disk: the write that goes beyond it fails in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.conformance.conftest import ENVIRONMENT, Outcome
from tests.conformance.servers.model_server import Model, serve
from tests.programs import PROGRAMS
from tests.proofs import mark_slow
from tests.shared import make_environment

REPORTS = {"report.json", "report.html", "junit.xml", "report.sarif"}


def run_limited(packages: Path, folder: Path, limit: int, url: str, *options: str) -> Outcome:
    """The command, with files of no more bytes than that."""
    call = ("procwise_conformance", url, "--report", str(folder), *options)
    environment = make_environment(packages, PYTHONDONTWRITEBYTECODE="1", **ENVIRONMENT)
    ended = PROGRAMS.run(*call, environment=environment, cwd=folder.parent, largest_file=limit)
    return Outcome(ended.code, ended.out, ended.err, folder)


def sentences(outcome: Outcome) -> list[str]:
    """What is said on standard error, without the progress that a slow run reports every half minute."""
    return [line for line in outcome.errors.splitlines() if "pieces of work are done" not in line]


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("limit", "workers"),
    [(50, ()), (6_144, ()), mark_slow(50, ("--workers", "2")), mark_slow(6_144, ("--workers", "2"))],
)
def test_a_journal_that_cannot_be_written(
    shelf_packages: Path, model: Callable[..., Model], tmp_path: Path, workers: tuple[str, ...], limit: int
) -> None:
    server, folder = model("shelf"), tmp_path / "report"
    with serve(server) as url:
        outcome = run_limited(shelf_packages, folder, limit, url, "--max-examples", "3", *workers)
    assert (outcome.code, outcome.output) == (2, ""), outcome.errors
    (sentence,) = sentences(outcome)
    assert sentence.startswith(f"procwise-conformance: the journal {folder / 'journal.jsonl'} cannot be written")
    assert "File too large" in sentence
    assert (("POST", "/books") in server.requests) == (limit > 1_000)
    assert not server.objects.get("books")
    assert files(folder) == set()


class Keeping(Model):
    """Deletes nothing."""

    async def response(self, request: Request) -> Response:
        response = await super().response(request) if request.method != "DELETE" else None
        return response or JSONResponse({"error": "not now"}, 409)


@pytest.mark.parametrize("workers", [(), mark_slow(("--workers", "2"))])
def test_what_stays_is_listed(
    shelf_packages: Path, model: Callable[..., Model], tmp_path: Path, workers: tuple[str, ...]
) -> None:
    honest, folder = model("shelf"), tmp_path / "report"
    server = Keeping(honest.api, honest.users, frozenset())
    with serve(server) as url:
        outcome = run_limited(shelf_packages, folder, 2_000, url, "--include-check", "SIG-*", *workers)
    assert outcome.code == 2
    assert server.objects["books"]
    for number in server.objects["books"]:
        assert f"not removed: DELETE /books/{{id}} {number}: answered 409" in outcome.errors
    assert "clean" in outcome.errors
    assert "Traceback" not in outcome.errors


@pytest.mark.parametrize("workers", [(), mark_slow(("--workers", "2"))])
def test_reports_that_cannot_be_written(
    shelf_packages: Path, model: Callable[..., Model], tmp_path: Path, workers: tuple[str, ...]
) -> None:
    server, folder = model("shelf"), tmp_path / "report"
    folder.mkdir()
    before = {name: json.dumps({"of": "yesterday"}) for name in REPORTS}
    for name, text in before.items():
        (folder / name).write_text(text, "utf-8")
    few = ("--operations", "listBooks", "--include-check", "SIG-00*", *workers)
    with serve(server) as url:
        outcome = run_limited(shelf_packages, folder, 4_000, url, *few)
    assert (outcome.code, outcome.output) == (2, ""), outcome.errors
    expected = f"procwise-conformance: the reports cannot be written to {folder}: File too large."
    assert sentences(outcome) == [expected]
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == before

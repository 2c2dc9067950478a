"""Several processes share a run, and nothing that a project has for its own tests changes theirs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.conftest import ENVIRONMENT, Command
from tests.conformance.run.test_options import FEW, WRONG, ids
from tests.conformance.servers.model_server import Model, serve
from tests.proofs import mark_slow
from tests.shared import make_environment


@pytest.mark.slow
@pytest.mark.parametrize("options", ["-x", mark_slow("-k nothing")])
def test_options_for_tests_of_the_caller_are_not_for_the_processes(
    shelf_conformance: Command, model: Callable[..., Model], options: str
) -> None:
    environment = {**ENVIRONMENT, "PYTEST_ADDOPTS": options}
    with serve(model("shelf", WRONG)) as url:
        outcome = shelf_conformance(url, *FEW, "--workers", "2", environment=environment)
    assert (outcome.code, ids(outcome.findings)) == (1, {"SIG-009 showBook", "SIG-009 listBooks"}), outcome.errors


SKIPS_EVERY_TEST = """import pytest
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.skip(reason="not today"))
"""


@pytest.mark.slow
def test_plugins_that_are_installed_for_tests_of_the_caller_are_not_for_the_processes(
    shelf_conformance: Command, shelf_packages: Path, model: Callable[..., Model], tmp_path: Path
) -> None:
    (tmp_path / "skips_every_test.py").write_text(SKIPS_EVERY_TEST, "utf-8")
    (information := tmp_path / "skips_every_test-1.dist-info").mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: skips-every-test\nVersion: 1\n", "utf-8")
    (information / "entry_points.txt").write_text("[pytest11]\nskips = skips_every_test\n", "utf-8")
    paths = make_environment(shelf_packages)["PYTHONPATH"], str(tmp_path)
    environment = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(paths)}
    with serve(model("shelf", WRONG)) as url:
        outcome = shelf_conformance(url, *FEW, "--workers", "2", environment=environment)
    assert (outcome.code, ids(outcome.findings)) == (1, {"SIG-009 showBook", "SIG-009 listBooks"}), outcome.errors


@pytest.mark.slow
def test_processes_share_the_work(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    several = model("shelf", WRONG)
    with serve(model("shelf", WRONG)) as url:
        alone = shelf_conformance(url, "--max-examples", "1", "--include-check", "SIG-0*")
    with serve(several) as url:
        shared = shelf_conformance(url, "--max-examples", "1", "--include-check", "SIG-0*", "--workers", "2")
    assert (alone.code, shared.code) == (1, 1), shared.errors
    assert ids(shared.report["results"]) == ids(alone.report["results"])
    assert ids(shared.findings) == ids(alone.findings)
    assert several.objects["books"] == {}
    assert all(reached["exercised"] for reached in shared.report["coverage"])
    assert not (shared.folder / "journal.jsonl").exists()

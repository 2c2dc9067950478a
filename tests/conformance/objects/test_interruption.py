"""An interrupted run gives no verdict, and leaves nothing behind."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.conftest import ENVIRONMENT, Command
from tests.conformance.servers.model_server import Model, serve
from tests.programs import PROGRAMS
from tests.shared import make_environment

CELLS, FUZZING = 20, 80  # requests after which the one or the other layer is at work


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "requests", "checks"), [(signal.SIGINT, CELLS, "SIG-*"), (signal.SIGTERM, FUZZING, "SCH-*")]
)
def test_no_verdict_and_no_remains(
    shelf_packages: Path, model: Callable[..., Model], tmp_path: Path, sent: signal.Signals, requests: int, checks: str
) -> None:
    environment = make_environment(shelf_packages, **ENVIRONMENT)
    server = model("shelf")
    options = ["--max-examples", "200", "--operations", "addBook,showBook", "--include-check", checks]
    with serve(server) as url:
        run = PROGRAMS.start("procwise_conformance", url, *options, environment=environment, cwd=tmp_path)
        while len(server.requests) < requests and run.poll() is None:
            time.sleep(0.02)
        run.send_signal(sent)
        output, errors = run.communicate(timeout=300)
    assert (run.returncode, output) == (2, ""), errors
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert server.objects["books"] == {}
    assert not list(tmp_path.rglob("report.json"))


def test_a_journal_of_another_run_is_left_alone(
    shelf_conformance: Command, model: Callable[..., Model], tmp_path: Path
) -> None:
    """What it names is on another server; here the same ids are somebody's own."""
    server = model("shelf")
    few = ("--operations", "showBook", "--include-check", "SIG-00*")
    with serve(server) as url:
        made = shelf_conformance(url, *few)
        journal = tmp_path / "report" / "journal.jsonl"
        journal.parent.mkdir()
        created = {"creator": "addBook", "identity": 1, "parents": {}}
        journal.write_text(
            json.dumps({"api": "shelf", "url": "http://127.0.0.1:9"}) + "\n" + json.dumps({"made": created}) + "\n"
        )
        before = len(server.requests)
        refused = [
            shelf_conformance(url, *few, "--report", str(journal.parent), *workers)
            for workers in ((), ("--workers", "2"))
        ]
    assert made.code == 0
    assert [outcome.code for outcome in refused] == [2, 2]
    assert all(f"clean {journal}" in outcome.errors for outcome in refused)
    assert len(server.requests) == before
    assert "addBook" in journal.read_text("utf-8")

"""What a run does with its pieces of work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from procwise_conformance.api import Credentials
from procwise_conformance.context import RunContext, WorkItem, build_context
from procwise_conformance.plan import Plan
from procwise_conformance.results import Result
from procwise_conformance.run.run import run_item
from procwise_conformance.versions import APIS

PASSED = Result(
    id="MOD-001 x", layer="model", check="x", operation="GET /x", level="MUST", clause="paths", status="passed"
)


def run_into_error(_: RunContext) -> Iterator[Result]:
    yield PASSED
    raise KeyError("no such member")


def test_a_piece_of_work_that_fails_of_itself_is_an_error_beside_what_it_found(tmp_path: Path) -> None:
    plan = Plan(api=APIS["v3"], url="http://127.0.0.1:9", credentials=Credentials(token="made-up", secret_key="up"))
    found = list(run_item(WorkItem(phase="model", name="broken", run=run_into_error), build_context(plan, tmp_path)))
    assert [(result.id, result.status) for result in found] == [("MOD-001 x", "passed"), ("RUN-001 broken", "error")]
    assert found[1].observed.startswith("KeyError at test_work_items.py:")
    assert "no such member" in found[1].observed

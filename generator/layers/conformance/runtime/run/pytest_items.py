"""The work items of a run as tests of pytest: what the package's own test module uses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from ..api import Api
from ..context import RunContext, WorkItem, build_context
from ..errors import CannotRun
from ..interruption import INTERRUPTION
from ..plan import Plan
from ..reports.baseline import Comparison
from ..results import Result
from . import worker_messages
from .clean import check_unused
from .phases import work_items
from .preflight import check_server
from .pytest_options import read_settings
from .run import clean_up, run_item
from .users import check_users

PROPERTY = "conformance"
_COMPARISON = pytest.StashKey[Comparison]()


def build_plan(config: pytest.Config, apis: Mapping[str, Api], current: str) -> Plan | None:
    """The plan that the options describe, None without a server. Exits pytest if it makes no sense."""
    settings = read_settings(config)
    if not settings.url:
        return None
    with exit_on_cannot_run():
        config.stash[_COMPARISON] = settings.comparison()
        return settings.plan(apis, current)


def parametrize(metafunc: pytest.Metafunc, plan: Plan | None) -> None:
    """One test for each work item; without a server there is a single one, which is skipped."""
    todo = list(work_items(plan)) if plan else []
    metafunc.parametrize("item", todo, ids=[item.id for item in todo])


@contextmanager
def create_context(config: pytest.Config, plan: Plan) -> Iterator[RunContext]:
    """The context of all items of this process; what they created is removed afterwards."""
    folder = Path(read_settings(config).report)
    with exit_on_cannot_run():
        folder.mkdir(parents=True, exist_ok=True)
        context = build_context(plan, folder)
        doubts = worker_messages.doubts_from_main(config)
        if doubts is None:
            check_unused(folder)
            check_users(context)
        else:  # the process that started this one has checked the shared journal, and the users
            check_server(context.caller)
            context.doubts.extend(doubts)
    with INTERRUPTION.handle_signals():
        try:
            yield context
        finally:
            report = {
                "fault": context.journal.fault,
                "notes": clean_up(context),
                "coverage": context.coverage.as_data(),
            }
            worker_messages.add_report(config, {**report, "unwritten": json.dumps(context.journal.unwritten)})


def check_item(item: WorkItem, context: RunContext, request: pytest.FixtureRequest) -> None:
    """Run a work item; the test fails with a sentence for each broken MUST."""
    with exit_on_cannot_run(alone=not hasattr(request.config, "workerinput")):
        results = list(run_item(item, context))
    # As text: pytest-xdist passes no number of more than 32 bits.
    request.node.user_properties.append((PROPERTY, json.dumps([asdict(result) for result in results])))
    broken = [result for result in request.config.stash[_COMPARISON].mark(results) if result.counts]
    if broken:
        pytest.fail("\n".join(map(_describe, broken)), pytrace=False)


def results_of(report: pytest.TestReport) -> list[Result]:
    """The results that an item's report carries."""
    texts = [str(value) for name, value in report.user_properties if name == PROPERTY]
    return [Result(**data) for text in texts for data in json.loads(text)]


def _describe(result: Result) -> str:
    return (
        f"{result.level} {result.id}: {result.check}: expected {result.expected}; {result.observed}\n{result.request}"
    )


@contextmanager
def exit_on_cannot_run(*, alone: bool = True) -> Iterator[None]:
    """Exit pytest with a sentence if there can be no verdict.

    One of several processes does not exit by itself: its report would be lost.
    """
    try:
        yield
    except CannotRun as error:
        if alone:
            pytest.exit(str(error), returncode=2)
        pytest.fail(str(error), pytrace=False)

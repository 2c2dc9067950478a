"""The units of a run as items of pytest: what the package's own test module is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from ..context import Bench, Unit, furnished
from ..description import Api
from ..errors import CannotRun
from ..interruption import INTERRUPTION
from ..plan import Plan
from ..reports.baseline import Comparison
from ..results import Result
from . import worker_messages
from .clean import check_unused
from .preflight import check_server
from .pytest_options import read_settings
from .run import tidied, tried, units
from .users import check_users

PROPERTY = "conformance"
_COMPARISON = pytest.StashKey[Comparison]()


def planned(config: pytest.Config, apis: Mapping[str, Api], current: str) -> Plan | None:
    """The run that the options ask for; nothing where no server is named. Leaves pytest where it makes no sense."""
    settings = read_settings(config)
    if not settings.url:
        return None
    with explained():
        config.stash[_COMPARISON] = settings.comparison()
        return settings.plan(apis, current)


def parametrize(metafunc: pytest.Metafunc, plan: Plan | None) -> None:
    """One item for each unit; without a server there is a single one, which is skipped."""
    todo = list(units(plan)) if plan else []
    metafunc.parametrize("unit", todo, ids=[unit.id for unit in todo])


@contextmanager
def prepared(config: pytest.Config, plan: Plan) -> Iterator[Bench]:
    """A bench for all items of this process; what was made is removed afterwards."""
    folder = Path(read_settings(config).report)
    with explained():
        folder.mkdir(parents=True, exist_ok=True)
        bench = furnished(plan, folder)
        doubts = worker_messages.doubts_from_main(config)
        if doubts is None:
            check_unused(folder)
            check_users(bench)
        else:  # the process that started this one has looked at the journal that they share, and at the users
            check_server(bench.caller)
            bench.doubts.extend(doubts)
    with INTERRUPTION.listening():
        try:
            yield bench
        finally:
            told = {"fault": bench.journal.fault, "notes": tidied(bench), "coverage": bench.coverage.as_data()}
            worker_messages.add_report(config, {**told, "unwritten": json.dumps(bench.journal.unwritten)})


def run_unit(unit: Unit, bench: Bench, request: pytest.FixtureRequest) -> None:
    """Try a unit; it fails with a sentence for each broken MUST."""
    with explained(alone=not hasattr(request.config, "workerinput")):
        results = list(tried(unit, bench))
    # As text: pytest-xdist hands on no number of more than 32 bits.
    request.node.user_properties.append((PROPERTY, json.dumps([asdict(result) for result in results])))
    broken = [result for result in request.config.stash[_COMPARISON].marked(results) if result.counts]
    if broken:
        pytest.fail("\n".join(map(_told, broken)), pytrace=False)


def results_of(report: pytest.TestReport) -> list[Result]:
    """The results that an item's report carries."""
    told = [str(value) for name, value in report.user_properties if name == PROPERTY]
    return [Result(**data) for part in told for data in json.loads(part)]


def _told(result: Result) -> str:
    return (
        f"{result.level} {result.id}: {result.check}: expected {result.expected}; {result.observed}\n{result.request}"
    )


@contextmanager
def explained(*, alone: bool = True) -> Iterator[None]:
    """Leave pytest with a sentence where there can be no verdict.

    One of several processes does not end by itself: what it has to tell would be lost.
    """
    try:
        yield
    except CannotRun as error:
        if alone:
            pytest.exit(str(error), returncode=2)
        pytest.fail(str(error), pytrace=False)

"""A run that is shared by several processes: pytest-xdist hands them the units."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ..context import Bench, furnished
from ..errors import CannotRun
from ..objects.journal import NAME
from ..plan import Plan
from ..results import Report, crashed
from . import worker_messages
from .clean import check_unused, swept
from .pytest_items import results_of
from .run import Progress, Work, reported, units
from .settings import Settings
from .users import check_users

_PACKAGE = __package__.rpartition(".")[0]
_LONGEST = 400
_OWN = re.compile(r"::test_unit\[(signature|model|schema)/")
FINE = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
# Options and plugins that the caller's own tests take, as a CI job sets them for all of its steps.
_FOR_OTHERS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


class Gathering:
    """Hears what the processes of a run report, or the items of its only one."""

    def __init__(self, bench: Bench, total: int = 0, progress: Progress = lambda *_: None) -> None:
        self.work = Work()
        self.bench = bench
        self._total = total
        self._done = 0
        self._progress = progress
        self.config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand each process what is known of the users."""
        node.workerinput[worker_messages.KEY] = self.bench.doubts

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not _OWN.search(report.nodeid):
            return
        if report.when != "call":
            if report.failed:
                self._died(report)
            return
        results = results_of(report)
        self.work.results += results
        if report.failed and not results:
            self._died(report)
        self._done += 1
        self._progress(results[0].layer if results else "", self._done, self._total)

    def _died(self, report: pytest.TestReport) -> None:
        told = " ".join(self.bench.masker.text(str(report.longrepr)).split())
        self.work.results.append(crashed("run", report.nodeid, told[-_LONGEST:]))

    def tidied(self, journal: Path) -> None:
        """Remove what a process that was killed had no time to remove."""
        unwritten = [entry for one in self._told for entry in json.loads(one["unwritten"])]
        stayed = swept(self.bench, journal, unwritten)
        self.work.notes += [self.bench.masker.text(f"not removed: {sentence}") for sentence in stayed]

    def reported(self) -> Report:
        """The report of all that was heard; raises CannotRun."""
        self._check_journals()
        for one in self._told:
            self.work.notes += one["notes"]
            self.bench.coverage.add(one["coverage"])
        return reported(self.bench, self.work)

    def _check_journals(self) -> None:
        """Raises CannotRun, with a note for whatever stayed, where a process could not write to the journal."""
        for fault in [one["fault"] for one in self._told if one["fault"]][:1]:
            error = CannotRun(fault)
            for note in self.work.notes:
                error.add_note(note)
            raise error

    @property
    def _told(self) -> list[dict[str, Any]]:
        return worker_messages.reports(self.config) if self.config else []


def run_parallel(settings: Settings, plan: Plan, workers: int, progress: Progress) -> Report:
    """Run everything in so many processes; raises CannotRun where no verdict is possible."""
    folder = Path(settings.report)
    check_unused(folder)
    bench = furnished(plan, folder)
    check_users(bench)
    gathering = Gathering(bench, len(list(units(plan))), progress)
    rate = f"{plan.rate / workers}/s" if plan.rate else ""
    settings = replace(settings, known="", baseline="", time="", until=plan.until, rate=rate)
    options = [f"--conformance-option={name}={value}" for name, value in settings.items() if name != "url"]
    try:
        with _without(*_FOR_OTHERS):
            code = pytest.main(
                [
                    "--pyargs",
                    f"{_PACKAGE}.test_conformance",
                    f"--conformance-url={settings.url}",
                    *options,
                    *("-n", str(workers), "-p", f"{_PACKAGE}.plugin", "-p", "no:terminal", "-p", "no:cacheprovider"),
                    *("-c", os.devnull, "--rootdir", str(folder)),
                ],
                plugins=[gathering],
            )
    finally:
        gathering.tidied(folder / NAME)
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in FINE or gathering.config is None:
        raise CannotRun(f"the processes could not be started (pytest says {code!s}).")
    return gathering.reported()


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """The environment without these variables, for this process and those that it starts."""
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)

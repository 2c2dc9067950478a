"""A run in several processes: pytest-xdist distributes the work items."""

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

from ..context import RunContext, build_context
from ..errors import CannotRun
from ..objects.journal import NAME
from ..plan import Plan
from ..results import Report, crash_result
from . import worker_messages
from .clean import check_unused, remove_journalled
from .phases import work_items
from .pytest_items import results_of
from .run import Progress, Work, build_report
from .settings import Settings
from .users import check_users

_PACKAGE = __package__.rpartition(".")[0]
_LONGEST = 400
_OWN = re.compile(r"::test_unit\[(signature|model|schema)/")
FINE = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
# Options and plugins for the caller's own tests, as a CI job sets them for all of its steps or has them installed:
# one that changes the order of tests or repeats those that fail would change this run.
_FOR_OTHERS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
_NO_INSTALLED_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


class SharedRun:
    """Collects the reports of the processes of a run, as a pytest plugin."""

    def __init__(self, context: RunContext, total: int = 0, progress: Progress = lambda *_: None) -> None:
        self.work = Work()
        self.context = context
        self._total = total
        self._done = 0
        self._progress = progress
        self.config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Send each process what is known of the users."""
        node.workerinput[worker_messages.KEY] = self.context.doubts

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not _OWN.search(report.nodeid):
            return
        if report.when != "call":
            if report.failed:
                self._add_crash(report)
            return
        results = results_of(report)
        self.work.results += results
        if report.failed and not results:
            self._add_crash(report)
        self._done += 1
        self._progress(results[0].layer if results else "", self._done, self._total)

    def _add_crash(self, report: pytest.TestReport) -> None:
        message = " ".join(self.context.masker.text(str(report.longrepr)).split())
        self.work.results.append(crash_result("run", report.nodeid, message[-_LONGEST:]))

    def clean_up(self, journal: Path) -> None:
        """Remove what a killed process left."""
        unwritten = [entry for one in self._worker_reports for entry in json.loads(one["unwritten"])]
        stayed = remove_journalled(self.context, journal, unwritten)
        self.work.notes += [self.context.masker.text(f"not removed: {sentence}") for sentence in stayed]

    def build_report(self) -> Report:
        """The report of all processes; raises CannotRun."""
        self._check_journals()
        for one in self._worker_reports:
            self.work.notes += one["notes"]
            self.context.coverage.add(one["coverage"])
        return build_report(self.context, self.work)

    def _check_journals(self) -> None:
        """Raises CannotRun, with a note for whatever is left, if a process could not write to the journal."""
        for fault in [one["fault"] for one in self._worker_reports if one["fault"]][:1]:
            error = CannotRun(fault)
            for note in self.work.notes:
                error.add_note(note)
            raise error

    @property
    def _worker_reports(self) -> list[dict[str, Any]]:
        return worker_messages.reports(self.config) if self.config else []


def run_parallel(settings: Settings, plan: Plan, workers: int, progress: Progress) -> Report:
    """Run everything in so many processes; raises CannotRun if no verdict is possible."""
    folder = Path(settings.report)
    check_unused(folder)
    context = build_context(plan, folder)
    check_users(context)
    shared = SharedRun(context, len(list(work_items(plan))), progress)
    rate = f"{plan.rate / workers}/s" if plan.rate else ""
    settings = replace(settings, known="", baseline="", time="", until=plan.until, rate=rate)
    options = [f"--conformance-option={name}={value}" for name, value in settings.items() if name != "url"]
    try:
        with _environment_of_processes():
            code = pytest.main(
                [
                    "--pyargs",
                    f"{_PACKAGE}.test_conformance",
                    f"--conformance-url={settings.url}",
                    *options,
                    *("-p", "xdist.plugin", "-n", str(workers), "-p", f"{_PACKAGE}.plugin"),
                    *("-p", "no:terminal", "-p", "no:cacheprovider"),
                    # nobody reads rewritten assertions here, and rewriting takes longer than importing
                    *("--assert=plain", "-c", os.devnull, "--rootdir", str(folder)),
                ],
                plugins=[shared],
            )
    finally:
        shared.clean_up(folder / NAME)
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in FINE or shared.config is None:
        raise CannotRun(f"the processes could not be started (pytest says {code!s}).")
    return shared.build_report()


@contextmanager
def _environment_of_processes() -> Iterator[None]:
    """The environment in which this process and those that it starts load no plugin but those they are told to."""
    names = (*_FOR_OTHERS, *_NO_INSTALLED_PLUGINS)
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ.update(_NO_INSTALLED_PLUGINS)
    try:
        yield
    finally:
        for name in _NO_INSTALLED_PLUGINS:
            del os.environ[name]
        os.environ.update(kept)

"""A run that is shared by several processes: pytest-xdist hands them the units."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from . import plugin
from .bench import Bench, furnished
from .caller import CannotRun
from .clean import check_unused, swept
from .items import results_of
from .journal import NAME
from .masking import Masker
from .plan import Plan
from .preflight import check_server
from .results import Report, crashed
from .run import Progress, Work, reported, units
from .settings import Settings

_LONGEST = 400
_FINE = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class _Gathering:
    """Hears what the processes report."""

    def __init__(self, work: Work, total: int, progress: Progress, masker: Masker) -> None:
        self._work = work
        self._masker = masker
        self._total = total
        self._done = 0
        self._progress = progress
        self.config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":
            if report.failed:
                self._died(report)
            return
        results = results_of(report)
        self._work.results += results
        if report.failed and not results:
            self._died(report)
        self._done += 1
        self._progress(results[0].layer if results else "", self._done, self._total)

    def _died(self, report: pytest.TestReport) -> None:
        told = " ".join(self._masker.text(str(report.longrepr)).split())
        self._work.results.append(crashed("run", report.nodeid, told[-_LONGEST:]))


def run_parallel(settings: Settings, plan: Plan, workers: int, progress: Progress) -> Report:
    """Run everything in so many processes; raises CannotRun where no verdict is possible."""
    folder, work = Path(settings.report), Work()
    check_unused(folder)
    bench = furnished(plan, folder)
    check_server(bench.caller)
    gathering = _Gathering(work, len(list(units(plan))), progress, bench.masker)
    settings = replace(settings, time="", until=plan.until, rate=f"{plan.rate / workers}/s" if plan.rate else "")
    options = [f"--conformance-option={name}={value}" for name, value in settings.items() if name != "url"]
    try:
        code = pytest.main(
            [
                "--pyargs",
                f"{__package__}.test_conformance",
                f"--conformance-url={settings.url}",
                *options,
                *("-n", str(workers), "-p", plugin.__name__, "-p", "no:terminal", "-p", "no:cacheprovider"),
                *("-c", os.devnull, "--rootdir", str(folder)),
            ],
            plugins=[gathering],
        )
    finally:
        told = plugin.told_by(gathering.config) if gathering.config else []
        stayed = _left_over(bench, folder / NAME, told)
        work.notes += stayed
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in _FINE or gathering.config is None:
        raise CannotRun(f"the processes could not be started (pytest says {code!s}).")
    _check_journals(told, stayed)
    for one in told:
        work.notes += one["notes"]
        bench.coverage.add(one["coverage"])
    return reported(bench, work)


def _check_journals(told: list[dict[str, Any]], stayed: list[str]) -> None:
    """Raises CannotRun, with a note for whatever stayed, where a process could not write to the journal."""
    for fault in [one["fault"] for one in told if one["fault"]][:1]:
        error = CannotRun(fault)
        for note in stayed:
            error.add_note(note)
        raise error


def _left_over(bench: Bench, journal: Path, told: list[dict[str, Any]]) -> list[str]:
    """Remove what a process that was killed had no time to remove."""
    unwritten = [entry for one in told for entry in json.loads(one["unwritten"])]
    return [bench.masker.text(f"not removed: {sentence}") for sentence in swept(bench, journal, unwritten)]

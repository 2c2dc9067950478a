"""A run that is shared by several processes: pytest-xdist hands them the units."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from . import plugin
from .bench import Bench, furnished
from .caller import CannotRun
from .clean import check_unused, swept
from .items import results_of
from .journal import NAME
from .masking import Masker
from .plan import Plan
from .results import Report, crashed
from .run import Progress, Work, reported, units
from .settings import Settings
from .users import check_users

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
    check_users(bench)
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
        work.notes += _left_over(bench, folder / NAME)
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code not in _FINE or gathering.config is None:
        raise CannotRun(f"the processes could not be started (pytest says {code!s}).")
    for told in plugin.told_by(gathering.config):
        work.notes += told["notes"]
        bench.coverage.add(told["coverage"])
    return reported(bench, work)


def _left_over(bench: Bench, journal: Path) -> list[str]:
    """Remove what a process that was killed had no time to remove."""
    return [bench.masker.text(f"not removed: {sentence}") for sentence in swept(bench, journal)]

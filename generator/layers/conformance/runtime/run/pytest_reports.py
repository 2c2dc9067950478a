"""Writes the reports of a run in a project's own pytest, with or without pytest-xdist."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ..api import Api
from ..context import build_context
from ..objects.journal import NAME
from ..plan import Plan
from ..reports.summary import summary
from ..reports.terminal import Terminal
from ..reports.writing import write
from ..results import Report
from .clean import check_unused
from .parallel import FINE, SharedRun
from .pytest_items import exit_on_cannot_run
from .settings import Settings
from .users import check_users


class PytestReports(SharedRun):
    """Writes the reports at the end of the session, in the process that started the others."""

    def __init__(self, settings: Settings, plan: Plan) -> None:
        super().__init__(build_context(plan, Path(settings.report)))
        self._settings = settings
        self._folder = Path(settings.report)
        self._report: Report | None = None

    def pytest_sessionstart(self) -> None:
        """Stop if an earlier run left objects: this one must not remove them."""
        with exit_on_cannot_run():
            check_unused(self._folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        """Check the users once, before several processes start."""
        with exit_on_cannot_run():
            self._folder.mkdir(parents=True, exist_ok=True)
            check_users(self.context)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the reports; a finding of no single item, such as a known failure that passes, fails the session."""
        if session.exitstatus not in FINE or not self.work.results:
            return
        with exit_on_cannot_run():
            self.context.rate_limit.cleaning_up = True
            self.clean_up(self._folder / NAME)
            self._report = self._settings.comparison().mark_report(self.build_report())
            write(self._report, self._folder)
        session.exitstatus = session.exitstatus or self._report.exit_code

    def pytest_terminal_summary(self) -> None:
        """Print the same summary as the command."""
        if self._report:
            summary(self._report, self._folder, Terminal())


def report_at_the_end(config: pytest.Config, settings: Settings, apis: Mapping[str, Api], current: str) -> None:
    """Write the reports at the end of the session, unless the command has started it and does so itself."""
    if not any(isinstance(one, SharedRun) for one in config.pluginmanager.get_plugins()):
        with exit_on_cannot_run():
            settings.comparison()
            config.pluginmanager.register(PytestReports(settings, settings.plan(apis, current)))

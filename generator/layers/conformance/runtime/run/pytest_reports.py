"""The reports of a run that a project's own pytest makes, alone or with the processes of pytest-xdist."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from ..context import furnished
from ..description import Api
from ..objects.journal import NAME
from ..plan import Plan
from ..reports.summary import summary
from ..reports.writing import write
from ..results import Report
from .clean import check_unused
from .parallel import FINE, Gathering
from .pytest_items import explained
from .settings import Settings
from .users import check_users


class Reporting(Gathering):
    """Writes the reports at the end of the session, in the process that started the others."""

    def __init__(self, settings: Settings, plan: Plan) -> None:
        super().__init__(furnished(plan, Path(settings.report)))
        self._settings = settings
        self._folder = Path(settings.report)
        self._report: Report | None = None

    def pytest_sessionstart(self) -> None:
        """What an earlier run left is not this one's to remove."""
        with explained():
            check_unused(self._folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self) -> None:
        """Before several processes start: each of them would ask the same."""
        with explained():
            self._folder.mkdir(parents=True, exist_ok=True)
            check_users(self.bench)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A verdict that no item has, such as a known failure that passes, is one of the session."""
        if session.exitstatus not in FINE or not self.work.results:
            return
        with explained():
            self.bench.pace.tidying = True
            self.tidied(self._folder / NAME)
            self._report = self._settings.comparison().judged(self.reported())
            write(self._report, self._folder)
        session.exitstatus = session.exitstatus or self._report.exit_code

    def pytest_terminal_summary(self) -> None:
        """The same as after the command."""
        if self._report:
            summary(self._report, self._folder, Console(highlight=False, soft_wrap=True))


def report_at_the_end(config: pytest.Config, settings: Settings, apis: Mapping[str, Api], current: str) -> None:
    """Write the reports when the session is over, unless the command has started it and does so itself."""
    if not any(isinstance(one, Gathering) for one in config.pluginmanager.get_plugins()):
        with explained():
            settings.comparison()
            config.pluginmanager.register(Reporting(settings, settings.plan(apis, current)))

"""The pytest plugin: the options of a run, its reports, and the messages of its processes.

Every pytest session of a project that installs the suite loads this module: what makes a run is imported when an
option asks for one.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from .run import worker_messages


def pytest_addoption(parser: pytest.Parser) -> None:
    """An option for each setting, such as `--conformance-url`."""
    group = parser.getgroup("conformance", "does a server do what the API description says?")
    group.addoption("--conformance-url", default="", metavar="URL", help="the server, such as http://127.0.0.1:8080")
    group.addoption(
        "--conformance-option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the command, such as api=v3, seed=7 or profile=read-only; may be repeated",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that make no sense before anything is collected; get ready to report."""
    url = config.getoption("--conformance-url")
    if not url and not config.getoption("--conformance-option"):
        return
    from .run.pytest_options import read_settings

    settings = read_settings(config)
    if url and not hasattr(config, "workerinput"):
        from .run.pytest_reports import report_at_the_end

        versions = import_module(".versions", __package__)
        report_at_the_end(config, settings, versions.APIS, versions.CURRENT)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist sends its report to the process that started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[worker_messages.KEY] = worker_messages.reports(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The process that started a worker keeps its report."""
    for report in getattr(node, "workeroutput", {}).get(worker_messages.KEY, []):
        worker_messages.add_report(node.config, report)

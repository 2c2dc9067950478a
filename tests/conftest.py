"""Tests that need a system program say so; a skip is listed, and a failure where all is required."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.programs import PROGRAMS, Programs
from tests.proofs import FULL

ROOT = Path(__file__).parent.parent
PACKAGES = {
    "ruby": "ruby",
    "chromium": "chromium",
    "node": "nodejs npm",
    "npm": "nodejs npm",
    "psql": "postgresql",
    "curl": "curl",
    "nginx": "nginx",
    "openssl": "openssl",
    "javac": "default-jdk-headless",
    "php": "php-cli",
    "go": "golang-go",
    "mcs": "mono-mcs libmono-system-net-http4.0-cil",
}
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

# Hundreds of processes import the same modules: they are compiled once, whatever the environment says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("default", deadline=None, derandomize=True, database=None, max_examples=100 if FULL else 30)
settings.load_profile("default")


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell; children inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "needs(program): the test needs this program on the PATH")
    config.addinivalue_line("markers", "slow: a proof that takes long, left to make test-full")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while modules and tests are read: they stay, and looking takes as long as reading."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()  # what stays is looked through no more, which takes a tenth of many a test
        gc.enable()


def pytest_unconfigure() -> None:
    PROGRAMS.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        program = marker.args[0]
        if shutil.which(program) is None:
            pytest.skip(f"{program} is missing: install the package {PACKAGES.get(program, program)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for title, text in getattr(report, "user_properties", ()):
            terminalreporter.section(title)
            terminalreporter.line(text)
    reasons = sorted({str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", [])})
    if reasons:
        terminalreporter.section("skipped")
        for reason in reasons:
            terminalreporter.line(reason.removeprefix("Skipped: "))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter is not None and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def program() -> Programs:
    """Run a program of this project until it ends."""
    return PROGRAMS


@pytest.fixture(scope="module")  # while it is open, no other test of the process can run an event loop
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=shutil.which("chromium"))
        yield chromium
        chromium.close()

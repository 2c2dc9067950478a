"""The progress of a run: a bar on a terminal, and no control code in a log."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import pytest

from procwise_conformance.cli.progress import show_progress
from procwise_conformance.reports.summary import summary
from procwise_conformance.reports.terminal import Terminal
from tests.conformance.reports.samples import make_finding, make_report


class Screen(io.StringIO):
    """What a terminal gets."""

    def isatty(self) -> bool:
        return True


def run_two_steps() -> None:
    with show_progress() as step:
        step("signature", 1, 7)
        step("model", 2, 7)


def test_a_terminal_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("procwise_conformance.cli.progress.messages", Terminal(stderr=True))
    with show_progress() as step:
        step("model", 2, 7)
        until = time.monotonic() + 60
        while "2/7" not in screen.getvalue() and time.monotonic() < until:  # it is drawn ten times a second
            time.sleep(0.05)
    assert "2/7" in screen.getvalue()
    assert "model" in screen.getvalue()


@pytest.mark.parametrize("name", ["FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "GITHUB_ACTIONS", "CI"])
def test_a_log_holds_nothing_of_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """CI systems ask for colours in logs, which are no terminals."""
    monkeypatch.setenv(name, "1")
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    run_two_steps()
    assert log.getvalue() == ""


def test_a_log_that_is_silent_for_long_gets_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procwise_conformance.cli.progress._QUIET_SECONDS", 0.0)
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    run_two_steps()
    assert log.getvalue().splitlines() == [
        "1 of 7 pieces of work are done; now: signature",
        "2 of 7 pieces of work are done; now: model",
    ]


def test_the_summary_is_a_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Verdict first, causes as far as they fit, what to do next at the end."""
    findings = [make_finding(f"SCH-{n:03} showExam", layer="schema", observed=f"{n}: other") for n in range(60)]
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "170")
    monkeypatch.setenv("LINES", "40")
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    summary(make_report(*findings), tmp_path, Terminal())
    lines = screen.getvalue().splitlines()
    assert "does not conform" in lines[0]
    assert len(lines) <= 40
    assert any("more in the report" in line for line in lines)
    assert any("Next:" in line for line in lines[-8:])

"""The progress of a run: a bar on a terminal, and no control code in a log."""

from __future__ import annotations

import io
import os
import pty
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from procwise_conformance.cli.progress import show_progress
from procwise_conformance.reports.summary import summary
from procwise_conformance.reports.terminal import Terminal
from tests.conformance.reports.samples import make_finding, make_report


@contextmanager
def open_terminal() -> Iterator[tuple[int, IO[str]]]:
    """A terminal: what is written to the file is read from the descriptor."""
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w", encoding="utf-8") as file:
        yield reader, file
    os.close(reader)


def run_two_steps() -> None:
    with show_progress() as step:
        step("signature", 1, 7)
        step("model", 2, 7)


def test_a_terminal_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    with open_terminal() as (reader, file):
        monkeypatch.setattr(sys, "stderr", file)
        monkeypatch.setattr("procwise_conformance.cli.progress.messages", Terminal(stderr=True))
        with show_progress() as step:
            step("model", 2, 7)
            shown = ""
            while "2/7" not in shown and select.select([reader], [], [], 30)[0]:  # it is drawn ten times a second
                shown += os.read(reader, 65_536).decode()
    assert "2/7" in shown
    assert "model" in shown


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


def test_the_summary_is_a_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory) -> None:
    """Verdict first, causes as far as they fit, what to do next at the end."""
    findings = [make_finding(f"SCH-{n:03} showExam", layer="schema", observed=f"{n}: other") for n in range(60)]
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "170")
    monkeypatch.setenv("LINES", "40")
    with open_terminal() as (reader, file):
        monkeypatch.setattr(sys, "stdout", file)
        summary(make_report(*findings), tmp_path, Terminal())  # type: ignore[arg-type]
        file.flush()
        lines = os.read(reader, 65_536).decode().splitlines()
    assert "does not conform" in lines[0]
    assert len(lines) <= 40
    assert any("more in the report" in line for line in lines)
    assert any("Next:" in line for line in lines[-8:])

"""A project's own pytest runs the suite: the options of the command, and its reports at the end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.conftest import Command, Outcome, run_pytest
from tests.conformance.servers.model_server import Model, serve
from tests.proofs import mark_slow

WRONG = "nonce reuse accepted"
FEW = {"operations": "showBook,listBooks", "include-check": "SIG-00*", "max-examples": "1"}
REPORTS = {"report.json", "report.html", "junit.xml", "report.md", "report.sarif"}


def session(packages: Path, folder: Path, url: str, *more: str, **options: str) -> Outcome:
    """A session of pytest in a project with one test of its own, which fails."""
    own = folder.parent / "test_own.py"
    own.write_text("def test_own():\n    assert False\n", "utf-8")
    asked = {**FEW, "report": str(folder), **options}
    given = (f"--conformance-option={name}={value}" for name, value in asked.items())
    done = run_pytest(packages, folder.parent, str(own), *more, *given, f"--conformance-url={url}")
    return Outcome(done.code, done.out, done.err, folder)


@pytest.mark.parametrize("processes", [(), mark_slow(("-n", "2"))])
def test_the_reports_are_those_of_the_command(
    shelf_packages: Path,
    shelf_conformance: Command,
    model: Callable[..., Model],
    tmp_path: Path,
    processes: tuple[str, ...],
) -> None:
    with serve(model("shelf", WRONG)) as url:
        command = shelf_conformance(url, *(word for name, value in FEW.items() for word in (f"--{name}", value)))
        outcome = session(shelf_packages, tmp_path / "here", url, *processes)
    assert outcome.code == 1
    assert {path.name for path in outcome.folder.iterdir()} == REPORTS
    reported, same = outcome.report, command.report
    assert outcome.broken_ids() == {"SIG-009 showBook", "SIG-009 listBooks"}
    for part in ("summary", "notes", "operations"):
        assert reported[part] == same[part], part
    assert {result["id"] for result in reported["results"]} == {result["id"] for result in same["results"]}
    assert [one["exercised"] for one in reported["coverage"]] == [one["exercised"] for one in same["coverage"]]
    assert "The server does not conform: 2 broken MUST" in outcome.output


@pytest.mark.slow
def test_known_failures_and_a_baseline(shelf_packages: Path, model: Callable[..., Model], tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    known.write_text("SIG-009 * # in spring\n", "utf-8")
    first = tmp_path / "first"
    not_own = ("--deselect", "test_own.py::test_own")
    with serve(model("shelf", WRONG)) as url:
        codes = [
            session(shelf_packages, first, url, *not_own).code,
            session(shelf_packages, tmp_path / "b", url, *not_own, known=str(known)).code,
            session(shelf_packages, tmp_path / "c", url, *not_own, baseline=str(first / "report.json")).code,
        ]
    assert codes == [1, 0, 0]
    with serve(model("shelf")) as url:
        mended = session(shelf_packages, tmp_path / "d", url, *not_own, known=str(known))
    assert (mended.code, mended.broken_ids()) == (1, {"RUN-002 SIG-009 *"})
    assert "known.txt:1" in mended.output
    absent = session(shelf_packages, tmp_path / "e", "http://127.0.0.1:1", known="absent.txt")
    assert (absent.code, "absent.txt cannot be read" in absent.errors + absent.output) == (2, True)


@pytest.mark.slow
def test_a_session_that_runs_nothing_of_it_imports_next_to_nothing() -> None:
    """Every session of a project that has the suite installed loads the plugin."""
    program = (
        "import sys, procwise_conformance.plugin; print(*{'hypothesis', 'requests', 'schemathesis'} & {*sys.modules})"
    )
    program += "\nfrom procwise_conformance import APIS, Plan, run; print(sorted(APIS), run.__name__, Plan.__name__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["", "['v1', 'v3'] run Plan"]


@pytest.mark.parametrize(("word", "sent"), [mark_slow("true", True), ("False", False)])
def test_yes_and_no_are_read(shelf_packages: Path, tmp_path: Path, word: str, sent: bool) -> None:
    """An address that nobody has: with the leave it is called, without it that is refused."""
    outcome = session(shelf_packages, tmp_path / "here", "http://server.invalid", i_own_this=word)
    assert outcome.code == 2
    assert ("is not this machine" in outcome.errors + outcome.output) != sent
    assert "Traceback" not in outcome.errors

"""Known failures: reasons, days on which they end, and entries that hit nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from procwise_conformance.errors import CannotRun
from procwise_conformance.reports.baseline import Comparison
from procwise_conformance.reports.known import read_known
from procwise_conformance.results import Report
from tests.conformance.reports.samples import make_finding, make_report, make_result

TODAY = date(2026, 11, 30)


def compare(folder: Path, lines: str, report: Report) -> Report:
    path = folder / "known.txt"
    path.write_text(lines, "utf-8")
    return Comparison(expected=read_known(path), today=TODAY).mark_report(report)


@pytest.mark.parametrize(
    ("until", "state", "code"),
    [("", "holds", 0), (" until 2026-11-30", "holds", 0), (" until 2026-11-29", "expired", 1)],
)
def test_an_entry_holds_through_its_last_day(tmp_path: Path, until: str, state: str, code: int) -> None:
    report = compare(tmp_path, f"SIG-006 show*{until} # mended in spring\n", make_report(make_finding()))
    (entry,), (result,) = report.known, report.results
    assert (report.exit_code, entry.state, entry.reason, entry.ids) == (
        code,
        state,
        "mended in spring",
        ("SIG-006 showExam",),
    )
    assert result.known == ("mended in spring" if code == 0 else "")
    assert result.expired == ("known.txt:1 held until 2026-11-29: mended in spring" if code else "")


def test_an_expired_entry_says_so(tmp_path: Path) -> None:
    report = compare(tmp_path, "# agreed on\nSIG-* until 2025-01-01 # later\n", make_report(make_finding()))
    assert report.notes[-1] == "known.txt:2: 'SIG-*' held until 2025-01-01, so 1 findings count again"


def test_another_entry_may_still_hold(tmp_path: Path) -> None:
    lines = "SIG-* until 2025-01-01 # all\nSIG-006 * # this one\n"
    assert compare(tmp_path, lines, make_report(make_finding())).results[0].known == "this one"


def test_an_entry_that_hits_nothing_is_reported(tmp_path: Path) -> None:
    skipped = make_result("SIG-010 showExam", status="skipped")
    report = compare(tmp_path, "SIG-999 * # mistyped\nSIG-010 * # not tried\n", make_report(make_finding(), skipped))
    assert [entry.state for entry in report.known] == ["hits nothing", "hits nothing"]
    assert [note.partition(": ")[0] for note in report.notes[-2:]] == ["known.txt:1", "known.txt:2"]


def test_what_passes_fails_the_run_until_its_line_is_gone_and_not_after_its_day(tmp_path: Path) -> None:
    passed = make_report(make_result())
    holding = compare(tmp_path, "SIG-006 * until 2027-01-01 # later\n", passed)
    assert [result.id for result in holding.findings] == ["RUN-002 SIG-006 *"]
    over = compare(tmp_path, "SIG-006 * until 2026-01-01 # later\n", passed)
    assert (over.exit_code, over.known[0].state) == (0, "passes")
    assert over.notes[-1].endswith("passes: remove the line")


@pytest.mark.parametrize("day", ["2026-13-01", "spring", "30.11.2026"])
def test_what_is_no_day_is_refused(tmp_path: Path, day: str) -> None:
    with pytest.raises(CannotRun, match=r"known\.txt:1: .* is no day"):
        compare(tmp_path, f"SIG-006 * until {day} # later\n", make_report())

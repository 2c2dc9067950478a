"""Two reports compared: what is new, gone and the same, and what was not tried again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procwise_conformance.reports.baseline import Comparison, read_baseline
from procwise_conformance.reports.summary import summary
from procwise_conformance.reports.terminal import Terminal
from procwise_conformance.reports.writing import write
from procwise_conformance.results import Changes, Report
from tests.conformance.reports.samples import make_finding, make_report, make_result
from tests.conformance.reports.written import read_json

OLD, NEW = make_finding("SIG-006 showExam"), make_finding("SIG-009 showExam", clause="x-signing.nonce")
EARLIER = (
    OLD,
    make_finding("SIG-010 showExam"),
    make_finding("SIG-011 showExam"),
    make_finding("SCH-005 listExams", detail="type"),
)


def compare(folder: Path, *results: Any) -> Report:
    write(make_report(*EARLIER, started="2026-11-01T00:00:00+00:00", seed=3), folder)
    comparison = Comparison(expected=(), before=read_baseline(folder / "report.json"))
    return comparison.mark_report(make_report(*results))


NOW = (
    OLD,
    NEW,
    make_result("SIG-010 showExam"),
    make_result("SIG-011 showExam", status="skipped"),
    make_finding("SCH-005 listExams", detail="required"),
)


def test_each_finding_is_in_its_place(tmp_path: Path) -> None:
    report = compare(tmp_path, *NOW)
    assert report.changes == Changes(
        started="2026-11-01T00:00:00+00:00",
        seed=3,
        new=("SIG-009 showExam", "SCH-005 listExams (required)"),
        same=("SIG-006 showExam",),
        gone=("SIG-010 showExam", "SCH-005 listExams (type)"),
        untried=("SIG-011 showExam",),
    )
    assert {one.id: (one.since, one.counts) for one in report.findings} == {
        "SIG-006 showExam": ("same", False),
        "SIG-009 showExam": ("new", True),
        "SCH-005 listExams": ("new", True),
    }


def test_every_form_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = compare(tmp_path, *NOW)
    write(report, tmp_path)
    summary(report, tmp_path, Terminal())
    words = "2 new, 2 gone, 1 the same, 1 not tried now"
    assert read_json(tmp_path)["changes"]["gone"] == ["SIG-010 showExam", "SCH-005 listExams (type)"]
    assert words in capsys.readouterr().out
    for name in ("report.html", "report.md"):
        assert words in (tmp_path / name).read_text("utf-8"), name
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<li>SIG-011 showExam</li>" in page
    (run,) = read_json(tmp_path, "report.sarif")["runs"]
    assert {one["properties"]["id"]: one["baselineState"] for one in run["results"]}["SIG-006 showExam"] == "unchanged"


def test_nothing_is_compared_without_an_earlier_report(tmp_path: Path) -> None:
    report = Comparison(expected=()).mark_report(make_report(*NOW))
    assert (report.changes, {one.since for one in report.results}) == (None, {""})

"""SARIF and JUnit as code hosts read them: by the published schema, and by what GitHub and GitLab say of themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from procwise_conformance.reports.writing import write
from tests.conformance.reports.samples import make_finding, make_report
from tests.conformance.reports.test_hostile_server import HOSTILE
from tests.conformance.reports.written import read_json

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text("utf-8"))


def write_run(folder: Path, **values: Any) -> dict[str, Any]:
    write(make_report(**values), folder)
    (run,) = read_json(folder, "report.sarif")["runs"]
    return dict(run)


@pytest.mark.parametrize("text", ["", HOSTILE])
def test_sarif_is_as_its_schema_says(tmp_path: Path, text: str) -> None:
    """The schema is that of OASIS, without what the suite does not write: another member is a fault here."""
    write(make_report(text=text), tmp_path)
    validator = jsonschema_rs.Draft4Validator(SCHEMA, validate_formats=True)
    assert [error.message for error in validator.iter_errors(read_json(tmp_path, "report.sarif"))] == []


def test_every_finding_is_an_alert_of_its_own(tmp_path: Path) -> None:
    """GitHub tells alerts apart by rule, file and `primaryLocationLineHash`, and shows a rule's help."""
    twice = (make_finding("SCH-005 listExams", detail="type"), make_finding("SCH-005 listExams", detail="required"))
    write(make_report(*twice, make_finding()), tmp_path)
    (run,) = read_json(tmp_path, "report.sarif")["runs"]
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len({*marks}) == 3
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert all(rule["help"]["markdown"] and rule["fullDescription"]["text"] for rule in rules)


def test_sarif_says_what_counts(tmp_path: Path) -> None:
    results = {result["properties"]["id"]: result for result in write_run(tmp_path)["results"]}
    assert results["SIG-010 listExams"]["suppressions"][0]["justification"] == "in spring"
    assert "suppressions" not in results["SIG-006 showExam"]
    assert {results[name]["level"] for name in ("SIG-006 showExam", "MOD-041 createExam")} == {"error", "warning"}
    assert "(documented, " in results["SIG-006 showExam"]["message"]["text"]


def test_sarif_names_the_line_of_the_operation(tmp_path: Path) -> None:
    (result,) = [one for one in write_run(tmp_path)["results"] if one["properties"]["id"] == "SIG-006 showExam"]
    place = result["locations"][0]["physicalLocation"]
    path = Path(__file__).parents[3] / "generated/conformance/procwise_conformance" / place["artifactLocation"]["uri"]
    lines = path.read_text("utf-8").splitlines()
    assert lines[place["region"]["startLine"] - 1] == '      "get": {'
    before = [line for line in lines[: place["region"]["startLine"]] if line.startswith('    "/')]
    assert before[-1] == '    "/exams/{id}": {'


def test_gitlab_keeps_every_case(tmp_path: Path) -> None:
    """It drops a case whose class and name another one has, and shows the text of a failure."""
    twice = make_finding("SCH-005 listExams", detail="type")
    write(make_report(twice, twice, make_finding("SCH-005 listExams", detail="required")), tmp_path)
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len({*names}) == len(names) == 3
    text = str(next(root.iter("failure")).text)
    for part in ("expected: refused", "came back: 200", "its source: documented", "curl -gsS"):
        assert part in text


def test_junit_counts_the_whole(tmp_path: Path) -> None:
    write(make_report(), tmp_path)
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert {name: root.get(name) for name in ("tests", "failures", "skipped", "errors", "time")} == {
        "tests": "10", "failures": "4", "skipped": "1", "errors": "1", "time": "41.5",
    }  # fmt: skip
    for name in ("tests", "failures", "skipped", "errors"):
        assert sum(int(suite.get(name, "")) for suite in root) == int(root.get(name, "")), name

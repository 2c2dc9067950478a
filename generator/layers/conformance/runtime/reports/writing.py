"""Writes a report as `report.json`, `report.html`, `junit.xml` and `report.sarif`. It has been masked before."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

from jinja2 import Environment, PackageLoader, StrictUndefined

from ..errors import CannotRun
from ..results import ERROR, FAILED, MUST, PASSED, SHOULD, SKIPPED, Report, Result
from .causes import group_findings
from .sarif import as_sarif

SCHEMA = "procwise-conformance/2"
REMARK = "remark"
_MARKS: Mapping[str, str] = {FAILED: "✗", REMARK: "!", PASSED: "✓", ERROR: "?", SKIPPED: "-", "": ""}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, folder: Path) -> None:
    """Write all files completely, or none; raises CannotRun if that is not possible."""
    texts = {
        "report.json": as_json(report),
        "report.html": as_html(report),
        "junit.xml": as_junit(report),
        "report.sarif": as_sarif(report),
    }
    unfinished = {name: folder / f"{name}.part" for name in texts}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            unfinished[name].write_text(text, encoding="utf-8", errors="backslashreplace")
        for name in texts:
            unfinished[name].replace(folder / name)
    except OSError as error:
        raise CannotRun(f"the reports cannot be written to {folder}: {error.strerror}.") from None
    finally:
        for part in unfinished.values():
            part.unlink(missing_ok=True)


def check_writable(folder: Path) -> None:
    """Before the run, and not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"the reports cannot be written to {folder}: {error.strerror}.") from None


def verdict(report: Report) -> str:
    """The outcome in one sentence."""
    broken = Counter("known" if result.known else result.level for result in report.findings)
    if not report.findings:
        if not report.tried_any and not report.errors:
            return f"Nothing could be tried, so there is no verdict: {report.count_of(SKIPPED)} checks were skipped."
        if report.errors:
            return f"No finding, but no verdict either: the suite failed at {len(report.errors)} checks."
        return f"The server conforms: {_counts_of_checks(report)}."
    first = "conforms" if report.conforms else "does not conform"
    known = f", {broken['known']} known" if broken["known"] else ""
    counts = _counts_of_checks(report)
    return f"The server {first}: {broken[MUST]} broken MUST, {broken[SHOULD]} broken SHOULD{known}, {counts}."


def _counts_of_checks(report: Report) -> str:
    skipped = report.count_of(SKIPPED)
    return f"{report.count_of(PASSED)} checks passed" + (f", {skipped} not tried" if skipped else "")


def as_json(report: Report) -> str:
    """The whole report; its shape is documented in the package's README and named by `schema`."""
    data = {
        "schema": SCHEMA,
        **{name: value for name, value in asdict(report).items() if name != "results"},
        "conforms": report.conforms,
        "summary": {status: report.count_of(status) for status in (PASSED, FAILED, SKIPPED, ERROR)},
        "groups": [group.as_data() for group in group_findings(report.findings)],
        "results": [asdict(result) for result in report.results],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_html(report: Report) -> str:
    """One page that needs nothing else."""
    pages = PackageLoader(__package__, "pages")
    environment = Environment(
        loader=pages, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    silent = [reached for reached in report.coverage if not reached.exercised]
    values = {"report": report, "verdict": verdict(report), "matrix": _matrix(report), "marks": _MARKS}
    values["groups"] = group_findings(report.findings)
    values["numbers"] = {result.check: result.id.partition(" ")[0] for result in report.results}
    values |= {"silent": silent, "unexercised": {reached.operation for reached in silent}}
    return environment.get_template("report.html").render(values)


def as_junit(report: Report) -> str:
    """One suite per phase, one case per result; a broken SHOULD is no failure there."""
    root = ElementTree.Element("testsuites", name=f"conformance {report.api}")
    for layer in dict.fromkeys(result.layer for result in report.results):
        results = [result for result in report.results if result.layer == layer]
        failures = sum(_fails(result) for result in results)
        skipped = sum(result.status == SKIPPED for result in results)
        errors = sum(result.status == ERROR for result in results)
        counts = {"tests": len(results), "failures": failures, "skipped": skipped, "errors": errors}
        suite = ElementTree.SubElement(root, "testsuite", {"name": layer, "timestamp": report.started})
        suite.attrib.update({name: str(count) for name, count in counts.items()})
        for result in results:
            _case(suite, result)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, result: Result) -> None:
    name = _xml(f"{result.id}: {result.check}")
    case = ElementTree.SubElement(suite, "testcase", classname=_xml(result.operation), name=name)
    text = f"expected: {result.expected}\ncame back: {result.observed}\nclause: {result.clause}\n{result.request}"
    if _fails(result):
        ElementTree.SubElement(case, "failure", message=_xml(result.observed)).text = _xml(text)
    elif result.status == ERROR:
        ElementTree.SubElement(case, "error", message=_xml(result.observed))
    elif result.status == SKIPPED:
        ElementTree.SubElement(case, "skipped", message=_xml(result.observed))
    elif result.is_finding:
        ElementTree.SubElement(case, "system-out").text = _xml(f"{result.level}: {text}")


def _fails(result: Result) -> bool:
    return result.counts


def _xml(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _matrix(report: Report) -> list[tuple[str, list[str]]]:
    worst: dict[tuple[str, str], str] = {}
    for result in report.results:
        place, status = (result.operation, result.check), _status(result)
        worst[place] = min(worst.get(place, status), status, key=list(_MARKS).index)
    operations = dict.fromkeys((*report.operations, *(result.operation for result in report.results)))
    return [(o, [worst.get((o, check), "") for check in report.checks]) for o in operations]


def _status(result: Result) -> str:
    return REMARK if result.is_finding and not result.counts else result.status

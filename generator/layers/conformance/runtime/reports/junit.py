"""A report in the JUnit format, as GitHub's actions and GitLab show it."""

from __future__ import annotations

from xml.etree import ElementTree

from ..results import ERROR, SKIPPED, Report, Result
from .terminal import escape_controls
from .verdicts import describe_source


def as_junit(report: Report) -> str:
    """One suite per phase, one case per result; a broken SHOULD is no failure there.

    GitLab keeps one of several cases with the same class and name, so that every name is another one.
    """
    results, errors = report.results, len(report.errors)
    failures, skipped = sum(result.counts for result in results), report.count_of(SKIPPED)
    root = ElementTree.Element("testsuites", name=f"conformance {report.api}", time=str(report.seconds))
    root.attrib |= _count(tests=len(results), failures=failures, skipped=skipped, errors=errors)
    seen: dict[str, int] = {}
    for layer in dict.fromkeys(result.layer for result in results):
        _add_suite(root, report, layer, seen)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_suite(root: ElementTree.Element, report: Report, layer: str, seen: dict[str, int]) -> None:
    results = [result for result in report.results if result.layer == layer]
    failures, skipped, errors = (
        sum(map(test, results)) for test in (_fails, lambda one: one.status == SKIPPED, lambda one: one.status == ERROR)
    )
    suite = ElementTree.SubElement(root, "testsuite", {"name": layer, "timestamp": report.started})
    suite.attrib |= _count(tests=len(results), failures=failures, skipped=skipped, errors=errors)
    for result in results:
        name = f"{result.id}: {result.check}" + (f" ({result.detail})" if result.is_finding and result.detail else "")
        seen[name] = seen.get(name, 0) + 1
        _add_case(suite, result, name if seen[name] == 1 else f"{name} [{seen[name]}]")


def _add_case(suite: ElementTree.Element, result: Result, name: str) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=escape_controls(result.operation))
    case.set("name", escape_controls(name))
    message = escape_controls(result.observed)
    if _fails(result):
        failure = ElementTree.SubElement(case, "failure", message=message, type=result.level)
        failure.text = escape_controls(_describe(result))
    elif result.status == ERROR:
        ElementTree.SubElement(case, "error", message=message, type="suite").text = message
    elif result.status == SKIPPED:
        needs = f"; give {result.needs}" if result.needs else ""
        ElementTree.SubElement(case, "skipped", message=message + escape_controls(needs))
    elif result.is_finding:
        reason = f" (known: {result.known})" if result.known else ""
        ElementTree.SubElement(case, "system-out").text = escape_controls(
            f"{result.level}{reason}: {_describe(result)}"
        )


def _describe(result: Result) -> str:
    says = result.says
    lines = {
        "expected": result.expected,
        "came back": result.observed,
        "clause": result.clause,
        "the description": says.text if says else "",
        "its source": describe_source(result),
        "likely cause": result.cause,
        "known no longer": result.expired,
    }
    return "\n".join([*(f"{name}: {text}" for name, text in lines.items() if text), result.request])


def _count(**counts: int) -> dict[str, str]:
    return {name: str(count) for name, count in counts.items()}


def _fails(result: Result) -> bool:
    return result.counts

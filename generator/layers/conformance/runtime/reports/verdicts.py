"""The outcome of a run in words and numbers, the same in every form of the report."""

from __future__ import annotations

from collections import Counter

from ..results import ERROR, FAILED, MUST, PASSED, SHOULD, SKIPPED, Changes, Need, Report, Result, ResultStatus

REMARK = "remark"
MARKS = {FAILED: "✗", REMARK: "!", ERROR: "?", PASSED: "✓", SKIPPED: "-", "": ""}  # the worst first


def verdict(report: Report) -> str:
    """The outcome in one sentence."""
    broken = Counter("known" if result.known else result.level for result in report.findings)
    if not report.findings:
        if not report.tried_any and not report.errors:
            return f"Nothing could be tried, so there is no verdict: {report.count_of(SKIPPED)} checks were skipped."
        if report.errors:
            return f"No finding, but no verdict either: the suite failed at {len(report.errors)} checks."
        return f"The server conforms: {_count_checks(report)}."
    first = "conforms" if report.conforms else "does not conform"
    known = f", {broken['known']} known" if broken["known"] else ""
    counts = _count_checks(report)
    return f"The server {first}: {broken[MUST]} broken MUST, {broken[SHOULD]} broken SHOULD{known}, {counts}."


def _count_checks(report: Report) -> str:
    skipped = report.count_of(SKIPPED)
    return f"{report.count_of(PASSED)} checks passed" + (f", {skipped} not tried" if skipped else "")


def status_of(result: Result) -> ResultStatus | str:
    """The status of a result; `remark` for a finding that does not decide the exit code."""
    return REMARK if result.is_finding and not result.counts else result.status


def describe_changes(changes: Changes) -> str:
    """The numbers of a comparison with an earlier report in one sentence."""
    untried = f", {len(changes.untried)} not tried now" if changes.untried else ""
    counts = f"{len(changes.new)} new, {len(changes.gone)} gone, {len(changes.same)} the same{untried}"
    return f"Beside the report of {changes.started}: {counts}."


def describe_need(need: Need) -> str:
    """How much was not tried, and why."""
    checks = {check for ids in need.untried.values() for check in ids}
    named = f"{_count(len(checks), 'check')} of " if checks else ""
    operations = [*need.untried]
    where = operations[0] if len(operations) == 1 else f"{len(operations)} operations"
    return f"{named}{where} not tried: {need.why}"


def describe_source(result: Result) -> str:
    """Whether what the description says there is documented, and where; empty if it does not say so."""
    says = result.says
    if says is None:
        return ""
    return f"{says.confidence}, {says.source}" if says.source else says.confidence


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

"""A report as lines on a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..results import MUST, SHOULD, SKIPPED, Report
from .causes import Group, group_findings
from .writing import verdict

_MOST_SHOWN = 20
_MOST_NAMED = 5


def summary(report: Report, folder: Path, console: Console) -> None:
    """Print findings, notes, counts by phase and the verdict."""
    groups = group_findings(report.findings)
    entries = (*groups, *(Group(cause="", results=(error,)) for error in report.errors))
    for group in entries[:_MOST_SHOWN]:
        _print_group(group, console)
    if len(entries) > _MOST_SHOWN:
        console.print(f"… and {len(entries) - _MOST_SHOWN} more in the report")
    for note in report.notes:
        console.print(f"note: {note}", markup=False)
    _silent(report, console)
    _holes(report, console)
    console.print(_counts(report))
    console.print(f"{verdict(report)} ({report.seconds:.0f} s, seed {report.seed})", markup=False)
    console.print(f"Report: {folder / 'report.html'}", markup=False)


def print_operations(report: Report, console: Console) -> None:
    """Print what was seen of each operation: how often, with which statuses, and how many findings."""
    seen = [reached for reached in report.coverage if reached.requests]
    for reached in seen[:_MOST_SHOWN]:
        findings = sum(result.operation == reached.operation for result in report.findings)
        statuses = ", ".join(f"{count} times {status}" for status, count in reached.statuses.items())
        found = f"; {findings} finding{'s' * (findings != 1)}" if findings else ""
        console.print(f"{reached.operation}: {statuses}{found}", markup=False)
    if len(seen) > _MOST_SHOWN:
        console.print(f"… and {len(seen) - _MOST_SHOWN} more operations in the report")


def _print_group(group: Group, console: Console) -> None:
    """One cause: the finding that stands for it, how many there are, and where."""
    result, count = group.first, len(group.results)
    ids = ", ".join(dict.fromkeys(one.id for one in group.results[:_MOST_NAMED]))
    more = f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
    style = "dim" if result.known else "red" if result.level == MUST else "yellow"
    known = f" (known: {result.known})" if result.known else ""
    console.print(f"{result.level} {ids}{more}{known}", style=style, markup=False)
    console.print(f"  {result.check}: expected {result.expected}", markup=False)
    console.print(f"  {result.observed}", markup=False)
    if result.cause:
        console.print(f"  likely cause: {result.cause}", markup=False)
    if len(group.checks) > 1:
        checks, operations = len(group.checks), len(group.operations)
        console.print(f"  it explains {count} findings: {checks} checks, {operations} operations", markup=False)


def _silent(report: Report, console: Console) -> None:
    silent = [
        f"{reached.operation}{': give ' if reached.needs else ''}{reached.needs}"
        for reached in report.coverage
        if not reached.exercised
    ]
    if silent:
        console.print(f"note: never answered with success: {len(silent)} operations", markup=False)
        for operation in silent[:_MOST_SHOWN]:
            console.print(f"  {operation}", markup=False)
        if len(silent) > _MOST_SHOWN:
            console.print(f"  … and {len(silent) - _MOST_SHOWN} more in the report")


def _holes(report: Report, console: Console) -> None:
    """One line: a server may leave them open, but its operator must know of them."""
    ids = [result.id for result in report.holes]
    if ids:
        console.print(f"ADVISORY: holes of the scheme that are there: {len(ids)} ({', '.join(ids)})", markup=False)


def _counts(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    for layer in dict.fromkeys(result.layer for result in report.results):
        results = [result for result in report.results if result.layer == layer]
        findings = [result for result in results if result.is_finding]
        must, should = (sum(r.level == level and not r.known for r in findings) for level in (MUST, SHOULD))
        known = sum(bool(result.known) for result in findings)
        skipped = sum(result.status == SKIPPED for result in results)
        tried = f"{len(results) - skipped} checks"
        rest = (f"{known} known" if known else "", f"{skipped} not tried" if skipped else "")
        table.add_row(layer, tried, f"{must} broken MUST", f"{should} broken SHOULD", *filter(None, rest))
    return table

"""A report as lines on a terminal: a screen with the verdict, the groups, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..results import MUST, SHOULD, SKIPPED, WATCHED, Report
from .causes import Group, group_findings
from .statements import add_statements
from .terminal import cut_text
from .verdicts import describe_changes, describe_need, describe_source, verdict

_MOST_SHOWN, _FEWEST_SHOWN = 20, 3
_LINES_PER_GROUP, _OTHER_LINES = 5, 16
_MOST_NAMED, _MOST_NEEDS, _MOST_NOTES = 3, 5, 8
_LONGEST = 160


def summary(report: Report, folder: Path, console: Console) -> None:
    """Print the verdict, the groups of findings, notes, counts by phase, and what to do next."""
    report = add_statements(report)
    style = "bold green" if report.conforms else "bold red" if report.exit_code == 1 else "bold yellow"
    console.print(f"{verdict(report)} ({report.seconds:.0f} s, seed {report.seed})", style=style, markup=False)
    if report.changes:
        console.print(describe_changes(report.changes), markup=False)
    _print_groups(report, console)
    _print_notes(report, console)
    console.print(_count_by_phase(report))
    _print_next_steps(report, folder, console)


def _print_groups(report: Report, console: Console) -> None:
    groups = group_findings(report.findings)
    entries = (*groups, *(Group(cause="", results=(error,)) for error in report.errors))
    most = _MOST_SHOWN
    if console.is_terminal and console.file.isatty():
        most = min(most, max(_FEWEST_SHOWN, (console.height - _OTHER_LINES) // _LINES_PER_GROUP))
    for group in entries[:most]:
        _print_group(group, console)
    if len(entries) > most:
        console.print(f"… and {len(entries) - most} more in the report")


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
    remarks = {"known": result.known, "known no longer": result.expired, "new": result.since == "new" and "yes"}
    words = "".join(f" ({name}{'' if name == 'new' else f': {text}'})" for name, text in remarks.items() if text)
    console.print(cut_text(f"{result.level} {ids}{more}{words}", _LONGEST), style=style, markup=False)
    console.print(cut_text(f"  {result.check}: expected {result.expected}", _LONGEST), markup=False)
    source = f" (described: {describe_source(result)})" if result.says else ""
    console.print(cut_text(f"  came back: {result.observed}{source}", _LONGEST), markup=False)
    if result.cause:
        console.print(cut_text(f"  likely cause: {result.cause}", _LONGEST), markup=False)
    if len(group.checks) > 1:
        checks, operations = len(group.checks), len(group.operations)
        console.print(f"  it explains {count} findings: {checks} checks, {operations} operations", markup=False)


def _print_notes(report: Report, console: Console) -> None:
    """Sentences about the run; the holes are one, since a server may leave them open."""
    notes = [f"note: {note}" for note in report.notes]
    holes = [result.id for result in report.holes]
    if holes:
        named = f"{', '.join(holes[:_MOST_NAMED])}{', …' if len(holes) > _MOST_NAMED else ''}"
        notes.append(f"ADVISORY: holes of the scheme that are there: {len(holes)} ({named})")
    silent = sum(not reached.exercised for reached in report.coverage)
    if silent:
        notes.append(f"note: never responded with success: {silent} of {len(report.coverage)} operations")
    for note in notes[:_MOST_NOTES]:
        console.print(cut_text(note, _LONGEST), markup=False)
    if len(notes) > _MOST_NOTES:
        console.print(f"… and {len(notes) - _MOST_NOTES} more notes in the report")


def _count_by_phase(report: Report) -> Table:
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


def _print_next_steps(report: Report, folder: Path, console: Console) -> None:
    console.print("Next:", style="bold")
    for step in _list_next_steps(report, folder):
        console.print(f"  - {step}", markup=False)


def _list_next_steps(report: Report, folder: Path) -> Iterator[str]:
    yield f"read {folder / 'report.html'}"
    counting = [group for group in group_findings(report.findings) if group.first.counts]
    if counting:
        first = counting[0].first
        yield f"mend {first.id} first: it stands for {len(counting[0].results)} of {len(report.findings)} findings"
        if report.coverage and first.unit != WATCHED:  # a receiver is tried as a whole, and traffic has passed
            yield f"then try only what failed: give --replay {shlex.quote(str(folder / 'report.json'))}"
    for need in [need for need in report.needs if need.options][:_MOST_NEEDS]:
        yield cut_text(f"give {need.options}: {describe_need(need)}", _LONGEST)
    rest = len([need for need in report.needs if need.options]) - _MOST_NEEDS
    if rest > 0:
        yield f"… and {rest} more options, under “Not tried” in the report"

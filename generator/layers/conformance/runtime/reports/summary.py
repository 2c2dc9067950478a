"""A report as lines on a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..results import MUST, Report, Result
from .writing import verdict

_MOST_SHOWN = 20


def summary(report: Report, folder: Path, console: Console) -> None:
    """Print findings, notes, counts by layer and the verdict."""
    told = (*report.findings, *report.errors)
    for result in told[:_MOST_SHOWN]:
        _finding(result, console)
    if len(told) > _MOST_SHOWN:
        console.print(f"… and {len(told) - _MOST_SHOWN} more in the report")
    for note in report.notes:
        console.print(f"note: {note}", markup=False)
    _silent(report, console)
    console.print(_counts(report))
    console.print(f"{verdict(report)} ({report.seconds:.0f} s, seed {report.seed})", markup=False)
    console.print(f"Report: {folder / 'report.html'}", markup=False)


def _finding(result: Result, console: Console) -> None:
    console.print(f"{result.level} {result.id}", style="red" if result.level == MUST else "yellow", markup=False)
    console.print(f"  {result.check}: expected {result.expected}", markup=False)
    console.print(f"  {result.observed}", markup=False)
    if result.cause:
        console.print(f"  likely cause: {result.cause}", markup=False)


def _silent(report: Report, console: Console) -> None:
    silent = [reached.operation for reached in report.coverage if not reached.exercised]
    if silent:
        console.print(f"note: never answered with success: {', '.join(silent)}", markup=False)


def _counts(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    for layer in dict.fromkeys(result.layer for result in report.results):
        results = [result for result in report.results if result.layer == layer]
        findings = sum(result.is_finding for result in results)
        table.add_row(layer, f"{len(results)} checks", f"{findings} findings")
    return table

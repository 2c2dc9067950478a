"""Compares a report with known failures, and with an earlier report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ..results import FAILED, PASSED, Changes, Report, Result, sort_results
from .files import read_report, read_results
from .known import KnownFailure, describe_entry, find_mended, list_entries, mark_known

_SAME = "in the baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """An earlier report: its results, and the run that they are of."""

    results: tuple[Result, ...]
    started: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a report is compared with. Entries of known failures hold or not on the day `today`, in UTC."""

    expected: tuple[KnownFailure, ...]
    before: Baseline | None = None
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def mark(self, results: Iterable[Result]) -> list[Result]:
        """Results of a part of a run, with known failures marked."""
        compared = mark_since(results, self.before) if self.before else results
        return list(mark_known(compared, self.expected, self.today))

    def mark_report(self, report: Report) -> Report:
        """The report with known failures marked, and with what became of each of them."""
        results = self.mark(report.results)
        entries = tuple(list_entries(results, self.expected, self.today))
        notes = filter(None, map(describe_entry, entries))
        return replace(
            report,
            results=sort_results([*results, *find_mended(results, self.expected, self.today)]),
            notes=(*report.notes, *notes),
            known=entries,
            changes=find_changes(report.results, self.before) if self.before else None,
        )


def read_baseline(path: Path) -> Baseline:
    """The report in a `report.json`; raises CannotRun if it is none."""
    report = read_report(path)
    return Baseline(results=read_results(path), started=report["started"], seed=report["seed"])


def mark_since(results: Iterable[Result], before: Baseline) -> Iterator[Result]:
    """The results; those that failed in the same way before are marked, and do not count."""
    known = _find_failures(before.results)
    for one in results:
        if not one.is_finding:
            yield one
        elif (one.id, one.detail) in known:
            yield replace(one, known=_SAME, since="same")
        else:
            yield replace(one, since="new")


def find_changes(results: Iterable[Result], before: Baseline) -> Changes:
    """The findings of both reports, each once."""
    now, earlier = list(results), _find_failures(before.results)
    failed, tried = _find_failures(now), {one.id for one in now if one.status in (PASSED, FAILED)}
    gone = [one for one in earlier if one not in failed]
    return Changes(
        started=before.started,
        seed=before.seed,
        new=_name_all(one for one in failed if one not in earlier),
        same=_name_all(one for one in failed if one in earlier),
        gone=_name_all(one for one in gone if one[0] in tried),
        untried=_name_all(one for one in gone if one[0] not in tried),
    )


def _find_failures(results: Iterable[Result]) -> dict[tuple[str, str], None]:
    """The ids and details of findings, in their order."""
    return dict.fromkeys((one.id, one.detail) for one in results if one.is_finding)


def _name_all(findings: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{id_} ({detail})" if detail else id_ for id_, detail in findings)

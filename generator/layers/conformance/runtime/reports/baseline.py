"""Compares a report with known failures, or with an earlier report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

from ..errors import CannotRun
from ..results import FAILED, MUST, PASSED, Report, Result, sort_results

_GONE = "RUN-002"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFailure:
    """A line of a file of known failures: a pattern of ids such as `SIG-009 show*`, and why it is accepted."""

    pattern: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a report is compared with."""

    expected: tuple[KnownFailure, ...]
    before: tuple[Result, ...]

    def mark(self, results: Iterable[Result]) -> list[Result]:
        """Results of a part of a run, with known failures marked."""
        return list(_mark_known(with_baseline(results, self.before), self.expected))

    def mark_report(self, report: Report) -> Report:
        """The report with known failures marked."""
        idle = [entry for entry in self.expected if not any(fnmatchcase(r.id, entry.pattern) for r in report.results)]
        notes = [f"{entry.place}: nothing in this run has the id {entry.pattern!r}" for entry in idle]
        results = with_known(with_baseline(report.results, self.before), self.expected)
        return replace(report, results=sort_results(results), notes=(*report.notes, *notes))


def read_known(path: Path) -> tuple[KnownFailure, ...]:
    """The lines of a file: an id or a pattern of ids each, with the reason after ` # `. Raises CannotRun."""
    lines = ((number, line.strip()) for number, line in enumerate(_read_text(path).splitlines(), start=1))
    return tuple(_parse_line(line, f"{path.name}:{number}") for number, line in lines if line and line[0] != "#")


def with_known(results: Iterable[Result], expected: Iterable[KnownFailure]) -> Iterator[Result]:
    """The results; a known failure is marked, and one that passes is a finding."""
    left = list(results)
    yield from _mark_known(left, expected)
    for entry in expected:
        tried = [one for one in left if fnmatchcase(one.id, entry.pattern) and one.status in (PASSED, FAILED)]
        if tried and not any(one.is_finding for one in tried):
            yield _passes_now(entry, tried[0])


def _mark_known(results: Iterable[Result], expected: Iterable[KnownFailure]) -> Iterator[Result]:
    for one in results:
        reasons = [e.reason for e in expected if one.is_finding and fnmatchcase(one.id, e.pattern)]
        yield replace(one, known=reasons[0]) if reasons else one


def with_baseline(results: Iterable[Result], before: Iterable[Result]) -> Iterator[Result]:
    """The results; those that failed in the same way before are marked."""
    known = {(one.id, one.detail) for one in before if one.is_finding}
    for one in results:
        yield replace(one, known="in the baseline") if one.is_finding and (one.id, one.detail) in known else one


def read_results(path: Path) -> tuple[Result, ...]:
    """The results in a `report.json`; raises CannotRun if it is none."""
    names = {field.name for field in fields(Result)}
    results = read_report(path)["results"]
    return tuple(Result(**{name: value for name, value in one.items() if name in names}) for one in results)


def read_report(path: Path) -> dict[str, Any]:
    """A `report.json` as data; raises CannotRun if it is none."""
    try:
        data = json.loads(_read_text(path))
    except ValueError:
        data = None
    if not isinstance(data, dict) or not str(data.get("schema", "")).startswith("procwise-conformance/"):
        raise CannotRun(f"{path} is no report.json of this suite.")
    shape = json.loads(resources.files(__package__).joinpath("report.schema.json").read_text("utf-8"))
    for fault in Draft202012Validator(shape).iter_errors(data):
        place = "/".join(map(str, fault.instance_path)) or "it"
        raise CannotRun(f"{path} is no report.json of this version of the suite: {place} is not as its schema says.")
    return data


def _parse_line(line: str, place: str) -> KnownFailure:
    pattern, _, reason = line.partition(" # ")
    return KnownFailure(pattern=pattern.strip(), reason=reason.strip() or "known", place=place)


def _passes_now(entry: KnownFailure, passed: Result) -> Result:
    return Result(
        id=f"{_GONE} {entry.pattern}",
        layer=passed.layer,
        check="known failure still fails",
        operation=passed.operation,
        level=MUST,
        clause="",
        status=FAILED,
        expected=f"a failure, as {entry.place} says",
        observed="it passes: remove the line",
    )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise CannotRun(f"{path} cannot be read: {reason}.") from None

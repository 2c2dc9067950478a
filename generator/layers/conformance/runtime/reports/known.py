"""Known failures: the entries of a file, which have reasons and may end on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from ..errors import CannotRun
from ..results import FAILED, MUST, PASSED, KnownEntry, KnownState, Result
from .files import read_text

_GONE = "RUN-002"
_UNTIL = re.compile(r"(.*\S)\s+until\s+(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFailure:
    """An entry: a pattern of ids such as `SIG-009 show*`, why it is accepted, and its last day, if it has one."""

    pattern: str
    reason: str
    place: str
    until: date | None = None

    def hits(self, result: Result) -> bool:
        return fnmatchcase(result.id, self.pattern)

    def holds_on(self, day: date) -> bool:
        """Whether it still holds on a day; on its last one it does."""
        return self.until is None or day <= self.until


def read_known(path: Path) -> tuple[KnownFailure, ...]:
    """The entries of a file, a line each: a pattern, ` until YYYY-MM-DD` if it ends, ` # reason`. Raises CannotRun."""
    lines = ((number, line.strip()) for number, line in enumerate(read_text(path).splitlines(), start=1))
    return tuple(_parse_line(line, f"{path.name}:{number}") for number, line in lines if line and line[0] != "#")


def mark_known(results: Iterable[Result], entries: Iterable[KnownFailure], today: date) -> Iterator[Result]:
    """The results: a finding that an entry hits is marked as known, or with the entry that holds no longer."""
    for one in results:
        hits = [entry for entry in entries if one.is_finding and entry.hits(one)]
        holding = [entry for entry in hits if entry.holds_on(today)]
        if holding:
            yield replace(one, known=holding[0].reason)
        elif hits:
            yield replace(one, expired=f"{hits[0].place} held until {hits[0].until}: {hits[0].reason}")
        else:
            yield one


def find_mended(results: Iterable[Result], entries: Iterable[KnownFailure], today: date) -> Iterator[Result]:
    """A finding for each entry that holds although what it names passes."""
    tried = [one for one in results if one.status in (PASSED, FAILED)]
    for entry in entries:
        hit = [one for one in tried if entry.hits(one)]
        if hit and entry.holds_on(today) and not any(one.is_finding for one in hit):
            yield _report_mended(entry, hit[0])


def list_entries(results: Iterable[Result], entries: Iterable[KnownFailure], today: date) -> Iterator[KnownEntry]:
    """What each entry is in this run."""
    tried = [one for one in results if one.status in (PASSED, FAILED)]
    for entry in entries:
        hit = [one for one in tried if entry.hits(one)]
        failed = tuple(dict.fromkeys(one.id for one in hit if one.is_finding))
        yield KnownEntry(
            pattern=entry.pattern,
            reason=entry.reason,
            until=str(entry.until or ""),
            place=entry.place,
            state=_find_state(entry, today, is_hit=bool(hit), is_failed=bool(failed)),
            ids=failed or tuple(dict.fromkeys(one.id for one in hit)),
        )


def describe_entry(entry: KnownEntry) -> str:
    """A sentence about an entry that the reader has to do something about; empty for one that holds."""
    if entry.state == "hits nothing":
        return f"{entry.place}: nothing in this run has the id {entry.pattern!r}"
    if entry.state == "expired":
        return f"{entry.place}: {entry.pattern!r} held until {entry.until}, so {len(entry.ids)} findings count again"
    if entry.state == "passes" and entry.until:
        return f"{entry.place}: {entry.pattern!r} passes: remove the line"
    return ""


def _find_state(entry: KnownFailure, today: date, *, is_hit: bool, is_failed: bool) -> KnownState:
    if not is_hit:
        return "hits nothing"
    if not is_failed:
        return "passes"
    return "holds" if entry.holds_on(today) else "expired"


def _parse_line(line: str, place: str) -> KnownFailure:
    pattern, _, reason = line.partition(" # ")
    match = _UNTIL.fullmatch(pattern.strip())
    return KnownFailure(
        pattern=match[1] if match else pattern.strip(),
        reason=reason.strip() or "known",
        place=place,
        until=_parse_day(match[2], place) if match else None,
    )


def _parse_day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotRun(f"{place}: {text!r} is no day: write `until 2027-03-31`.") from None


def _report_mended(entry: KnownFailure, passed: Result) -> Result:
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

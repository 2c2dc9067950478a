"""Differences as text, JSON or Markdown. What comes from a description is made harmless in each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from generator.diff import Change, Difference, Severity, bump_of
from generator.templates import comment, md

Differences = tuple[Difference, ...]
_HEADINGS = {
    Severity.BREAKING: "Breaking changes",
    Severity.ADDITION: "Additions",
    Severity.NOTE: "Documentation",
}
_SHOWN = 3  # operations in one line


def _text(differences: Differences) -> str:
    """For a terminal: a paragraph for each place, the gravest first."""
    return "\n\n".join("\n".join(_paragraphs(difference)) for difference in differences)


def _json(differences: Differences) -> str:
    """For programs; escapes all but ASCII."""
    bump = bump_of(change.severity for difference in differences for change in difference.changes)
    return json.dumps({"bump": bump, "apis": [_api(difference) for difference in differences]}, indent=2)


def _markdown(differences: Differences) -> str:
    """For a changelog: a section for each version of the API, a list for each severity."""
    return "\n\n".join("\n".join(_section(difference)) for difference in differences)


REPORTS: Mapping[str, Callable[[Differences], str]] = MappingProxyType(
    {"text": _text, "json": _json, "markdown": _markdown}
)


def _paragraphs(difference: Difference) -> Iterator[str]:
    yield comment(f"{difference.api} {_versions(difference)}: {_counts(difference)}")
    places: dict[str, list[Change]] = {}
    for change in difference.changes:
        places.setdefault(change.place, []).append(change)
    for place, changes in places.items():
        yield ""
        yield comment(_heading(place, changes))
        for change in changes:
            yield f"  {change.severity:<8}  {comment(_sentence(change))} [{change.rule}]"


def _versions(difference: Difference) -> str:
    if not (difference.old and difference.new):
        return difference.old or difference.new
    told = difference.old if difference.old == difference.new else f"{difference.old} to {difference.new}"
    if not difference.changes:
        return told
    return f"{told}, bump {difference.bump}" + (f", next {difference.next}" if difference.next else "")


def _counts(difference: Difference) -> str:
    counts = ((severity, sum(one.severity is severity for one in difference.changes)) for severity in Severity)
    return ", ".join(f"{count} {severity}" for severity, count in counts if count) or "no changes"


def _heading(place: str, changes: list[Change]) -> str:
    users = list(dict.fromkeys(user for change in changes for user in change.operations))
    more = len(users) - _SHOWN
    used = ", used by " + ", ".join(users[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    file = next((f" ({change.file}:{change.line})" for change in changes if change.file), "")
    return place + (used if users not in ([], [place]) else "") + file


def _sentence(change: Change) -> str:
    return (f"{change.path}: " if change.path else "") + change.sentence


def _api(difference: Difference) -> dict[str, object]:
    version = {"old": difference.old or None, "new": difference.new or None, "next": difference.next or None}
    changes = [_change(change) for change in difference.changes]
    return {"name": difference.api, "bump": difference.bump, "version": version, "changes": changes}


def _change(change: Change) -> dict[str, object]:
    return {
        "severity": change.severity,
        "rule": change.rule,
        "place": change.place,
        "path": change.path,
        "sentence": change.sentence,
        "operations": change.operations,
        "file": change.file or None,
        "line": change.line or None,
    }


def _section(difference: Difference) -> Iterator[str]:
    yield f"## {md(f'{difference.api} {difference.next or difference.new or difference.old}')}"
    for severity, heading in _HEADINGS.items():
        changes = [change for change in difference.changes if change.severity is severity]
        if changes:
            yield from ("", f"### {heading}", "")
            yield from (f"- **{md(change.place)}** {md(_sentence(change))} (`{change.rule}`)" for change in changes)
    if not difference.changes:
        yield from ("", "No changes.")

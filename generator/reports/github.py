"""For GitHub: an annotation for each change, at the line of its first place."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff import Difference, Group, Severity
from generator.reports.wording import HEADINGS, reach, title
from generator.templates import comment

_LEVELS = {Severity.BREAKING: "error", Severity.ADDITION: "notice", Severity.NOTE: "notice"}
_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def annotate(differences: tuple[Difference, ...]) -> str:
    """The report: workflow commands, a line each."""
    return "\n".join(_annotation(difference, group) for difference in differences for group in difference.groups)


def _annotation(difference: Difference, group: Group) -> str:
    settings = ",".join(f"{key}={comment(value).translate(_PROPERTY)}" for key, value in _settings(difference, group))
    around = reach(group)
    message = comment(title(group) + (f"; {around}" if around else ""))
    return f"::{_LEVELS[group.severity]} {settings}::{message.translate(_MESSAGE)}"


def _settings(difference: Difference, group: Group) -> Iterator[tuple[str, str]]:
    spot = next((one for one in group.spots if one.file), None)
    if spot:
        yield from (("file", spot.file), ("line", str(spot.line)))
    yield "title", f"{difference.api} {group.severity} ({HEADINGS[group.vocabulary]}): {group.rules[0]}"

"""For a terminal: a line for each change, the gravest first, and one below it that says how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff import Difference, Group, Severity
from generator.reports.wording import by_vocabulary, headline, reach, title, verdict
from generator.templates import comment


def text(differences: tuple[Difference, ...]) -> str:
    """The report."""
    return "\n\n".join("\n".join(_lines(difference)) for difference in differences)


def _lines(difference: Difference) -> Iterator[str]:
    yield comment(headline(difference))
    if difference.changes:
        yield comment(verdict(difference))
    if difference.unbuilt:
        yield comment(f"the Python client was not compared; {difference.unbuilt}")
    for heading, groups in by_vocabulary(difference):
        yield from ("", heading)
        for group in groups:
            yield from _entry(group)


def _entry(group: Group) -> Iterator[str]:
    place = next((f" ({spot.file}:{spot.line})" for spot in group.spots if spot.file), "")
    around = reach(group)
    brief = f"; {around}" if around and group.severity is not Severity.BREAKING else ""
    yield f"  {group.severity:<8}  {comment(title(group) + brief)} [{_kind(group)}]"
    if group.severity is Severity.BREAKING:
        yield f"            {comment(f'{around}{place}')}".rstrip()


def _kind(group: Group) -> str:
    return " ".join(group.rules[:2])

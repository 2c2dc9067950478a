"""For a changelog or a comment: a section for each version of the API, a list for each severity."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diff import Difference, Group, Severity
from generator.reports.wording import HEADINGS, reach, title, verdict
from generator.templates import comment

_HEADINGS = {
    Severity.BREAKING: "Breaking changes",
    Severity.ADDITION: "Additions",
    Severity.NOTE: "Documentation",
}
_SIGNS = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]|~#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})


def markdown(differences: tuple[Difference, ...]) -> str:
    """The report."""
    return "\n\n".join("\n".join(_section(difference)) for difference in differences)


def plain(text: str) -> str:
    """Text for the inside of a Markdown line: signs of Markdown and HTML are escaped, quotes and apostrophes stay."""
    safe = comment(text).translate(_SIGNS).replace("://", "&#58;//")
    return re.sub(r"^(?=[-+!?:.])(.)|^(\d+)\.", lambda met: f"&#{ord(met[1])};" if met[1] else f"{met[2]}&#46;", safe)


def _section(difference: Difference) -> Iterator[str]:
    yield f"## {plain(f'{difference.api} {difference.next or difference.new or difference.old}')}"
    if not difference.changes:
        yield from ("", "No changes.")
        return
    yield from ("", f"{plain(verdict(difference))}.")
    if difference.unbuilt:
        yield from ("", f"The Python client was not compared; {plain(difference.unbuilt)}")
    for severity, heading in _HEADINGS.items():
        groups = [group for group in difference.groups if group.severity is severity]
        if groups:
            yield from ("", f"### {heading}", "", *map(_item, groups))


def list_item(group: Group, before: str) -> str:
    """The group as an item of a list; `before` is Markdown."""
    around = reach(group)
    rules = ", ".join(f"`{rule}`" for rule in group.rules)
    more = f"; {plain(around)}" if around else ""
    return f"- {before}{plain(title(group))}{more} ({rules})"


def _item(group: Group) -> str:
    return list_item(group, f"**{HEADINGS[group.vocabulary]}** ")

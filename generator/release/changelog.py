"""The changelog: what is not released yet, how much it announces, and the section of a release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.diff import Bump, Difference, Severity, Vocabulary, gravest
from generator.errors import SpecError, ToolkitError
from generator.release.versions import read_text
from generator.reports.markdown import list_item
from generator.reports.wording import HEADINGS

FILE = "CHANGELOG.md"
UNRELEASED = "## Unreleased"
_WEIGHTS: Mapping[str, Bump] = {
    "breaking": "major",
    "removed": "major",
    "added": "minor",
    "changed": "minor",
    "deprecated": "minor",
}
ANNOUNCED: Mapping[Bump, str] = {"major": "### Breaking", "minor": "### Added", "patch": "### Documentation"}
_HEADING = re.compile(rf"^{UNRELEASED}[ \t]*\r?\n", re.MULTILINE)
_NEXT = re.compile(r"^## ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """The text before the unreleased section, the section without its heading, and the text after it."""

    before: str
    unreleased: str
    after: str

    @property
    def bump(self) -> Bump:
        """What the headings announce that have lines below them; lines below others are a patch."""
        return gravest(*_weights(self.unreleased))

    def fault(self, message: str, hint: str) -> SpecError:
        """A fault at the heading of what is not released."""
        line = self.before.count("\n") + 1
        return SpecError(file=FILE, line=line, pointer="", message=message, hint=hint)

    def insert_release(self, heading: str, section: str) -> str:
        """The text with a release in the place of what was not released, which is empty then."""
        written = self.unreleased.strip()
        parts = [UNRELEASED, heading, section.strip(), written]
        return self.before + "\n\n".join(filter(None, parts)) + "\n" + ("\n" if self.after else "") + self.after


def read_changelog(root: Path) -> Changelog:
    """The changelog of a checkout; raises ToolkitError where it has no heading for what is not released."""
    text = read_text(root, FILE)
    found = _HEADING.search(text)
    if found is None:
        raise ToolkitError(f"{FILE}: there is no heading `{UNRELEASED}` (write it above the last release)")
    end = _NEXT.search(text, found.end())
    stop = end.start() if end else len(text)
    return Changelog(before=text[: found.start()], unreleased=text[found.end() : stop], after=text[stop:])


def write_section(differences: tuple[Difference, ...], versions: str, page: str) -> str:
    """What changed, by whom it concerns, the gravest first; `page` is the migration page or empty."""
    lines = [f"{versions}." + (f" What to change in a program: `{page}`." if page else "")]
    for word in Vocabulary:
        items = [item for difference in differences for item in _items(difference, word)]
        lines += ["", f"### {HEADINGS[word]}", "", *items] if items else []
    return "\n".join(lines)


def _items(difference: Difference, word: Vocabulary) -> Iterator[str]:
    for group in difference.groups:
        if group.vocabulary is word:
            mark = "**Breaking** " if group.severity is Severity.BREAKING else ""
            yield list_item(group, f"{mark}{difference.api}: ")


def _weights(section: str) -> Iterator[Bump]:
    weight: Bump = "patch"
    for line in section.splitlines():
        if line.startswith("#"):
            weight = _WEIGHTS.get(line.lstrip("# ").partition(" ")[0].casefold(), "patch")
        elif line.strip():
            yield weight

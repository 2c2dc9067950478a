"""The page of a release that breaks programs: each breaking change, with the code before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.diff import Difference, Group, Severity
from generator.menu import MIGRATIONS
from generator.release.programs import Program, Programs
from generator.release.since import SinceRelease
from generator.reports.markdown import plain
from generator.reports.wording import reach, title
from generator.templates import Templates
from generator.tree import File

_TEMPLATES = Templates(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is to be changed at one place: its name, the changes that meet there, and the code before and after."""

    place: str
    changes: tuple[str, ...]
    before: Program
    after: Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What breaks in one version of the API."""

    api: str
    old: str
    new: str
    sections: tuple[Section, ...]


def write_page(since: SinceRelease, packages: str, versions: dict[str, str]) -> list[File]:
    """The page, or nothing where nothing breaks; `versions` are those of the descriptions after the release."""
    chapters = tuple(filter(None, (_chapter(since, one, versions) for one in since.differences)))
    if not chapters:
        return []
    text = _TEMPLATES.render("migration.md.j2", version=packages, chapters=chapters, plain=plain)
    return [File(f"{MIGRATIONS}/{packages}.md", text)]


def _chapter(since: SinceRelease, difference: Difference, versions: dict[str, str]) -> Chapter | None:
    broken = [group for group in difference.groups if group.severity is Severity.BREAKING]
    if not broken or since.old is None:
        return None
    programs = Programs(since.old, since.new, difference)
    return Chapter(
        api=difference.api,
        old=difference.old or "none",
        new=versions.get(difference.api, "none"),
        sections=tuple(_sections(programs, broken)),
    )


def _sections(programs: Programs, broken: list[Group]) -> Iterator[Section]:
    """One for each place: changes that meet first in the same operation share its code."""
    places: dict[str, list[Group]] = {}
    for group in broken:
        places.setdefault(programs.place(group), []).append(group)
    for place, groups in places.items():
        before, after = programs.pair(place, groups)
        yield Section(place=place, changes=tuple(map(_change, groups)), before=before, after=after)


def _change(group: Group) -> str:
    around = reach(group)
    return plain(title(group)) + (f"; {plain(around)}" if around else "")

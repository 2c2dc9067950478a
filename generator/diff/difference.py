"""All changes of one version of the API, and the version to publish."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.diff.change import Bump, Change, bump_of
from generator.diff.groups import Group, group_changes
from generator.diff.rules import Policy, Vocabulary, severity

_SEMANTIC = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All changes of one version of the API; `old` and `new` are what the descriptions call the version.

    `unbuilt` says why the Python client of the two was not compared; empty where it was.
    """

    api: str
    old: str
    new: str
    changes: tuple[Change, ...]
    unbuilt: str = ""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The changes as their author made them, each once."""
        return group_changes(self.changes)

    @property
    def bump(self) -> Bump:
        """The part of the version to count up: major, minor, patch or none."""
        return bump_of(change.severity for change in self.changes)

    def bump_for(self, *vocabularies: Vocabulary) -> Bump:
        """The same for some of those whom changes concern."""
        return bump_of(change.severity for change in self.changes if change.vocabulary in vocabularies)

    @property
    def client_bump(self) -> Bump:
        """The bump of our own client, which keeps values that it does not know."""
        return bump_of(severity(change.rule, Policy.TOLERANT) for change in self.changes)

    @property
    def next(self) -> str:
        """The version to publish of the description; empty where the old one is not written as three numbers."""
        return _raise_version(self.old, self.bump_for(Vocabulary.HTTP, Vocabulary.SIGNING))


def _raise_version(version: str, bump: Bump) -> str:
    found = _SEMANTIC.fullmatch(version)
    if found is None:
        return ""
    major, minor, patch = map(int, found.groups())
    raised = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
    return ".".join(map(str, raised.get(bump, (major, minor, patch))))

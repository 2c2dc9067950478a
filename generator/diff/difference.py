"""All changes of one version of the API, and the version to publish."""

from __future__ import annotations

from dataclasses import dataclass

from generator.diff.change import Bump, Change, bump_of
from generator.diff.groups import Group, group_changes
from generator.diff.rules import Policy, Vocabulary, severity
from generator.diff.version import Version, gravest


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
    def description_bump(self) -> Bump:
        """The bump of the description, which every caller reads."""
        return self.bump_for(Vocabulary.HTTP, Vocabulary.SIGNING)

    @property
    def release_bump(self) -> Bump:
        """The gravest of both, which the changelog has to announce."""
        return gravest(self.description_bump, self.client_bump)

    @property
    def next(self) -> str:
        """The version to publish of the description; empty where the old one is not written as three numbers."""
        before = Version.parse(self.old)
        return str(before.raise_by(self.description_bump)) if before else ""

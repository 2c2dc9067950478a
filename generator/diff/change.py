"""A change, and all changes of one version of the API with the version to publish."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from generator.diff.rules import Policy, Severity, Vocabulary, severity, vocabulary

_BUMPS = {Severity.BREAKING: "major", Severity.ADDITION: "minor", Severity.NOTE: "patch"}
_SEMANTIC = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What differs inside one place: the rule, the path to it, and a sentence.

    `item` is the end of a sentence that may be said of several things at once, such as values of an enum.
    """

    rule: str
    path: str
    sentence: str
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One classified change.

    `place` is an operation such as `GET /exams/{id}`, or `api`, `signing`, `schema Exam` and the like;
    `path` leads on from there, such as `body exam.name`. `operations` are those that a named schema is
    used by. `file` and `line` are those of the operation, the first one for a schema; empty and 0 where
    there is none. `policy` says for which programs `severity` holds.
    """

    api: str
    place: str
    path: str
    rule: str
    sentence: str
    item: str
    file: str
    line: int
    operations: tuple[str, ...]
    policy: Policy

    @property
    def severity(self) -> Severity:
        """What the change means to callers."""
        return severity(self.rule, self.policy)

    @property
    def vocabulary(self) -> Vocabulary:
        """Whom the change concerns."""
        return vocabulary(self.rule)


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
    def bump(self) -> str:
        """The part of the version to count up: major, minor, patch or none."""
        return bump_of(change.severity for change in self.changes)

    def bump_for(self, *vocabularies: Vocabulary) -> str:
        """The same for some of those whom changes concern."""
        return bump_of(change.severity for change in self.changes if change.vocabulary in vocabularies)

    @property
    def client_bump(self) -> str:
        """The bump of our own client, which keeps values that it does not know."""
        return bump_of(severity(change.rule, Policy.TOLERANT) for change in self.changes)

    @property
    def next(self) -> str:
        """The version to publish of the description; empty where the old one is not written as three numbers."""
        return _raised(self.old, self.bump_for(Vocabulary.HTTP, Vocabulary.SIGNING))


def bump_of(severities: Iterable[Severity]) -> str:
    """The bump that the gravest of the severities asks for."""
    met = set(severities)
    return next((bump for severity, bump in _BUMPS.items() if severity in met), "none")


def _raised(version: str, bump: str) -> str:
    found = _SEMANTIC.fullmatch(version)
    if found is None:
        return ""
    major, minor, patch = map(int, found.groups())
    raised = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
    return ".".join(map(str, raised.get(bump, (major, minor, patch))))

"""A change, and all changes of one version of the API with the version to publish."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from generator.diff.rules import SEVERITIES, Severity

_BUMPS = {Severity.BREAKING: "major", Severity.ADDITION: "minor", Severity.NOTE: "patch"}
_SEMANTIC = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What differs inside one place: the rule, the path to it, and a sentence."""

    rule: str
    path: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One classified change.

    `place` is an operation such as `GET /exams/{id}`, or `api`, `signing`, `schema Exam` and the like;
    `path` leads on from there, such as `body exam.name`. `operations` are those that a named schema is
    used by. `file` and `line` are those of the operation, the first one for a schema; empty and 0 where
    there is none.
    """

    api: str
    place: str
    path: str
    rule: str
    sentence: str
    file: str
    line: int
    operations: tuple[str, ...]

    @property
    def severity(self) -> Severity:
        """What the change means to callers."""
        return SEVERITIES[self.rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All changes of one version of the API; `old` and `new` are what the descriptions call the version."""

    api: str
    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def bump(self) -> str:
        """The part of the version to count up: major, minor, patch or none."""
        return bump_of(change.severity for change in self.changes)

    @property
    def next(self) -> str:
        """The version to publish; empty where the old one is not written as three numbers."""
        return _raised(self.old, self.bump)


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

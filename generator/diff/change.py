"""A change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from generator.diff.rules import Policy, Severity, Vocabulary, severity, vocabulary

Bump = Literal["major", "minor", "patch", "none"]

_BUMPS: Mapping[Severity, Bump] = {Severity.BREAKING: "major", Severity.ADDITION: "minor", Severity.NOTE: "patch"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What differs inside one place: the rule, the path to it, and a sentence.

    `item` is the end of a sentence that may be said of several things at once, such as values of an enum.
    """

    rule: str
    path: str
    sentence: str
    item: str = ""

    @classmethod
    def of(cls, rule: str, path: str, sentence: str, item: str) -> Finding:
        """A finding whose sentence ends with an item."""
        return cls(rule=rule, path=path, sentence=f"{sentence} {item}", item=item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One classified change.

    `place` is an operation such as `GET /exams/{id}`, or `api`, `signing`, `schema Exam` and the like;
    `path` leads on from there, such as `body exam.name`. `operations` are those that a named schema is
    used by. `file` and `line` are those of the schema or the operation; empty and 0 where
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


def bump_of(severities: Iterable[Severity]) -> Bump:
    """The bump that the gravest of the severities asks for."""
    met = set(severities)
    bumps: Iterator[Bump] = (bump for severity, bump in _BUMPS.items() if severity in met)
    return next(bumps, "none")

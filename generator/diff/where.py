"""Places in a comparison, and what is found at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from generator.diff.change import Finding

Direction = Literal["request", "response"]
Subject = Literal[
    "api",
    "operation",
    "request-body",
    "request-parameter",
    "request-property",
    "response-body",
    "response-header",
    "response-property",
    "security",
    "server",
]

MEMBER_SUBJECTS: Mapping[Direction, Subject] = {"request": "request-property", "response": "response-property"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two named schemas to compare, and the direction in which their values travel."""

    old: str
    new: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Where:
    """A place: what the rules call it, the path to it, and the schemas that are being compared around it."""

    subject: Subject
    root: str = ""
    inner: str = ""
    above: frozenset[tuple[int, int]] = frozenset()

    @property
    def direction(self) -> Direction:
        return "request" if self.subject.startswith("request-") else "response"

    @property
    def path(self) -> str:
        return f"{self.root} {self.inner}".strip()

    def member(self, name: str) -> Where:
        inner = f"{self.inner}.{name}" if self.inner else name
        return replace(self, subject=MEMBER_SUBJECTS[self.direction], inner=inner)

    def inside(self, mark: str) -> Where:
        return replace(self, subject=MEMBER_SUBJECTS[self.direction], inner=f"{self.inner}{mark}")

    def build_value_finding(self, name: str, sentence: str, item: str = "") -> Finding:
        """A finding by a rule about values."""
        return self.build_finding(f"{self.subject}-{name}", sentence, item)

    def build_finding(self, rule: str, sentence: str, item: str = "") -> Finding:
        return Finding(rule=rule, path=self.path, sentence=f"{sentence} {item}".strip(), item=item)


Found = Iterator[Finding | Pair]

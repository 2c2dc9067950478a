"""Places in a comparison, and what is found at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.diff.change import Finding


@dataclass(frozen=True, slots=True)
class Pair:
    """Two named schemas to compare, and the direction in which their values travel: request or response."""

    old: str
    new: str
    direction: str


@dataclass(frozen=True, slots=True)
class Where:
    """A place: what the rules call it, the path to it, and the schemas that are being compared around it."""

    subject: str
    root: str = ""
    inner: str = ""
    above: frozenset[tuple[int, int]] = frozenset()

    @property
    def direction(self) -> str:
        return self.subject.partition("-")[0]

    @property
    def path(self) -> str:
        return f"{self.root} {self.inner}".strip()

    def member(self, name: str) -> Where:
        inner = f"{self.inner}.{name}" if self.inner else name
        return replace(self, subject=f"{self.direction}-property", inner=inner)

    def inside(self, mark: str) -> Where:
        return replace(self, subject=f"{self.direction}-property", inner=f"{self.inner}{mark}")

    def build_finding(self, name: str, sentence: str, item: str = "") -> Finding:
        """A finding by a rule about values."""
        return self.plain(f"{self.subject}-{name}", sentence, item)

    def plain(self, rule: str, sentence: str, item: str = "") -> Finding:
        return Finding(rule=rule, path=self.path, sentence=f"{sentence} {item}".strip(), item=item)


Found = Iterator[Finding | Pair]

"""Versions of three numbers, and the bumps that changes ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.diff.change import Bump

_SEMANTIC = re.compile(r"(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})", re.ASCII)
BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version; the greater one is the later one."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """The version that the text is, or None: three numbers and nothing else."""
        found = _SEMANTIC.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None

    def raise_by(self, bump: Bump) -> Version:
        """The next version for changes of this weight; the same one for none. Below 1.0.0 nothing weighs less."""
        raised = {
            "major": Version(self.major + 1, 0, 0),
            "minor": Version(self.major, self.minor + 1, 0),
            "patch": Version(self.major, self.minor, self.patch + 1),
        }
        return raised.get(bump, self)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def gravest(*bumps: Bump) -> Bump:
    """The bump that includes all of these."""
    return max(bumps, key=BUMPS.index, default="none")

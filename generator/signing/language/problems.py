"""What is wrong with the value of a scheme, and where in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the place inside the value, what is wrong, what to do."""

    where: Where
    message: str
    hint: str


class SchemeError(ValueError):
    """A value that describes no scheme; `problems` says why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{'.'.join(map(str, one.where))}: {one.message}" for one in self.problems))


def suggest(name: str, known: Iterable[str], otherwise: str) -> str:
    """A hint: the known name that is nearly this one, or what else to do."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean {close[0]!r}?" if close else otherwise

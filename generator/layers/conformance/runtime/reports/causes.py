"""Findings by their cause: what one mistake of a server explains is one group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..results import MUST, Level, Result
from .mistakes import MISTAKES, OWNERSHIP, Mistake

_SUCCESS = ("2", "24 of")
_ANSWERED = ("2", "400", "404", "409", "422", "423")
_EXACT = ", as documented"  # refused, with another status


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings with one cause, the one with the smallest request first: it stands for the others."""

    cause: str
    results: tuple[Result, ...]

    @property
    def first(self) -> Result:
        """The finding that is shown, with the cause of the group."""
        return replace(self.results[0], cause=self.cause)

    @property
    def level(self) -> Level:
        return self.results[0].level

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations with such findings, each once."""
        return tuple(dict.fromkeys(result.operation for result in self.results))

    @property
    def checks(self) -> tuple[str, ...]:
        """The ids of the checks, each once."""
        return tuple(dict.fromkeys(map(_check_of, self.results)))

    def as_data(self) -> Mapping[str, object]:
        """The group as the report for programs has it."""
        ids = [result.id for result in self.results]
        first = self.results[0]
        return {
            "cause": self.cause,
            "level": self.level,
            "count": len(ids),
            "first": first.id,
            "request": first.request,
            "ids": ids,
            "operations": [*self.operations],
        }


def group_findings(findings: Iterable[Result]) -> tuple[Group, ...]:
    """The groups, in the order of their first findings."""
    found = tuple(findings)
    known = _find_mistakes(found)
    grouped: dict[tuple[str, ...], list[Result]] = {}
    causes: dict[tuple[str, ...], str] = {}
    for result in found:
        mistake = next((one for one in known.get(result.operation, ()) if _explains(one, result)), None)
        key = _key(result) if mistake is None else ("mistake", mistake.cause, result.known)
        grouped.setdefault(key, []).append(result)
        causes.setdefault(key, mistake.cause if mistake else result.cause)
    return tuple(
        Group(cause=causes[key], results=tuple(sorted(results, key=_rank))) for key, results in grouped.items()
    )


def _find_mistakes(findings: Iterable[Result]) -> dict[str, list[Mistake]]:
    """The mistakes of each operation."""
    ids: dict[str, set[str]] = {}
    for result in findings:
        if _passes(result) or _check_of(result) in OWNERSHIP:
            ids.setdefault(result.operation, set()).add(_check_of(result))
    return {name: [one for one in MISTAKES if one.signs & known] for name, known in ids.items()}


def _explains(mistake: Mistake, result: Result) -> bool:
    if _check_of(result) in mistake.also:
        return result.observed.startswith(_ANSWERED)
    return result.layer == "signature" and result.clause.startswith(mistake.clauses) and _passes(result)


def _check_of(result: Result) -> str:
    return result.id.partition(" ")[0]


def _passes(result: Result) -> bool:
    """Whether what should be refused was not: a 404 is no error about the signature either."""
    if result.expected.endswith(_EXACT):
        return False
    if result.expected.startswith("refused"):
        return result.observed.startswith(_ANSWERED)
    return result.expected.startswith("only what is right") and result.observed.startswith(_SUCCESS)


def _key(result: Result) -> tuple[str, ...]:
    """What equal findings share: attacks their cause, other checks also what was expected and came back."""
    if result.layer == "signature" and result.cause:
        return result.layer, result.level, result.cause, result.known
    return result.level, result.check, result.expected, result.observed, result.known


def _rank(result: Result) -> tuple[bool, bool, int]:
    return result.level != MUST, not result.request, len(result.request)

"""Findings gathered into changes."""

from __future__ import annotations

from collections.abc import Iterable

from generator.diff.change import Change, Finding
from generator.diff.rules import Policy, Severity
from generator.ir import Operation

Position = tuple[str, int]


class Changes:
    """Changes as they are found; one that several operations share is kept once, with all of them."""

    def __init__(self, api: str, policy: Policy) -> None:
        self._api = api
        self._policy = policy
        self._found: dict[tuple[str, Finding], dict[str, Operation]] = {}
        self._positions: dict[str, Position] = {}

    def add(
        self, place: str, findings: Iterable[Finding], operation: Operation | None = None, at: Position | None = None
    ) -> None:
        """Findings at a place, on behalf of an operation if there is one; `at` is where the place is written."""
        for finding in findings:
            users = self._found.setdefault((place, finding), {})
            if at:
                self._positions[place] = at
            if operation:
                users[f"{operation.method} {operation.path}"] = operation

    def by_severity(self) -> tuple[Change, ...]:
        """All changes, the gravest first."""
        order = tuple(Severity)
        changes = (self._change(place, finding, users) for (place, finding), users in self._found.items())
        return tuple(sorted(changes, key=lambda change: order.index(change.severity)))

    def _change(self, place: str, finding: Finding, users: dict[str, Operation]) -> Change:
        first = next(iter(users.values()), None)
        file, line = self._positions.get(place) or ((first.file, first.line) if first else ("", 0))
        return Change(
            api=self._api,
            place=place,
            path=finding.path,
            rule=finding.rule,
            sentence=finding.sentence,
            item=finding.item,
            file=file,
            line=line,
            operations=tuple(users),
            policy=self._policy,
        )

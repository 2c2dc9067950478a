"""The one model that both layers report into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MUST = "MUST"
SHOULD = "SHOULD"
ADVISORY = "ADVISORY"
HOLE = "the hole is there"

PASSED = "passed"
FAILED = "failed"
SKIPPED = "skipped"
ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One check on one operation.

    `id` is stable between runs, `detail` tells several failures under one id apart; `layer` is
    `signature`, `model` or `schema`; `clause` is the part of the description that the check follows
    from; `status` is passed, failed, skipped, or error where the suite itself failed; `count` is how
    many requests were checked. `expected`, `observed`, `request`, `answer` and the likely `cause`
    tell a failure; `unit` is the piece of work that found it, `case` what it takes to send a
    generated request again, and `known` why the failure does not count.
    """

    id: str
    layer: str
    check: str
    operation: str
    level: str
    clause: str
    status: str
    count: int = 1
    expected: str = ""
    observed: str = ""
    request: str = ""
    answer: str = ""
    cause: str = ""
    detail: str = ""
    unit: str = ""
    known: str = ""
    case: Mapping[str, object] | None = None

    @property
    def is_finding(self) -> bool:
        return self.status == FAILED

    @property
    def counts(self) -> bool:
        """Whether the failure decides the exit code."""
        return self.is_finding and self.level == MUST and not self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One operation: how often each status came, and what no accepted request held.

    `exercised` says whether it ever succeeded: what never did has only been refused, and `why` tells how.
    `parameters` and `values` are how many the description names; `unsent` and `untried` those that were never
    accepted, each with the reason: it was never sent, or refused with these statuses.
    """

    operation: str
    exercised: bool
    why: str
    requests: int
    statuses: Mapping[str, int]
    unanswered: tuple[int, ...]
    parameters: int
    unsent: Mapping[str, str]
    values: int
    untried: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results of a run against one server. `notes` are sentences about the run itself.

    `sources` says for each operation where the description has it from.
    """

    api: str
    title: str
    url: str
    profile: str
    seed: int
    max_examples: int
    started: str
    seconds: float
    operations: tuple[str, ...]
    results: tuple[Result, ...]
    coverage: tuple[Reached, ...]
    sources: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def findings(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.is_finding)

    @property
    def holes(self) -> tuple[Result, ...]:
        """The holes of the scheme itself that this server, as it may, does not close."""
        return tuple(
            r for r in self.results if r.level == ADVISORY and r.status == PASSED and r.observed.endswith(HOLE)
        )

    @property
    def groups(self) -> tuple[tuple[Result, ...], ...]:
        """The findings; those that tell the same of several operations stand together, at the place of the first."""
        alike: dict[tuple[str, ...], list[Result]] = {}
        for result in self.findings:
            told = result.level, result.check, result.expected, result.observed, result.known
            alike.setdefault(told, []).append(result)
        return tuple(tuple(results) for results in alike.values())

    @property
    def conforms(self) -> bool:
        """Whether every MUST is kept; a broken SHOULD is reported and forgiven."""
        return self.exit_code == 0

    @property
    def tried_any(self) -> bool:
        """Whether anything is known of the server."""
        return any(result.status in (PASSED, FAILED) for result in self.results)

    @property
    def errors(self) -> tuple[Result, ...]:
        """What the suite could not try through a fault of its own; then there is no good verdict."""
        return tuple(result for result in self.results if result.status == ERROR)

    @property
    def exit_code(self) -> int:
        """0: conforms, 1: does not, 2: nothing was found, but nothing was tried, or the suite failed at something."""
        if any(result.counts for result in self.results):
            return 1
        return 2 if self.errors or not self.tried_any else 0

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks, in the order in which they came."""
        return tuple(dict.fromkeys(result.check for result in self.results))

    def counted(self, status: str) -> int:
        return sum(result.status == status for result in self.results)


def crashed(layer: str, name: str, observed: str) -> Result:
    """What the suite could not finish, through a fault of its own."""
    return Result(
        id=f"RUN-001 {name}",
        layer=layer,
        check="completed",
        operation=name,
        level=MUST,
        clause="",
        status=ERROR,
        observed=observed,
    )


def ordered(results: Iterable[Result]) -> tuple[Result, ...]:
    """Findings first, MUST before SHOULD, then errors, otherwise as they came."""
    return tuple(sorted(results, key=lambda r: (not r.counts, not r.is_finding, r.level != MUST, r.status != ERROR)))

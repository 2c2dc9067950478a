"""The results and the report of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["MUST", "SHOULD", "ADVISORY"]
ResultStatus = Literal["passed", "failed", "skipped", "error"]
Phase = Literal["signature", "model", "schema", "run"]
Profile = Literal["full", "read-only"]
Confidence = Literal["documented", "inferred", "not stated"]
Since = Literal["", "new", "same"]
KnownState = Literal["holds", "expired", "passes", "hits nothing"]

MUST: Final = "MUST"
SHOULD: Final = "SHOULD"
ADVISORY: Final = "ADVISORY"
HOLE = "the hole is there"
WATCHED = "observe"  # the work item of results on traffic that the suite did not send

PASSED: Final = "passed"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"
ERROR: Final = "error"

FULL: Final = "full"
READ_ONLY: Final = "read-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the description says where a check looks: its words, whether they are `documented`, and on which pages."""

    text: str
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One check on one operation.

    `id` is stable between runs, `detail` distinguishes failures under one id; `layer` is the phase:
    `signature`, `model` or `schema`; `clause` is the part of the description that the check follows
    from; `status` is passed, failed, skipped, or error where the suite itself failed; `count` is how
    many requests were checked. `expected`, `observed`, `request`, `answer` (the response) and the likely `cause`
    describe a failure; `unit` is the id of the work item, `case` is what it takes to send a
    generated request again, and `known` why the failure does not count. `needs` are the options that let a skipped
    check be tried, as they can be pasted; `expired` is why an entry of known failures no longer holds for it; `since`
    compares it with an earlier report; `says` is what the description says.
    """

    id: str
    layer: Phase
    check: str
    operation: str
    level: Level
    clause: str
    status: ResultStatus
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
    needs: str = ""
    expired: str = ""
    since: Since = ""
    says: Statement | None = None

    @property
    def is_finding(self) -> bool:
        return self.status == FAILED

    @property
    def counts(self) -> bool:
        """Whether the failure decides the exit code."""
        return self.is_finding and self.level == MUST and not self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The coverage of one operation: how often each status came, and what no accepted request had.

    `exercised` says whether it ever succeeded; if not, `why` lists the errors, and `needs` are options that may help.
    `parameters` and `values` are how many the description has; `unsent` and `untried` those that were never
    accepted, each with the reason: never sent, or rejected with these statuses.
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
    needs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What was not tried, and what it takes: `options` as they can be pasted, or none if `why` is all there is to say.

    `untried` are the ids of the checks by operation; an operation without any never responded with success.
    """

    options: str
    why: str
    untried: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry of a file of known failures in this run: the ids that it hits, and whether it still holds.

    `until` is its last day, such as 2027-03-31, or nothing.
    """

    pattern: str
    reason: str
    until: str
    place: str
    state: KnownState
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The findings beside those of an earlier report, begun at `started`: by ids, with their details.

    `gone` are those that were tried again and passed, `untried` those that this run did not try.
    """

    started: str
    seed: int
    new: tuple[str, ...]
    same: tuple[str, ...]
    gone: tuple[str, ...]
    untried: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results of a run against one server. `notes` are sentences about the run itself.

    `sources` are the sources of each operation in the description, `needs` what was not tried, `known` the entries of
    the file of known failures, and `changes` the comparison with an earlier report, if there is one.
    """

    api: str
    title: str
    url: str
    profile: Profile
    seed: int
    max_examples: int
    started: str
    seconds: float
    operations: tuple[str, ...]
    results: tuple[Result, ...]
    coverage: tuple[Reached, ...]
    sources: Mapping[str, str]
    notes: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    known: tuple[KnownEntry, ...] = ()
    changes: Changes | None = None

    @property
    def findings(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.is_finding)

    @property
    def holes(self) -> tuple[Result, ...]:
        """The holes of the scheme itself that this server leaves open, as it may."""
        return tuple(
            r for r in self.results if r.level == ADVISORY and r.status == PASSED and r.observed.endswith(HOLE)
        )

    @property
    def conforms(self) -> bool:
        """Whether every MUST is kept; a broken SHOULD is only reported."""
        return self.exit_code == 0

    @property
    def tried_any(self) -> bool:
        """Whether any check passed or failed."""
        return any(result.status in (PASSED, FAILED) for result in self.results)

    @property
    def errors(self) -> tuple[Result, ...]:
        """The checks that ended in an error of the suite; then there is no verdict without findings."""
        return tuple(result for result in self.results if result.status == ERROR)

    @property
    def exit_code(self) -> int:
        """0: conforms, 1: does not, 2: no finding, but nothing was tried or the suite had an error."""
        if any(result.counts for result in self.results):
            return 1
        return 2 if self.errors or not self.tried_any else 0

    @property
    def checks(self) -> tuple[str, ...]:
        """The names of the checks, in the order in which they came."""
        return tuple(dict.fromkeys(result.check for result in self.results))

    def count_of(self, status: ResultStatus) -> int:
        return sum(result.status == status for result in self.results)


def crash_result(layer: Phase, name: str, observed: str) -> Result:
    """The result for an error of the suite."""
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


def sort_results(results: Iterable[Result]) -> tuple[Result, ...]:
    """Findings first, MUST before SHOULD, then errors, otherwise in their order."""
    return tuple(sorted(results, key=lambda r: (not r.counts, not r.is_finding, r.level != MUST, r.status != ERROR)))

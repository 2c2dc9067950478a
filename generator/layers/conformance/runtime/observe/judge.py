"""Counts what passed and keeps what failed: each kind of failure once, with how often it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ..api import Operation
from ..http.wire import Parts
from ..plan import Plan
from ..results import FAILED, PASSED, WATCHED, Level, Phase, Result
from ..stateful.check_run import Exchange
from ..stateful.checks.check import Check
from .masking import RecordingMasker
from .recordings.recorded import Recorded

MOST_PER_CHECK = 5
_OF_OBJECTS = ("OBS-020", "OBS-021")
_FIRST_OF_RESPONSES = "MOD-090"  # from here on the checks of that phase look at single responses


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed(Exchange):
    """A request and its response, with what the recording says of them and what was read from the request."""

    recorded: Recorded
    parts: Parts

    @property
    def knows_content(self) -> bool:
        """Whether the recording has the body of the response."""
        return self.recorded.content is not None


@dataclass(slots=True, kw_only=True)
class _Tally:
    """One check on one operation: how much was looked at, and the failures by their kind."""

    check: Check
    label: str
    name: str
    count: int = 0
    failures: dict[str, Result] = field(default_factory=dict)

    def passed(self) -> Result:
        """The result if nothing failed."""
        return Result(
            id=f"{self.check.id} {self.name}",
            layer=_phase_of(self.check),
            check=self.check.name,
            operation=self.label,
            level=self.check.level,
            clause=self.check.clause,
            status=PASSED,
            count=self.count,
            unit=WATCHED,
        )


class Judge:
    """Gives the verdicts on observed traffic; what fails in the same way again is counted, not kept."""

    def __init__(self, plan: Plan, masker: RecordingMasker, announce: Callable[[Result], None]) -> None:
        """`announce` gets each failure of a new kind, masked."""
        self.plan = plan
        self.api = plan.api
        self.masker = masker
        self._announce = announce
        self._tallies: dict[tuple[str, str], _Tally] = {}

    def verdict(
        self,
        check: Check,
        exchange: Exchange,
        fine: bool,
        expected: str,
        *,
        of: Operation | None = None,
        observed: str = "",
        level: Level | None = None,
        detail: str = "",
    ) -> Iterator[Result]:
        """The failure, if it is of a new kind; `of` is the operation at fault, if it is not that of the exchange."""
        operation = of or exchange.operation
        if not isinstance(exchange, Observed) or not self.plan.chooses(operation):
            return
        tally = self._find_tally(check, operation.label, operation.id)
        if tally is None or not self._is_new(tally, fine, kind := f"{level or check.level} {detail or observed}"):
            return
        received = f"{exchange.status} {exchange.response.media_type}".strip()
        yield self._keep(
            tally,
            kind,
            replace(
                tally.passed(),
                level=level or check.level,
                expected=expected,
                observed=f"{received}: {observed}" if observed else received,
                request=self.masker.request(exchange.recorded, exchange.parts),
                answer=self.masker.content(exchange.recorded),
                detail=detail,
            ),
        )

    def note_undescribed(self, check: Check, recorded: Recorded, parts: Parts, observed: str, level: Level) -> None:
        """Keep a request that names no operation of the description."""
        address = self.masker.address(recorded.url).partition("?")[0]
        tally = self._find_tally(check, f"{recorded.method} (not described)", recorded.method)
        if tally is None or not self._is_new(tally, False, kind := f"{level} {address} {recorded.status}"):
            return
        failed = replace(
            tally.passed(),
            level=level,
            expected="an operation of the description",
            observed=f"{recorded.status}: {observed}",
            request=self.masker.request(recorded, parts),
            answer=self.masker.content(recorded),
            detail=address,
        )
        self._keep(tally, kind, failed)

    def results(self) -> Iterator[Result]:
        """All results, by operation in the order of the description."""
        order = {operation.label: number for number, operation in enumerate(self.api.operations)}
        for tally in sorted(self._tallies.values(), key=lambda one: order.get(one.label, len(order))):
            yield from tally.failures.values()
            if not tally.failures:
                yield tally.passed()

    def _find_tally(self, check: Check, label: str, name: str) -> _Tally | None:
        """The tally of a check that is wanted."""
        if (check.id, label) not in self._tallies:
            if not self.plan.wants(check.id, check.name):
                return None
            self._tallies[check.id, label] = _Tally(check=check, label=label, name=name)
        return self._tallies[check.id, label]

    def _is_new(self, tally: _Tally, fine: bool, kind: str) -> bool:
        """Count what was looked at, and whether it failed in a way that was not seen before."""
        tally.count += 1
        if fine:
            return False
        kept = tally.failures.get(kind)
        if kept is not None:
            tally.failures[kind] = replace(kept, count=kept.count + 1)
        return kept is None and len(tally.failures) < MOST_PER_CHECK

    def _keep(self, tally: _Tally, kind: str, failed: Result) -> Result:
        masked = self.masker.result(replace(failed, status=FAILED, count=1, cause=tally.check.cause))
        tally.failures[kind] = masked
        self._announce(masked)
        return masked


def _phase_of(check: Check) -> Phase:
    if check.clause.startswith("x-signing"):
        return "signature"
    return "model" if "MOD-000" <= check.id < _FIRST_OF_RESPONSES or check.id in _OF_OBJECTS else "schema"

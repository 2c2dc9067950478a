"""The signature layer: operations under attack, each cell a request or a few, nothing random about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from requests import PreparedRequest, RequestException

from ..context import Bench, Unit
from ..description import Operation
from ..http.clock_skew import NOTABLE_SECONDS, offset_ms, words
from ..http.network_errors import silence
from ..http.rate_limit import Unsent
from ..http.wire import Pointless
from ..objects.authorization import AUTHENTICATION, blames_signature
from ..plan import Plan
from ..reproduce.recipe import Step
from ..results import ADVISORY, FAILED, HOLE, PASSED, SHOULD, SKIPPED, Result
from ..target import Subject
from .attack import Attack
from .catalogue import attacks, rotated
from .outcome import Outcome, Untried

LAYER = "signature"


def units(plan: Plan) -> Iterator[Unit]:
    """One unit for each signed operation."""
    for operation, chosen in table(plan):
        yield Unit(layer=LAYER, name=operation.id, run=partial(_tried, operation=operation, chosen=chosen))


def table(plan: Plan) -> Iterator[tuple[Operation, tuple[Attack, ...]]]:
    """The attacks on each operation."""
    rows = attacks(plan.api, plan.second, plan.superuser)
    shares = {attack.id: _share(plan, attack) for attack in rows}
    for operation in plan.operations:
        chosen = tuple(a for a in rows if operation.id in shares[a.id] and plan.wants(a.id, a.name))
        if chosen:
            yield operation, chosen


def _share(plan: Plan, attack: Attack) -> frozenset[str]:
    """The operations for an attack: all that it fits where somebody chose some, so that a part is never less."""
    if plan.chosen:
        return frozenset(o.id for o in plan.api.operations if o.signed and attack.fits(o))
    return frozenset(rotated(attack, plan.api.operations))


def _tried(bench: Bench, *, operation: Operation, chosen: tuple[Attack, ...]) -> Iterator[Result]:
    subject = Subject(bench, operation)
    for attack in chosen:
        yield from Cell(subject, attack).results()


class Cell:
    """One attack on one operation."""

    def __init__(self, subject: Subject, attack: Attack) -> None:
        self._subject = subject
        self._attack = attack

    def results(self) -> Iterator[Result]:
        """What came of it; nothing where the attack makes no difference here."""
        try:
            outcome = self._attack.course(self._subject, self._attack.forgery)
            yield from self._judged(outcome)
        except Pointless:
            return
        except Untried as error:
            yield self._result(SKIPPED, expected="the first request passes", observed=str(error))
        except Unsent as error:
            yield self._result(SKIPPED, observed=str(error))
        except RequestException as error:
            status = SKIPPED if self._attack.level == ADVISORY else FAILED
            yield self._result(status, expected="an answer in time", observed=silence(error))

    def _judged(self, outcome: Outcome) -> Iterator[Result]:
        if self._attack.level == ADVISORY:
            yield self._remark(outcome)
        elif outcome.holds is not None:
            expected = f"only what is right has an effect, and once: {self._attack.name}"
            yield self._passed() if outcome.holds else self._failed(outcome, expected)
        elif self._attack.must_pass:
            yield self._right(outcome)
        else:
            yield from self._wrong(outcome)

    def _remark(self, outcome: Outcome) -> Result:
        """A hole of the scheme itself: no server can be blamed for it, nor for closing it."""
        status = outcome.answer.status
        if status not in AUTHENTICATION and not outcome.answer.succeeded:
            told = f"{status}: the request was refused for another reason, which says nothing about the hole"
            return self._result(SKIPPED, expected=self._attack.cause, observed=told)
        told = f"{status}: {'this server closes the hole' if status in AUTHENTICATION else HOLE}"
        return self._result(PASSED, expected=self._attack.cause, observed=told)

    def _right(self, outcome: Outcome) -> Result:
        subject, answer = self._subject, outcome.answer
        blamed = blames_signature(subject.bench.plan.api, answer)
        if answer.status < 500 and not blamed and not subject.is_refusal(answer):
            return self._passed()
        if off := self._off(outcome):
            return off
        failed = self._failed(outcome, "a rightly signed request passes")
        if blamed or answer.status >= 500:
            return failed
        reason = self._no_right() if answer.status in AUTHENTICATION else self._no_content()
        return self._result(SKIPPED, observed=f"{answer.status}{reason}") if reason else failed

    def _no_right(self) -> str:
        """401 and 403 are for a missing right as well: nobody is blamed for one where that may be it."""
        subject, told = self._subject, "the user may not have the right"
        if subject.operation.restricted or not subject.is_own:
            return f": {told}"
        if subject.right.status in AUTHENTICATION and not subject.is_refused_as_wrong:
            return f", in other words than for a wrong signature: {told}"
        return ""

    def _no_content(self) -> str:
        """What says the same as a refusal of the signing may be about parameters that the plain request has not."""
        if self._subject.right.succeeded and self._attack.forgery.is_plain:
            return ""
        return ", in words that are those for a wrong signature as well"

    def _off(self, outcome: Outcome) -> Result | None:
        """Where the server tells with its refusal that its clock is off, the window may well be right."""
        bench, attack = self._subject.bench, self._attack
        offset = offset_ms(outcome.answer, outcome.request, bench.plan.api) if attack.forgery.by_their_clock else 0
        if offset == 0 or abs(offset - bench.pace.offset_ms) < NOTABLE_SECONDS * 1000:
            return None
        told = f"the server's clock is {words(offset)} this machine's"
        return replace(self._failed(outcome, "clocks that agree", level=SHOULD, observed=told), cause=told)

    def _wrong(self, outcome: Outcome) -> Iterator[Result]:
        status, right = outcome.answer.status, self._subject.right.status
        refusals = [code for code in self._attack.refusals if code in AUTHENTICATION or code != right]
        if status not in refusals and not self._subject.is_refusal(outcome.answer):
            yield self._failed(outcome, "refused with " + " or ".join(str(code) for code in refusals))
        elif self._subject.is_refusal(self._subject.right):
            yield self._result(SKIPPED, expected="the right request passes", observed=f"{right} for the right request")
        else:
            yield self._passed()
            yield from self._exact(outcome)

    def _exact(self, outcome: Outcome) -> Iterator[Result]:
        """A refusal whose status is not the documented one."""
        exact = self._attack.exact
        if outcome.answer.status != exact and exact in self._subject.operation.statuses:
            failed = self._failed(outcome, f"refused with {exact}, as documented", level=SHOULD)
            yield replace(failed, cause="every refusal of this kind has another status than the documented one")

    def _passed(self) -> Result:
        return self._result(PASSED)

    def _failed(self, outcome: Outcome, expected: str, *, level: str = "", observed: str = "") -> Result:
        bench, answer = self._subject.bench, outcome.answer
        steps: list[Step | PreparedRequest] = [
            *outcome.before,
            Step(request=outcome.request, times=outcome.times),
            *outcome.after,
        ]
        return self._result(
            FAILED,
            level=level,
            expected=expected,
            observed=observed or outcome.observed or f"{answer.status} {answer.media_type}".strip(),
            request=bench.recipes.told(steps, remark=self._attack.name),
            answer=bench.masker.answer(answer),
        )

    def _result(
        self,
        status: str,
        *,
        level: str = "",
        expected: str = "",
        observed: str = "",
        request: str = "",
        answer: str = "",
    ) -> Result:
        attack, operation = self._attack, self._subject.operation
        return Result(
            id=f"{attack.id} {operation.id}",
            layer=LAYER,
            check=attack.name,
            operation=operation.label,
            level=level or attack.level,
            clause=attack.clause,
            status=status,
            expected=expected,
            observed=observed,
            request=request,
            answer=answer,
            cause=attack.cause if status == FAILED else "",
        )

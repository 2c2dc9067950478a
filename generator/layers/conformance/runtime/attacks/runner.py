"""The signature layer: operations under attack, each cell a request or a few, nothing random about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from requests import PreparedRequest, RequestException

from ..context import RunContext, WorkItem
from ..description import Operation
from ..http.clock_skew import NOTABLE_SECONDS, offset_in_words, offset_ms
from ..http.network_errors import describe_no_response
from ..http.rate_limit import NotSent
from ..http.wire import NotApplicable
from ..objects.authorization import AUTHENTICATION, blames_signature
from ..plan import Plan
from ..reproduce.recipe import Step
from ..results import ADVISORY, FAILED, HOLE, PASSED, SHOULD, SKIPPED, Result
from ..target import Target
from .attack import Attack
from .catalogue import attacks, rotated
from .outcome import Outcome, Untried

LAYER = "signature"


def units(plan: Plan) -> Iterator[WorkItem]:
    """One unit for each signed operation."""
    for operation, chosen in table(plan):
        yield WorkItem(layer=LAYER, name=operation.id, run=partial(_tried, operation=operation, chosen=chosen))


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


def _tried(context: RunContext, *, operation: Operation, chosen: tuple[Attack, ...]) -> Iterator[Result]:
    target = Target(context, operation)
    for attack in chosen:
        yield from Cell(target, attack).results()


class Cell:
    """One attack on one operation."""

    def __init__(self, target: Target, attack: Attack) -> None:
        self._target = target
        self._attack = attack

    def results(self) -> Iterator[Result]:
        """What came of it; nothing where the attack makes no difference here."""
        try:
            outcome = self._attack.course(self._target, self._attack.steps)
            yield from self._judged(outcome)
        except NotApplicable:
            return
        except Untried as error:
            yield self._result(SKIPPED, expected="the first request passes", observed=str(error))
        except NotSent as error:
            yield self._result(SKIPPED, observed=str(error))
        except RequestException as error:
            status = SKIPPED if self._attack.level == ADVISORY else FAILED
            yield self._result(status, expected="an answer in time", observed=describe_no_response(error))

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
        status = outcome.response.status
        if status not in AUTHENTICATION and not outcome.response.succeeded:
            told = f"{status}: the request was refused for another reason, which says nothing about the hole"
            return self._result(SKIPPED, expected=self._attack.cause, observed=told)
        told = f"{status}: {'this server closes the hole' if status in AUTHENTICATION else HOLE}"
        return self._result(PASSED, expected=self._attack.cause, observed=told)

    def _right(self, outcome: Outcome) -> Result:
        target, response = self._target, outcome.response
        blamed = blames_signature(target.context.plan.api, response)
        if response.status < 500 and not blamed and not target.is_refusal(response):
            return self._passed()
        if off := self._off(outcome):
            return off
        failed = self._failed(outcome, "a rightly signed request passes")
        if blamed or response.status >= 500:
            return failed
        reason = self._no_right() if response.status in AUTHENTICATION else self._no_content()
        return self._result(SKIPPED, observed=f"{response.status}{reason}") if reason else failed

    def _no_right(self) -> str:
        """401 and 403 are for a missing right as well: nobody is blamed for one where that may be it."""
        target, told = self._target, "the user may not have the right"
        if target.operation.restricted or not target.is_own:
            return f": {told}"
        if target.right.status in AUTHENTICATION and not target.is_refused_as_wrong:
            return f", in other words than for a wrong signature: {told}"
        return ""

    def _no_content(self) -> str:
        """What says the same as a refusal of the signing may be about parameters that the plain request has not."""
        if self._target.right.succeeded and self._attack.steps.is_plain:
            return ""
        return ", in words that are those for a wrong signature as well"

    def _off(self, outcome: Outcome) -> Result | None:
        """Where the server tells with its refusal that its clock is off, the window may well be right."""
        context, attack = self._target.context, self._attack
        offset = offset_ms(outcome.response, outcome.request, context.plan.api) if attack.steps.by_server_clock else 0
        if offset == 0 or abs(offset - context.rate_limit.offset_ms) < NOTABLE_SECONDS * 1000:
            return None
        told = f"the server's clock is {offset_in_words(offset)} this machine's"
        return replace(self._failed(outcome, "clocks that agree", level=SHOULD, observed=told), cause=told)

    def _wrong(self, outcome: Outcome) -> Iterator[Result]:
        status, right = outcome.response.status, self._target.right.status
        refusals = [code for code in self._attack.refusals if code in AUTHENTICATION or code != right]
        if status not in refusals and not self._target.is_refusal(outcome.response):
            yield self._failed(outcome, "refused with " + " or ".join(str(code) for code in refusals))
        elif self._target.is_refusal(self._target.right):
            yield self._result(SKIPPED, expected="the right request passes", observed=f"{right} for the right request")
        else:
            yield self._passed()
            yield from self._exact(outcome)

    def _exact(self, outcome: Outcome) -> Iterator[Result]:
        """A refusal whose status is not the documented one."""
        exact = self._attack.exact
        if outcome.response.status != exact and exact in self._target.operation.statuses:
            failed = self._failed(outcome, f"refused with {exact}, as documented", level=SHOULD)
            yield replace(failed, cause="every refusal of this kind has another status than the documented one")

    def _passed(self) -> Result:
        return self._result(PASSED)

    def _failed(self, outcome: Outcome, expected: str, *, level: str = "", observed: str = "") -> Result:
        context, response = self._target.context, outcome.response
        steps: list[Step | PreparedRequest] = [
            *outcome.before,
            Step(request=outcome.request, times=outcome.times),
            *outcome.after,
        ]
        return self._result(
            FAILED,
            level=level,
            expected=expected,
            observed=observed or outcome.observed or f"{response.status} {response.media_type}".strip(),
            request=context.recipes.told(steps, remark=self._attack.name),
            response=context.masker.response(response),
        )

    def _result(
        self,
        status: str,
        *,
        level: str = "",
        expected: str = "",
        observed: str = "",
        request: str = "",
        response: str = "",
    ) -> Result:
        attack, operation = self._attack, self._target.operation
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
            answer=response,
            cause=attack.cause if status == FAILED else "",
        )

"""Runs attacks on operations: each run is a request or a few, and nothing is random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from requests import PreparedRequest, RequestException

from ..api import Operation
from ..context import RunContext, WorkItem
from ..errors import CannotSign
from ..http.caller import Response
from ..http.clock_skew import NOTABLE_SECONDS, offset_in_words, offset_ms
from ..http.network_errors import describe_no_response
from ..http.rate_limit import NotSent
from ..http.wire import NotApplicable
from ..objects.authorization import AUTHENTICATION, blames_signature
from ..plan import Plan
from ..reproduce.recipe import Step
from ..results import ADVISORY, FAILED, HOLE, PASSED, SHOULD, SKIPPED, Level, Result, ResultStatus
from ..target import Target
from .attack import Attack
from .catalogue import attacks, choose_operations
from .outcome import NotTried, Outcome
from .spoiled_signatures import is_refused_before_signature

PHASE: Final = "signature"
_ANY_SIGNATURE = "{}, as for any signature: it was refused for another reason, before the signature was looked at"


def work_items(plan: Plan) -> Iterator[WorkItem]:
    """One work item for each signed operation."""
    for operation, chosen in table(plan):
        yield WorkItem(
            phase=PHASE,
            name=operation.id,
            run=partial(_run_attacks, operation=operation, chosen=chosen),
            operations=(operation.label,),
            checks=tuple(attack.id for attack in chosen),
        )


def table(plan: Plan) -> Iterator[tuple[Operation, tuple[Attack, ...]]]:
    """The attacks on each operation."""
    rows = attacks(plan.api, plan.second, plan.superuser)
    shares = {attack.id: _operations_for(plan, attack) for attack in rows}
    for operation in plan.operations:
        chosen = tuple(a for a in rows if operation.id in shares[a.id] and plan.wants(a.id, a.name))
        if chosen:
            yield operation, chosen


def _operations_for(plan: Plan, attack: Attack) -> frozenset[str]:
    """The operations for an attack. With --operations it is tried on all that it fits, or a part would test less."""
    if plan.chosen:
        return frozenset(o.id for o in plan.api.operations if o.signed and attack.fits(o))
    return frozenset(choose_operations(attack, plan.api.operations))


def _run_attacks(context: RunContext, *, operation: Operation, chosen: tuple[Attack, ...]) -> Iterator[Result]:
    target = Target(context, operation)
    for attack in chosen:
        yield from AttackRun(target, attack).results()


class AttackRun:
    """One attack on one operation."""

    def __init__(self, target: Target, attack: Attack) -> None:
        self._target = target
        self._attack = attack

    def results(self) -> Iterator[Result]:
        """The results; none if the attack makes no difference to this operation."""
        try:
            outcome = self._attack.scenario(self._target, self._attack.steps)
            yield from self._judge(outcome)
        except NotApplicable:
            return
        except NotTried as error:
            yield self._result(SKIPPED, expected=error.expected, observed=str(error), needs=error.needs)
        except CannotSign as error:
            yield self._result(SKIPPED, expected="a request that the scheme can sign", observed=str(error))
        except NotSent as error:
            yield self._result(SKIPPED, observed=str(error))
        except RequestException as error:
            status: ResultStatus = SKIPPED if self._attack.level == ADVISORY else FAILED
            yield self._result(status, expected="a response in time", observed=describe_no_response(error))

    def _judge(self, outcome: Outcome) -> Iterator[Result]:
        if self._attack.level == ADVISORY and not self._attack.must_pass:
            yield self._advise(outcome)
        elif outcome.holds is not None:
            expected = f"only what is right has an effect, and once: {self._attack.name}"
            if not outcome.holds and is_refused_before_signature(self._target, outcome):
                yield self._result(SKIPPED, observed=_ANY_SIGNATURE.format(outcome.response.status))
            else:
                yield self._pass() if outcome.holds else self._fail(outcome, expected)
        elif self._attack.must_pass:
            yield self._judge_valid(outcome)
        else:
            yield from self._judge_attack(outcome)

    def _advise(self, outcome: Outcome) -> Result:
        """A hole of the scheme itself: a server that leaves it open is as correct as one that closes it."""
        status = outcome.response.status
        if status not in AUTHENTICATION and not outcome.response.succeeded:
            observed = f"{status}: the request was refused for another reason, which says nothing about the hole"
            return self._result(SKIPPED, expected=self._attack.cause, observed=observed)
        observed = f"{status}: {'this server closes the hole' if status in AUTHENTICATION else HOLE}"
        return self._result(PASSED, expected=self._attack.cause, observed=observed)

    def _judge_valid(self, outcome: Outcome) -> Result:
        target, response = self._target, outcome.response
        blamed = blames_signature(target.context.plan.api, response)
        if response.status in self._attack.open_statuses:
            return self._judge_open(response)
        passed = response.status < 500 and not blamed and not target.is_signing_error(response)
        if passed and not self._is_refused_for_signing(response):
            return self._pass()
        if off := self._clock_finding(outcome):
            return off
        failed = self._fail(outcome, "a rightly signed request passes")
        if blamed or response.status >= 500:
            return failed
        reason = self._explain_permission() if response.status in AUTHENTICATION else self._other_reason()
        return self._result(SKIPPED, observed=f"{response.status}{reason}") if reason else failed

    def _judge_open(self, response: Response) -> Result:
        """A request that a server may refuse; it says something only if the plain one is not refused."""
        if self._target.is_signing_error(self._target.valid_response):
            return self._result(SKIPPED, observed=f"{response.status}, and the valid request is refused as well")
        return self._pass()

    def _is_refused_for_signing(self, response: Response) -> bool:
        """Whether an error in any words can only be about the signing: the valid request passes before and after."""
        target = self._target
        if response.succeeded or not (self._attack.steps.is_plain and target.valid_response.succeeded):
            return False
        return target.send(target.prepare()).succeeded

    def _explain_permission(self) -> str:
        """Why 401 or 403 may be about a missing permission, which is no finding; empty if it cannot."""
        target, reason = self._target, "the user may not have the right"
        if target.operation.restricted or not target.names_only_own_objects:
            return f": {reason}"
        if target.valid_response.status in AUTHENTICATION and not target.is_refused_like_wrong_signature:
            return f", in other words than for a wrong signature: {reason}"
        return ""

    def _other_reason(self) -> str:
        """Why an error may be about the added parameters and not about the signature; empty if it cannot."""
        if self._target.valid_response.succeeded and self._attack.steps.is_plain:
            return ""
        return ", in words that are those for a wrong signature as well"

    def _clock_finding(self, outcome: Outcome) -> Result | None:
        """A finding about clocks, if the error shows that the server's clock is off: the window may be correct."""
        context, attack = self._target.context, self._attack
        offset = offset_ms(outcome.response, outcome.request, context.plan.api) if attack.steps.by_server_clock else 0
        if offset == 0 or abs(offset - context.rate_limit.offset_ms) < NOTABLE_SECONDS * 1000:
            return None
        observed = f"the server's clock is {offset_in_words(offset)} this machine's"
        return replace(self._fail(outcome, "clocks that agree", level=SHOULD, observed=observed), cause=observed)

    def _judge_attack(self, outcome: Outcome) -> Iterator[Result]:
        status, right = outcome.response.status, self._target.valid_response.status
        error_statuses = [code for code in self._attack.error_statuses if code in AUTHENTICATION or code != right]
        if status not in error_statuses and not self._target.is_signing_error(outcome.response):
            if is_refused_before_signature(self._target, outcome):
                yield self._result(SKIPPED, observed=_ANY_SIGNATURE.format(status))
                return
            yield self._fail(outcome, "refused with " + " or ".join(str(code) for code in error_statuses))
        elif self._target.is_signing_error(self._target.valid_response):
            yield self._result(SKIPPED, expected="the valid request passes", observed=f"{right} for the valid request")
        else:
            yield self._pass()
            yield from self._check_exact_status(outcome)

    def _check_exact_status(self, outcome: Outcome) -> Iterator[Result]:
        """An error whose status is not the documented one."""
        api, operation = self._target.context.plan.api, self._target.operation
        exact = {"token": AUTHENTICATION[0], "signature": api.signature_status}.get(self._attack.exact, 0)
        if not operation.leaves_open(outcome.response.status, (exact,), api):
            failed = self._fail(outcome, f"refused with {exact}, as documented", level=SHOULD)
            yield replace(failed, cause="every error of this kind has another status than the documented one")

    def _pass(self) -> Result:
        return self._result(PASSED)

    def _fail(self, outcome: Outcome, expected: str, *, level: Level | None = None, observed: str = "") -> Result:
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
            request=context.recipes.write(steps, remark=self._attack.name, attack=self._attack.id),
            response=context.masker.response(response),
        )

    def _result(
        self,
        status: ResultStatus,
        *,
        level: Level | None = None,
        expected: str = "",
        observed: str = "",
        request: str = "",
        response: str = "",
        needs: str = "",
    ) -> Result:
        attack, operation = self._attack, self._target.operation
        return Result(
            id=f"{attack.id} {operation.id}",
            layer=PHASE,
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
            needs=needs,
        )

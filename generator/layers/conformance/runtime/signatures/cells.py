"""The signature layer: every operation under every attack, each cell one or two requests, nothing random about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from requests import PreparedRequest, RequestException

from ..bench import Bench, Unit
from ..caller import Answer
from ..description import Operation
from ..plan import Plan
from ..results import FAILED, MUST, PASSED, SHOULD, SKIPPED, Result
from .attacks import Attack, attacks

LAYER = "signature"
_AUTHENTICATION = (401, 403)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a cell came to, before it is put into words. `before` is the answer before a replay."""

    request: PreparedRequest
    answer: Answer
    before: Answer | None = None


def units(plan: Plan) -> Iterator[Unit]:
    """One unit for each signed operation."""
    for operation in plan.operations:
        if plan.api.scheme is not None and operation.signed:
            yield Unit(layer=LAYER, name=operation.id, run=partial(_tried, operation=operation))


def _tried(bench: Bench, *, operation: Operation) -> Iterator[Result]:
    yield from Cells(bench).run(operation)


class Cells:
    """Runs the table against one server."""

    def __init__(self, bench: Bench) -> None:
        self._caller = bench.caller
        self._objects = bench.objects
        self._masker = bench.masker
        rows = attacks(bench.plan.api, bench.plan.second)
        self._attacks = tuple(attack for attack in rows if bench.plan.wants(attack.id, attack.name))

    def run(self, operation: Operation) -> Iterator[Result]:
        """The results, cell by cell."""
        for attack in self._attacks:
            yield from self._cell(operation, attack)

    def _cell(self, operation: Operation, attack: Attack) -> Iterator[Result]:
        try:
            outcome = self._outcome(operation, attack)
        except RequestException as error:
            observed = f"no answer ({type(error).__name__})"
            yield _result(operation, attack, FAILED, expected="an answer in time", observed=observed)
            return
        yield from self._judged(operation, attack, outcome)

    def _outcome(self, operation: Operation, attack: Attack) -> Outcome:
        ids = self._objects.ids(operation, fresh=operation.method == "DELETE")
        request = self._caller.prepare(operation, ids, self._objects.body(operation), attack.forgery)
        answer = self._sent(operation, ids, request)
        if attack.replay and answer.status not in _AUTHENTICATION:
            return Outcome(request=request, answer=self._sent(operation, ids, request), before=answer)
        return Outcome(request=request, answer=answer)

    def _sent(self, operation: Operation, ids: Mapping[str, object], request: PreparedRequest) -> Answer:
        return self._objects.send(operation, ids, request)

    def _judged(self, operation: Operation, attack: Attack, outcome: Outcome) -> Iterator[Result]:
        status = outcome.answer.status
        details = {
            "observed": f"{status} {outcome.answer.media_type}".strip(),
            "request": self._masker.curl(outcome.request),
            "answer": self._masker.answer(outcome.answer),
        }
        if not attack.refusals:
            yield _right(operation, attack, status, details)
        elif attack.replay and outcome.before is None:
            yield _result(operation, attack, SKIPPED, expected="the first request passes", observed=details["observed"])
        elif status not in attack.refusals:
            words = " or ".join(str(refusal) for refusal in attack.refusals)
            yield _result(operation, attack, FAILED, expected=f"refused with {words}", **details)
        else:
            yield _result(operation, attack, PASSED)
            yield from _exact(operation, attack, status, details)


def _right(operation: Operation, attack: Attack, status: int, details: Mapping[str, str]) -> Result:
    refused = status in _AUTHENTICATION and not (status == 403 and operation.restricted)
    if refused or status >= 500:
        return _result(operation, attack, FAILED, expected="a rightly signed request passes", **details)
    return _result(operation, attack, PASSED)


def _exact(operation: Operation, attack: Attack, status: int, details: Mapping[str, str]) -> Iterator[Result]:
    """A refusal whose status is not the documented one."""
    if status != attack.exact and attack.exact in operation.statuses:
        expected = f"refused with {attack.exact}, as documented"
        yield _result(operation, attack, FAILED, level=SHOULD, expected=expected, **details)


def _result(
    operation: Operation,
    attack: Attack,
    status: str,
    *,
    level: str = MUST,
    expected: str = "",
    observed: str = "",
    request: str = "",
    answer: str = "",
) -> Result:
    return Result(
        id=f"{attack.id} {operation.id}",
        layer=LAYER,
        check=attack.name,
        operation=operation.label,
        level=level,
        clause=attack.clause,
        status=status,
        expected=expected,
        observed=observed,
        request=request,
        answer=answer,
    )

"""The signature layer: every operation under every attack, each cell one or two requests, nothing random about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from requests import PreparedRequest, RequestException

from .attacks import Attack, attacks
from .caller import Answer, Caller
from .description import Api, Credentials, Operation
from .masking import Masker
from .objects import Objects
from .results import FAILED, MUST, PASSED, SHOULD, SKIPPED, Result

LAYER = "signature"
_AUTHENTICATION = (401, 403)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a cell came to, before it is put into words. `before` is the answer before a replay."""

    request: PreparedRequest
    answer: Answer
    before: Answer | None = None


class Cells:
    """Runs the table against one server."""

    def __init__(self, caller: Caller, objects: Objects, masker: Masker, second: Credentials | None) -> None:
        self._caller = caller
        self._objects = objects
        self._masker = masker
        self._attacks = tuple(attacks(caller.api, second))

    def run(self, operations: Iterable[Operation]) -> Iterator[Result]:
        """The results, cell by cell."""
        for operation in operations:
            for attack in self._attacks if operation.signed else ():
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
        answer = self._caller.send(request)
        self._objects.record(operation, ids, answer)
        return answer

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


def planned(api: Api, operations: Iterable[Operation], second: Credentials | None) -> int:
    """How many cells a run has."""
    return len(tuple(attacks(api, second))) * sum(operation.signed for operation in operations)

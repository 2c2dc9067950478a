"""What must be refused is refused, and told as the description tells errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..description import Api, Credentials, Json, Operation
from ..http.signer import Forgery
from ..objects.pool import absent
from ..results import SHOULD, Result
from .check_context import Exchange, NotPossible, Trial
from .checks.check import Check
from .checks.responses import ABSENT, ERROR_BODY, ERROR_CODE, EXACT, REQUIRED
from .factory import Making
from .invalid_values import broken, mistyped
from .responses import fitting

_NOT_FOUND = 404


def refused(trial: Trial, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Absent objects, and bodies that the schemas do not allow."""
    making = Making(trial)
    for operation in operations:
        try:
            yield from _absent(trial, making, operation)
            if operation.settings and trial.plan.writes:
                yield from _invalid(trial, making, operation)
        except NotPossible as error:
            yield from trial.skipped(ABSENT, operation, str(error))


def unauthenticated(trial: Trial, operation: Operation) -> Iterator[Result]:
    """How a request without a token, and one with a wrong signature, is refused."""
    for status, forgery in ((401, Forgery(header=_no_header)), (403, Forgery(spelling=_altered))):
        exchange = trial.ask(operation, {}, forgery=forgery)
        if 400 <= exchange.status < 500:  # whether it is refused at all is the signature layer's business
            yield from _told(trial, exchange, (status,), uncoded=True)


def _no_header(_api: Api, _user: Credentials) -> None:
    """No token at all."""


def _altered(signature: str) -> str:
    return ("1" if signature.startswith("0") else "0") + signature[1:]


def _absent(trial: Trial, making: Making, operation: Operation) -> Iterator[Result]:
    if not operation.placeholders or _NOT_FOUND not in operation.statuses:
        return
    last = operation.placeholders[-1]
    ids = making.parents(operation)
    body = making.body(operation) or None
    query = making.query(operation) if trial.plan.writes else {}
    exchange = trial.ask(operation, {**ids, last.name: absent(last)}, body, query=query)
    refused = 400 <= exchange.status < 500
    yield from trial.verdict(ABSENT, exchange, refused, "404, since there is no such object")
    if refused:
        yield from _told(trial, exchange, (_NOT_FOUND,))


def _invalid(trial: Trial, making: Making, operation: Operation) -> Iterator[Result]:
    thing = making.subject(operation) if operation.placeholders else None
    right = making.body(operation)
    for check, name, body in _bodies(operation, right):
        exchange = trial.ask(operation, making.ids(operation, thing), body, query=making.query(operation, thing))
        yield from _judged(trial, exchange, check, name)


def _bodies(operation: Operation, right: Mapping[str, Json]) -> Iterator[tuple[Check, str, Mapping[str, Json]]]:
    """Bodies with one fault each, with the check and the setting that they are for."""
    for setting in operation.settings:
        if setting.required:
            yield REQUIRED, setting.name, {n: v for n, v in right.items() if n != setting.name}
        for check, value in (*broken(setting), *mistyped(setting)):
            yield check, setting.name, {**right, setting.name: value}


def _judged(trial: Trial, exchange: Exchange, check: Check, name: str) -> Iterator[Result]:
    refused = 400 <= exchange.status < 500
    detail = "" if refused else name
    yield from trial.verdict(check, exchange, refused, "a refusal, as the schema asks", observed=name, detail=detail)
    if refused:
        yield from _told(trial, exchange, tuple(s for s in exchange.operation.statuses if s >= 400))


def _told(trial: Trial, exchange: Exchange, exact: tuple[int, ...], *, uncoded: bool = False) -> Iterator[Result]:
    """The form of a refusal: its status, its body, its code; that there is none is told where `uncoded` asks for it."""
    status, operation = exchange.status, exchange.operation
    words = " or ".join(map(str, exact))
    fine = status in exact or not set(exact) & set(operation.statuses)
    yield from trial.verdict(EXACT, exchange, fine, f"{words}, as documented", detail="" if fine else str(status))
    documented = status if status in operation.statuses else exact[-1]
    yield from fitting(trial, exchange, documented, (ERROR_BODY, ERROR_BODY))
    codes, member = trial.api.codes.get(status, ()), trial.api.code_member
    if codes and member:
        code = exchange.answer.json.get(member) if isinstance(exchange.answer.json, dict) else None
        expected = f"{member} is one of {', '.join(codes)}"
        fine = code in codes
        detail = "" if fine else f"{status} {code}" if code else "no code"
        if code is None and not uncoded:
            return  # one finding is enough to say that the server tells no codes at all
        yield from trial.verdict(ERROR_CODE, exchange, fine, expected, observed=f"{code}", level=SHOULD, detail=detail)

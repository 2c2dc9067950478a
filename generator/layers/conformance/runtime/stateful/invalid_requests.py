"""Invalid requests are rejected, with errors as described."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..api import Api, Credentials, Json, Operation, load_document
from ..http.signer import SigningSteps
from ..http.unknown_ids import unknown_id
from ..results import SHOULD, Result
from .check_run import CheckRun, Exchange, NotPossible
from .checks.check import Check
from .checks.responses import ABSENT, ERROR_BODY, ERROR_CODE, EXACT, REQUIRED
from .described_responses import check_schema
from .factory import ObjectFactory
from .invalid_values import out_of_bounds, wrong_type
from .response_schemas import find_reference, find_response

_NOT_FOUND = 404


def check_invalid_requests(run: CheckRun, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Check unknown ids, and bodies that the schemas do not allow."""
    factory = ObjectFactory(run)
    for operation in operations:
        try:
            yield from _check_unknown_id(run, factory, operation)
            if operation.settable and run.plan.writes:
                yield from _check_invalid_bodies(run, factory, operation)
        except NotPossible as error:
            yield from run.skip(ABSENT, operation, str(error), error.needs)


def check_unauthenticated(run: CheckRun, operation: Operation) -> Iterator[Result]:
    """Check the errors for a request without a token, and for one with a wrong signature."""
    tried: list[tuple[tuple[int, ...], SigningSteps]] = [
        ((401,), SigningSteps(token_header=_no_header)),
        ((403,), SigningSteps(encode_signature=_alter)),
    ]
    if run.api.scheme is None and run.api.request_scheme is not None:
        tried = [((401, 403), SigningSteps(key=_other_key))]
    for statuses, steps in tried:
        exchange = run.ask(operation, {}, steps=steps)
        if 400 <= exchange.status < 500:  # whether it is rejected at all is checked by the attacks
            yield from _check_error(run, exchange, statuses, uncoded=True)


def _no_header(_api: Api, _user: Credentials) -> None:
    """No token at all."""


def _alter(signature: str) -> str:
    return ("1" if signature.startswith("0") else "0") + signature[1:]


def _other_key(user: Credentials) -> str:
    """A key of the same form that is nobody's."""
    key = user.secret_key
    return key[:-2] + key[-2:][::-1] if key[-2:] != key[-2:][::-1] else key[::-1]


def _check_unknown_id(run: CheckRun, factory: ObjectFactory, operation: Operation) -> Iterator[Result]:
    if not operation.placeholders or _NOT_FOUND not in operation.statuses:
        return
    last = operation.placeholders[-1]
    ids = factory.parents(operation)
    body = factory.body(operation) or None
    query = factory.query(operation) if run.plan.writes else {}
    exchange = run.ask(operation, {**ids, last.name: unknown_id(last)}, body, query=query)
    rejected = 400 <= exchange.status < 500
    yield from run.verdict(ABSENT, exchange, rejected, "404, since there is no such object")
    if rejected:
        yield from _check_error(run, exchange, (_NOT_FOUND,))


def _check_invalid_bodies(run: CheckRun, factory: ObjectFactory, operation: Operation) -> Iterator[Result]:
    created = factory.object_for(operation) if operation.placeholders else None
    valid = factory.body(operation)
    for check, name, body in _bodies(operation, valid):
        exchange = run.ask(operation, factory.ids(operation, created), body, query=factory.query(operation, created))
        yield from _check_rejected(run, exchange, check, name)


def _bodies(operation: Operation, valid: Mapping[str, Json]) -> Iterator[tuple[Check, str, Mapping[str, Json]]]:
    """Bodies with one fault each, with their check and setting."""
    for setting in operation.settable:
        if setting.required:
            yield REQUIRED, setting.name, {n: v for n, v in valid.items() if n != setting.name}
        for check, value in (*out_of_bounds(setting), *wrong_type(setting)):
            yield check, setting.name, {**valid, setting.name: value}


def _check_rejected(run: CheckRun, exchange: Exchange, check: Check, name: str) -> Iterator[Result]:
    rejected = 400 <= exchange.status < 500
    detail = "" if rejected else name
    yield from run.verdict(check, exchange, rejected, "an error, as the schema asks", observed=name, detail=detail)
    if rejected:
        yield from _check_error(run, exchange, tuple(s for s in exchange.operation.statuses if s >= 400))


def _find_missing_headers(run: CheckRun, exchange: Exchange) -> list[str]:
    """The required headers that an error of that status does not have."""
    document = load_document(run.api.name)
    described = find_response(run.api, exchange.operation, exchange.status).get("headers", {})
    headers = {name: find_reference(document, one["$ref"]) if "$ref" in one else one for name, one in described.items()}
    sent = exchange.response.headers
    return [name for name, header in headers.items() if header.get("required") is True and name.lower() not in sent]


def _check_error(
    run: CheckRun, exchange: Exchange, exact: tuple[int, ...], *, uncoded: bool = False
) -> Iterator[Result]:
    """Check an error: its status, body and code; a missing code is a finding only if `uncoded`.

    `exact` is empty where the description has no error.
    """
    status, operation = exchange.status, exchange.operation
    if exact:
        words = " or ".join(map(str, exact))
        fine = operation.leaves_open(status, exact, run.api)
        yield from run.verdict(EXACT, exchange, fine, f"{words}, as documented", detail="" if fine else str(status))
        documented = status if status in operation.statuses else exact[-1]
        yield from check_schema(run, exchange, documented, (ERROR_BODY, ERROR_BODY))
        missing = _find_missing_headers(run, exchange)
        detail = ", ".join(missing)
        expected, observed = f"the headers that {status} is described with", f"without {detail}"
        yield from run.verdict(ERROR_BODY, exchange, not missing, expected, observed=observed, detail=detail)
    codes, member = run.api.codes.get(status, ()), run.api.code_member
    if codes and member:
        code = exchange.response.json.get(member) if isinstance(exchange.response.json, dict) else None
        expected = f"{member} is one of {', '.join(codes)}"
        fine = code in codes
        detail = "" if fine else f"{status} {code}" if code else "no code"
        if code is None and not uncoded:
            return  # one finding is enough for a server without codes
        yield from run.verdict(ERROR_CODE, exchange, fine, expected, observed=f"{code}", level=SHOULD, detail=detail)

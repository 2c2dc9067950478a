"""Valid requests get the responses that are described: status, media type, schema."""

from __future__ import annotations

from collections.abc import Iterator

from ..api import Operation
from ..results import Result
from .check_run import CheckRun, Exchange, NotPossible, Verdicts
from .checks.check import Check
from .checks.responses import MEDIA_TYPE, SCHEMA, STATUS
from .factory import CreatedObject, ObjectFactory
from .protocol.undescribed_members import check_members
from .response_schemas import choose_schema, find_schema_error, find_schemas

_UNFIT = (409, 422)  # of a shared object that another operation has changed: a new one may be fit


def check_responses(run: CheckRun, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Send one valid request for each operation of a resource: what adds something, and then what removes it, last."""
    factory = ObjectFactory(run)
    for operation in sorted(operations, key=lambda o: (o.removes, o.method == "POST")):
        try:
            exchange = _call(run, factory, operation, _object_to_delete(factory, operation))
            if exchange.status in _UNFIT and operation.placeholders and not operation.removes:
                exchange = _call(run, factory, operation, factory.object_for(operation))
        except NotPossible as error:
            yield from run.skip(STATUS, operation, str(error), error.needs)
            continue
        yield from _check_response(run, exchange)
        yield from check_members(run, exchange)


def _call(run: CheckRun, factory: ObjectFactory, operation: Operation, created: CreatedObject | None) -> Exchange:
    _relate(run, factory, operation, created)
    return run.ask(
        operation,
        factory.ids(operation, created),
        factory.body(operation) or None,
        query=factory.query(operation, created),
    )


def _relate(run: CheckRun, factory: ObjectFactory, operation: Operation, created: CreatedObject | None) -> None:
    """Add what a removal names by a given id: its object is new, and has nothing yet."""
    given = {*dict(operation.given)} & {*dict(operation.named)}
    if created is None or not given:
        return
    for other in run.api.operations:
        same = [p.creator for p in other.placeholders] == [p.creator for p in operation.placeholders]
        if same and not other.safe and not other.removes and given <= {setting.name for setting in other.settable}:
            run.ask(other, factory.ids(other, created), factory.body(other))
            return


def _object_to_delete(factory: ObjectFactory, operation: Operation) -> CreatedObject | None:
    """A new object for what removes it; other operations share their objects."""
    return factory.object_for(operation) if operation.removes else None


def _check_response(run: CheckRun, exchange: Exchange) -> Iterator[Result]:
    operation = exchange.operation
    if not exchange.succeeded:
        if exchange.status in operation.statuses:
            reason = f"answered {exchange.status}: it takes what the suite cannot make"
            needs = run.plan.find_options(operation, run.context.coverage.exercised)
            yield from run.skip(STATUS, operation, reason, needs)
        else:
            yield from run.verdict(STATUS, exchange, False, _words(operation.statuses))
        return
    fine = exchange.status in operation.successes
    yield from run.verdict(STATUS, exchange, fine, _words(operation.successes))
    yield from check_schema(run, exchange, operation.successes[0] if not fine else exchange.status)


def check_schema(
    run: Verdicts, exchange: Exchange, status: int, checks: tuple[Check, Check] = (MEDIA_TYPE, SCHEMA)
) -> Iterator[Result]:
    """Check whether media type and body are those described for a status."""
    contents = find_schemas(run.api, exchange.operation, status)
    if not contents:
        return
    kind = exchange.response.media_type
    chosen = choose_schema(contents, kind)
    yield from run.verdict(checks[0], exchange, chosen is not None, _words(tuple(contents)))
    schema = next(iter(contents.values())) if chosen is None else chosen
    if chosen is None and exchange.response.json is None:
        return
    if kind.endswith("json") or (chosen is None and any(name.endswith("json") for name in contents)):
        faults = find_schema_error(run.api, schema, exchange.response.json)
        yield from run.verdict(checks[1], exchange, not faults, "a response that fits its schema", observed=faults)


def _words(values: tuple[object, ...]) -> str:
    return " or ".join(map(str, values))

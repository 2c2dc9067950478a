"""Right requests are answered as described: status, media type, schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from ..description import Api, Json, Operation
from ..results import Result
from .check_context import Exchange, NotPossible, Trial
from .checks.check import Check
from .checks.responses import MEDIA_TYPE, SCHEMA, STATUS
from .factory import Making, Thing

_REFERENCE = "$ref"
_VALIDATORS: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}


def answered(trial: Trial, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Each operation of a resource is called rightly once, those that delete at the end."""
    making = Making(trial)
    for operation in sorted(operations, key=lambda o: (o.method == "DELETE", o.method == "POST")):
        try:
            exchange = _called(trial, making, operation)
        except NotPossible as error:
            yield from trial.skipped(STATUS, operation, str(error))
            continue
        yield from _judged(trial, exchange)


def _called(trial: Trial, making: Making, operation: Operation) -> Exchange:
    thing = _victim(making, operation)
    return trial.ask(
        operation, making.ids(operation, thing), making.body(operation) or None, query=making.query(operation, thing)
    )


def _victim(making: Making, operation: Operation) -> Thing | None:
    """What a DELETE is for is made for it alone; other operations share their objects."""
    return making.subject(operation) if operation.method == "DELETE" else None


def _judged(trial: Trial, exchange: Exchange) -> Iterator[Result]:
    operation = exchange.operation
    if not exchange.succeeded:
        if exchange.status in operation.statuses:
            reason = f"answered {exchange.status}: it takes what the suite cannot make"
            yield from trial.skipped(STATUS, operation, reason)
        else:
            yield from trial.verdict(STATUS, exchange, False, _words(operation.statuses))
        return
    fine = exchange.status in operation.successes
    yield from trial.verdict(STATUS, exchange, fine, _words(operation.successes))
    yield from fitting(trial, exchange, operation.successes[0] if not fine else exchange.status)


def fitting(
    trial: Trial, exchange: Exchange, status: int, checks: tuple[Check, Check] = (MEDIA_TYPE, SCHEMA)
) -> Iterator[Result]:
    """Whether media type and body are those described for a status; one check for each."""
    contents = described(trial.api, exchange.operation, status)
    if not contents:
        return
    kind = exchange.answer.media_type
    yield from trial.verdict(checks[0], exchange, kind in contents, _words(tuple(contents)))
    told = contents.get(kind) or next(iter(contents.values()))
    if kind not in contents and exchange.answer.json is None:
        return
    if any(name.endswith("json") for name in contents):
        faults = unfitting(trial.api, told, exchange.answer.json)
        yield from trial.verdict(checks[1], exchange, not faults, "an answer that fits its schema", observed=faults)


def described(api: Api, operation: Operation, status: int) -> Mapping[str, Any]:
    """The schemas of an answer by media type."""
    document: Any = api.document
    responses = document["paths"][operation.path][operation.method.lower()]["responses"]
    response = responses.get(str(status), {})
    while _REFERENCE in response:
        response = _at(document, response[_REFERENCE])
    return {kind: content.get("schema", True) for kind, content in response.get("content", {}).items()}


def unfitting(api: Api, schema: Json, value: Json) -> str:
    """Why a value does not fit a schema, without the value; empty where it does."""
    error = next(_validator(api, json.dumps(schema)).iter_errors(value), None)
    if error is None:
        return ""
    place = "/".join(map(str, error.instance_path))
    return f"/{place} breaks {error.schema_path[-1] if error.schema_path else 'the schema'}"


def _validator(api: Api, schema: str) -> jsonschema_rs.Draft202012Validator:
    """Compiled once for each version and schema."""
    if (api.name, schema) not in _VALIDATORS:
        whole = {"$ref": "#/told", "told": json.loads(schema), "components": api.document.get("components", {})}
        _VALIDATORS[api.name, schema] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    return _VALIDATORS[api.name, schema]


def _at(document: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def _words(values: tuple[object, ...]) -> str:
    return " or ".join(map(str, values))

"""Valid requests get the responses that are described: status, media type, schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from ..api import Api, Json, Operation, load_document
from ..results import Result
from .check_run import CheckRun, Exchange, NotPossible
from .checks.check import Check
from .checks.responses import MEDIA_TYPE, SCHEMA, STATUS
from .factory import CreatedObject, ObjectFactory

_REFERENCE = "$ref"
_VALIDATORS: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}


def check_responses(run: CheckRun, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Send one valid request for each operation of a resource: what adds something, and then what removes it, last."""
    factory = ObjectFactory(run)
    for operation in sorted(operations, key=lambda o: (o.removes, o.method == "POST")):
        try:
            exchange = _call(run, factory, operation)
        except NotPossible as error:
            yield from run.skip(STATUS, operation, str(error))
            continue
        yield from _check_response(run, exchange)


def _call(run: CheckRun, factory: ObjectFactory, operation: Operation) -> Exchange:
    created = _object_to_delete(factory, operation)
    return run.ask(
        operation,
        factory.ids(operation, created),
        factory.body(operation) or None,
        query=factory.query(operation, created),
    )


def _object_to_delete(factory: ObjectFactory, operation: Operation) -> CreatedObject | None:
    """A new object for what removes it; other operations share their objects."""
    return factory.object_for(operation) if operation.removes else None


def _check_response(run: CheckRun, exchange: Exchange) -> Iterator[Result]:
    operation = exchange.operation
    if not exchange.succeeded:
        if exchange.status in operation.statuses:
            reason = f"answered {exchange.status}: it takes what the suite cannot make"
            yield from run.skip(STATUS, operation, reason)
        else:
            yield from run.verdict(STATUS, exchange, False, _words(operation.statuses))
        return
    fine = exchange.status in operation.successes
    yield from run.verdict(STATUS, exchange, fine, _words(operation.successes))
    yield from check_schema(run, exchange, operation.successes[0] if not fine else exchange.status)


def check_schema(
    run: CheckRun, exchange: Exchange, status: int, checks: tuple[Check, Check] = (MEDIA_TYPE, SCHEMA)
) -> Iterator[Result]:
    """Check whether media type and body are those described for a status."""
    contents = response_schemas(run.api, exchange.operation, status)
    if not contents:
        return
    kind = exchange.response.media_type
    yield from run.verdict(checks[0], exchange, kind in contents, _words(tuple(contents)))
    schema = contents.get(kind) or next(iter(contents.values()))
    if kind not in contents and exchange.response.json is None:
        return
    if any(name.endswith("json") for name in contents):
        faults = schema_error(run.api, schema, exchange.response.json)
        yield from run.verdict(checks[1], exchange, not faults, "a response that fits its schema", observed=faults)


def response_schemas(api: Api, operation: Operation, status: int) -> Mapping[str, Any]:
    """The schemas of a response by media type."""
    document = load_document(api.name)
    responses = document["paths"][operation.path][operation.method.lower()]["responses"]
    response = responses.get(str(status), {})
    while _REFERENCE in response:
        response = _at(document, response[_REFERENCE])
    return {kind: content.get("schema", True) for kind, content in response.get("content", {}).items()}


def schema_error(api: Api, schema: Json, value: Json) -> str:
    """Why a value does not match a schema, without the value; empty if it does."""
    error = next(_validator(api, json.dumps(schema)).iter_errors(value), None)
    if error is None:
        return ""
    place = "/".join(map(str, error.instance_path))
    return f"/{place} breaks {error.schema_path[-1] if error.schema_path else 'the schema'}"


def _validator(api: Api, schema: str) -> jsonschema_rs.Draft202012Validator:
    """Compiled once for each version and schema."""
    if (api.name, schema) not in _VALIDATORS:
        whole = {
            "$ref": "#/schema",
            "schema": json.loads(schema),
            "components": load_document(api.name).get("components", {}),
        }
        _VALIDATORS[api.name, schema] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    return _VALIDATORS[api.name, schema]


def _at(document: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def _words(values: tuple[object, ...]) -> str:
    return " or ".join(map(str, values))

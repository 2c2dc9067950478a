"""Responses of operations that nothing carries out: their example, or what their schema allows."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from procwise_sandbox.description import Schema, thaw

from ..http.context import HandlerResult, RequestContext
from ..model import Operation
from .crud import Crud

HEADERS = {"Sandbox-Response": "example"}
_LOG = logging.getLogger("procwise_sandbox")
_DEEPEST = 8
_EMPTY: Mapping[str, object] = {"array": [], "boolean": False, "integer": 0, "number": 0, "null": None, "string": ""}
_FORMATS = {"date-time": "2030-01-01T09:00:00.000+00:00", "date": "2030-01-01", "email": "someone@example.com"}


class ExampleHandler:
    """Checks that what the path names exists, changes nothing, and says that it did not."""

    def __init__(self, operation: Operation, crud: Crud) -> None:
        self._label = f"{operation.method} {operation.path}"
        self._content = example_of(operation)
        self._crud = crud

    def __call__(self, context: RequestContext) -> HandlerResult:
        self._check_path(context)
        _LOG.info("%s has no behaviour in the sandbox: its example is sent", self._label)
        return HandlerResult(content=self._content, headers=HEADERS)

    def _check_path(self, context: RequestContext) -> None:
        if context.operation.item:
            self._crud.find_requested(context)
        else:
            self._crud.parent_keys(context)


def example_of(operation: Operation) -> object:
    """The body of a success: the example of the description, or else a value that the schema allows."""
    success = operation.success
    if success.examples:
        return thaw(success.examples[0].value)
    return None if success.schema is None else _value(success.schema, 0)


def _value(schema: Schema, depth: int) -> object:
    """A value that the schema allows: an example, the default, the first of an enumeration, or the least there is."""
    known, schema = schema.examples, schema.resolve()
    for value in (*known, *schema.examples, *schema.enum[:1]):
        return thaw(value)
    if schema.default:
        return json.loads(schema.default)
    if schema.variants and depth < _DEEPEST:
        return _value(schema.variants[0], depth + 1)
    if schema.properties and depth < _DEEPEST:
        return {member.name: _value(member.schema, depth + 1) for member in schema.properties if member.required}
    kind = next(iter(schema.types), "null" if schema.nullable else "object")
    return _FORMATS.get(schema.format, _EMPTY.get(kind, {})) if kind == "string" else _EMPTY.get(kind, {})

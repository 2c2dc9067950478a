"""Responses of operations that nothing carries out: their example, or what their schema allows."""

from __future__ import annotations

import logging

from jsonschema_rs import Draft202012Validator

from procwise_sandbox.description import thaw
from procwise_sandbox.description.samples import sample_of

from ..api import Operation
from ..http.context import HandlerResult, RequestContext
from ..loading.initial import whole_schema
from .crud import Crud

HEADERS = {"Sandbox-Response": "example"}
_LOG = logging.getLogger("procwise_sandbox")


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
    """The body of a success: an example of the description that fits its schema, or a value that the schema allows."""
    success = operation.success
    examples = [thaw(example.value) for example in success.examples]
    if success.schema is None:
        return examples[0] if examples else None
    validator = Draft202012Validator(whole_schema(success.schema))
    made = [*examples, sample_of(success.schema)]
    return next((value for value in made if validator.is_valid(value)), made[0])


def lacks_members(operation: Operation) -> bool:
    """Whether a success is one of several forms, so that no members are known that could be stored."""
    schema = operation.success.schema
    return schema is not None and not operation.fields and bool(schema.resolve().variants)

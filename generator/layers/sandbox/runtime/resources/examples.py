"""Responses of operations that nothing carries out: their example, or what their schema allows."""

from __future__ import annotations

import logging

from procwise_sandbox.description import thaw
from procwise_sandbox.description.samples import sample_of

from ..api import Operation
from ..http.context import HandlerResult, RequestContext
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
    """The body of a success: the example of the description, or else a value that the schema allows."""
    success = operation.success
    if success.examples:
        return thaw(success.examples[0].value)
    return None if success.schema is None else sample_of(success.schema)

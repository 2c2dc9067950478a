"""Responses of operations that nothing carries out: their example, or what their schema allows."""

from __future__ import annotations

import logging

from ..api import Operation
from ..http.context import HandlerResult, RequestContext
from ..loading.described_contents import DescribedContents
from .crud import Crud
from .fitting import HEADERS

_LOG = logging.getLogger("procwise_sandbox")


class ExampleHandler:
    """Checks that what the path names exists, changes nothing, and says that it did not."""

    def __init__(self, operation: Operation, crud: Crud, contents: DescribedContents) -> None:
        self._operation = operation
        self._crud = crud
        self._contents = contents

    def __call__(self, context: RequestContext) -> HandlerResult:
        self._check_path(context)
        _LOG.info("%s has no behaviour in the sandbox: its example is sent", self._operation.label)
        return HandlerResult(content=self._contents.example(self._operation), headers=HEADERS)

    def _check_path(self, context: RequestContext) -> None:
        if context.operation.item:
            self._crud.find_requested(context)
        else:
            self._crud.parent_keys(context)


def lacks_members(operation: Operation) -> bool:
    """Whether a success is one of several forms, so that no members are known that could be stored."""
    schema = operation.success.schema
    return schema is not None and not operation.fields and bool(schema.resolve().variants)

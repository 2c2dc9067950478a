"""Derived responses, held to the description."""

from __future__ import annotations

import logging
from dataclasses import replace

from ..api import Operation
from ..http.context import Handler, HandlerResult, RequestContext
from ..loading.described_contents import DescribedContents

HEADERS = {"Sandbox-Response": "example"}
_LOG = logging.getLogger("procwise_sandbox")


class FittingHandler:
    """Sends the example in place of a derived response that the description does not allow, and says so."""

    def __init__(self, handler: Handler, operation: Operation, contents: DescribedContents) -> None:
        self._handler = handler
        self._operation = operation
        self._contents = contents

    def __call__(self, context: RequestContext) -> HandlerResult:
        result = self._handler(context)
        if self._contents.fits(self._operation, self._operation.success.status, result.content):
            return result
        _LOG.info("what %s would send is not as described: its example is sent", self._operation.label)
        return replace(result, content=self._contents.example(self._operation), headers={**result.headers, **HEADERS})

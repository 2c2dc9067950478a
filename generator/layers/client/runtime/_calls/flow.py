"""One call without input and output: the same flow serves the sync and the async client."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeVar

from .._errors.exceptions import ProcwiseError
from .._session.session import Session
from .call import Call, Outcome, Step, repeat
from .creation import create
from .decoding import decode
from .messages import RawResponse, Response, SignedRequest, media_type
from .operation import Operation
from .options import Settings
from .outcomes import mask_headers

T = TypeVar("T")
_FILES_ARE_NEVER = ("text/html", "application/xhtml+xml", "application/json")


def call_flow(
    session: Session, settings: Settings, operation: Operation[T], arguments: Mapping[str, Any]
) -> Generator[Step, Outcome, Response[T]]:
    """Yield signed requests and waits, receive outcomes, return the decoded response or raise.

    Each request is signed just before it is yielded.
    """
    call = Call(session, settings, operation, arguments)
    if operation.retry.policy == "verify":
        result = yield from create(call)
        if not isinstance(result, RawResponse):
            return result
    else:
        result = yield from repeat(call, is_safe=operation.retry.policy == "safe")
    return with_value(call, result)


def with_value(call: Call, response: RawResponse) -> Response[Any]:
    """The response with its value; what is wrong with it does not undo what the server did."""
    try:
        value = decode(call.session, call.prepared, call.operation, response)
    except ProcwiseError as error:
        error.attempts = call.attempts
        error.headers = mask_headers(call.session, call.prepared, response.headers)
        error.may_have_taken_effect = call.prepared.may_change
        raise
    return Response(value, response.headers, response.status, response.content, call.attempts)


def is_streamed(request: SignedRequest, status: int, headers: Mapping[str, str]) -> bool:
    """Whether this response is the requested file, which is written while it arrives."""
    return request.file and 200 <= status < 300 and media_type(headers) not in _FILES_ARE_NEVER

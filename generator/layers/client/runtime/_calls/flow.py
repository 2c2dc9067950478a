"""One call without input and output: the same flow serves the sync and the async client."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeVar

from .._session.session import Session
from .call import Call, Outcome, Step, repeat
from .creation import create
from .messages import Response, SignedRequest, media_type
from .operation import Operation
from .options import Settings

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
        return (yield from create(call))
    return call.read((yield from repeat(call, is_safe=operation.retry.policy == "safe")))


def is_streamed(request: SignedRequest, status: int, headers: Mapping[str, str]) -> bool:
    """Whether this response is the requested file, which is written while it arrives."""
    return request.file and 200 <= status < 300 and media_type(headers) not in _FILES_ARE_NEVER

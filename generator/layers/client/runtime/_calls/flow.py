"""One call, without any input or output: the same flow serves the sync and the async client."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any, TypeVar

from .._codec.unset import UNSET
from .._errors.exceptions import ProcwiseError, UnexpectedAnswer, WrongBaseUrl
from .error_mapping import advice, refused, unreached
from .messages import Answer, Failure, Reply, Wire
from .operation import Operation
from .request import Prepared
from .session import Session

T = TypeVar("T")
_FOREIGN = ("text/html", "application/xhtml+xml")


def exchange(
    session: Session, operation: Operation[T], arguments: Mapping[str, Any]
) -> Generator[Wire, Reply | Failure, Answer[T]]:
    """Yield the request, be sent what came back, return the decoded answer or raise.

    Every attempt is signed at the moment it is asked for. There is one attempt so far; a
    retry by `operation.retry` is another turn of the same yield.
    """
    prepared = Prepared(session, operation, arguments)
    outcome = yield prepared.signed()
    error = failure(session, prepared, operation, outcome)
    if error is not None:
        raise error
    assert isinstance(outcome, Reply)  # noqa: S101  # a Failure is always an error
    return Answer(_decoded(session, prepared, operation, outcome), outcome.headers)


def failure(
    session: Session, prepared: Prepared, operation: Operation[Any], outcome: Reply | Failure
) -> ProcwiseError | None:
    """The exception that the outcome amounts to, or None where the call succeeded."""
    if isinstance(outcome, Failure):
        return unreached(session, prepared, outcome)
    if 300 <= outcome.status < 400:
        return _elsewhere(session, prepared, outcome)
    if not 200 <= outcome.status < 300:
        return refused(session, prepared, outcome)
    if media_type(outcome.headers) in _FOREIGN and operation.accepts not in _FOREIGN:
        return _foreign(session, prepared, "an HTML page")
    return None


def streams(wire: Wire, status: int, headers: Mapping[str, str]) -> bool:
    """Whether this answer is the file that was asked for, to be written while it arrives."""
    return wire.file and 200 <= status < 300 and media_type(headers) not in (*_FOREIGN, "application/json")


def media_type(headers: Mapping[str, str]) -> str:
    """The media type of an answer, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _decoded(session: Session, prepared: Prepared, operation: Operation[T], reply: Reply) -> T:
    if operation.accepts:
        data: object = reply.content
        if reply.content:
            raise _unexpected(prepared, f"is {media_type(reply.headers)} instead of {operation.accepts}")
    else:
        data = _json(session, prepared, reply)
    value = operation.parse(reply.status, data)
    if operation.unwrap:
        value = getattr(value, operation.unwrap, UNSET)
    if value is UNSET:
        raise _unexpected(prepared, f"has no {operation.unwrap!r}")
    result: T = value
    return result


def _json(session: Session, prepared: Prepared, reply: Reply) -> object:
    if not reply.content:
        return {}
    try:
        return json.loads(reply.content)
    except (ValueError, RecursionError):
        pass
    raise _foreign(session, prepared, f"{media_type(reply.headers) or 'something'} that is no JSON")


def _unexpected(prepared: Prepared, fault: str) -> UnexpectedAnswer:
    place = f"{prepared.method} {prepared.path}"
    return UnexpectedAnswer(f"{place}: the answer {fault}", method=prepared.method, path=prepared.path)


def _foreign(session: Session, prepared: Prepared, what: str) -> WrongBaseUrl:
    message = f"{session.origin} answers with {what}, so this is not the API. {advice(session.service)}"
    return _wrong_url(prepared, message)


def _elsewhere(session: Session, prepared: Prepared, reply: Reply) -> WrongBaseUrl:
    place = reply.headers.get("location", "").partition("?")[0]
    where = session.redactor.text(place) or "another place"
    return _wrong_url(prepared, f"{session.origin} redirects to {where}. {advice(session.service)}")


def _wrong_url(prepared: Prepared, message: str) -> WrongBaseUrl:
    place = f"{prepared.method} {prepared.path}"
    return WrongBaseUrl(f"{place}: {message}", method=prepared.method, path=prepared.path)

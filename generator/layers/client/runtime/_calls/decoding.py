"""A successful response as the value that its operation returns; what deviates is recorded."""

from __future__ import annotations

from typing import Any, TypeVar

from .._codec.reading import Reading
from .._codec.unset import UNSET
from .._errors.exceptions import ResponseDeviates, UnexpectedAnswer, WrongBaseUrl
from .error_mapping import advice
from .messages import Reply, media_type
from .operation import Operation
from .request import Prepared
from .session import Session

T = TypeVar("T")


def decode(session: Session, prepared: Prepared, operation: Operation[T], reply: Reply) -> T:
    """The value of the response."""
    if operation.accepts:
        if reply.content:
            raise _unexpected(prepared, f"is {media_type(reply.headers)} instead of {operation.accepts}")
        value: Any = reply.content
    else:
        reading = Reading()
        value = _read(session, prepared, operation, reply, reading)
        _record(session, prepared, operation, reading)
    if value is UNSET:
        raise _unexpected(prepared, f"has no {operation.unwrap!r}")
    result: T = value
    return result


def foreign(session: Session, prepared: Prepared, what: str) -> WrongBaseUrl:
    """The exception for a response that does not come from this API."""
    message = f"{session.origin} answers with {what}, so this is not the API. {advice(session.service)}"
    return WrongBaseUrl(f"{_place(prepared)}: {message}", method=prepared.method, path=prepared.path)


def _read(session: Session, prepared: Prepared, operation: Operation[Any], reply: Reply, reading: Reading) -> Any:
    try:
        value = operation.parse(reply.status, reply.content or b"{}", reading)
    except RecursionError:
        raise _unexpected(prepared, "is nested too deeply") from None
    except ValueError:
        what = f"{media_type(reply.headers) or 'something'} that is no JSON"
        raise foreign(session, prepared, what) from None
    return getattr(value, operation.unwrap, UNSET) if operation.unwrap else value


def _record(session: Session, prepared: Prepared, operation: Operation[Any], reading: Reading) -> None:
    if not reading.faults and not reading.unknown:
        return
    session.drift.record(operation.id, reading.notes())
    if session.drift.mode == "strict" and reading.faults:  # members that are unknown break nothing
        deviations = tuple(session.drift.deviation(operation.id, note) for note in reading.faults)
        what = "; ".join(map(str, deviations[:3])) + ("; …" if len(deviations) > 3 else "")
        message = f"{_place(prepared)}: carried out, but the response deviates from the description: {what}"
        raise ResponseDeviates(message, method=prepared.method, path=prepared.path, deviations=deviations)


def _unexpected(prepared: Prepared, fault: str) -> UnexpectedAnswer:
    message = f"{_place(prepared)}: the answer {fault}"
    return UnexpectedAnswer(message, method=prepared.method, path=prepared.path)


def _place(prepared: Prepared) -> str:
    return f"{prepared.method} {prepared.path}"

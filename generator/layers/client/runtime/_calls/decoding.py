"""A successful response as the value that its operation returns; what deviates is recorded."""

from __future__ import annotations

from typing import Any, TypeVar

from .._codec.moments import may_hold_bare_offset
from .._codec.parsing import note_doubled
from .._codec.reading import Reading
from .._codec.unset import UNSET
from .._errors.exceptions import ResponseDeviates, UnexpectedAnswer, WrongBaseUrl
from .._session.session import Session
from .error_mapping import base_url_advice
from .messages import RawResponse, media_type
from .operation import Operation
from .request import PreparedRequest

T = TypeVar("T")
GONE = (404, 410)  # as the statuses of successes, those of deletions that were done before


def decode(session: Session, prepared: PreparedRequest, operation: Operation[T], response: RawResponse) -> T:
    """The value of the response; None if it says of a deletion that it is done, and there was one."""
    value: Any
    if operation.unwrap and response.status in GONE:
        value = None
    elif operation.accepts:
        if response.content:
            raise _unexpected_error(prepared, f"is {media_type(response.headers)} instead of {operation.accepts}")
        value = response.content
    else:
        reading = Reading(is_slow=may_hold_bare_offset(response.content))
        value = _read(session, prepared, operation, response, reading)
        _record(session, prepared, operation, reading)
    if value is UNSET:
        raise _unexpected_error(prepared, f"has no {operation.unwrap!r}")
    result: T = value
    return result


def other_server_error(session: Session, prepared: PreparedRequest, what: str) -> WrongBaseUrl:
    """The exception for a response that does not come from this API."""
    message = f"{session.origin} answers with {what}, so this is not the API. {base_url_advice(session.service)}"
    return WrongBaseUrl(f"{_place(prepared)}: {message}", method=prepared.method, path=prepared.path)


def _read(
    session: Session, prepared: PreparedRequest, operation: Operation[Any], response: RawResponse, reading: Reading
) -> Any:
    try:
        value = operation.parse(response.status, response.content or b"{}", reading)
        if response.content and session.drift.mode != "observe":  # it takes longer than all the rest
            note_doubled(response.content, reading)
    except RecursionError:
        raise _unexpected_error(prepared, "is nested too deeply") from None
    except ValueError:
        what = f"{media_type(response.headers) or 'something'} that is no JSON"
        raise other_server_error(session, prepared, what) from None
    return getattr(value, operation.unwrap, UNSET) if operation.unwrap else value


def _record(session: Session, prepared: PreparedRequest, operation: Operation[Any], reading: Reading) -> None:
    if not reading.faults and not reading.unknown:
        return
    session.drift.record(operation.id, reading.notes())
    if session.drift.mode == "strict" and reading.faults:  # members that are unknown break nothing
        deviations = tuple(session.drift.deviation(operation.id, note) for note in reading.faults)
        what = "; ".join(map(str, deviations[:3])) + ("; …" if len(deviations) > 3 else "")
        message = f"{_place(prepared)}: carried out, but the response deviates from the description: {what}"
        raise ResponseDeviates(message, method=prepared.method, path=prepared.path, deviations=deviations)


def _unexpected_error(prepared: PreparedRequest, fault: str) -> UnexpectedAnswer:
    message = f"{_place(prepared)}: the response {fault}"
    return UnexpectedAnswer(message, method=prepared.method, path=prepared.path)


def _place(prepared: PreparedRequest) -> str:
    return f"{prepared.method} {prepared.path}"

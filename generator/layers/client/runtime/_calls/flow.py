"""One call without input and output: the same flow serves the sync and the async client."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any, TypeVar

from .._codec.unset import UNSET
from .._errors.exceptions import ProcwiseError, UnexpectedAnswer, WrongBaseUrl
from .error_mapping import base_url_advice, connection_error, status_error
from .messages import Failure, RawResponse, Response, SignedRequest
from .operation import Operation
from .request import PreparedRequest
from .session import Session

T = TypeVar("T")
_HTML = ("text/html", "application/xhtml+xml")


def call_flow(
    session: Session, operation: Operation[T], arguments: Mapping[str, Any]
) -> Generator[SignedRequest, RawResponse | Failure, Response[T]]:
    """Yield a signed request, receive its outcome, return the decoded response or raise.

    Each request is signed just before it is yielded. There is one attempt so far; a
    retry by `operation.retry` is another turn of the same yield.
    """
    prepared = PreparedRequest(session, operation, arguments)
    outcome = yield prepared.sign()
    error = find_error(session, prepared, operation, outcome)
    if error is not None:
        raise error
    assert isinstance(outcome, RawResponse)  # noqa: S101  # a Failure is always an error
    return Response(_decode(session, prepared, operation, outcome), outcome.headers)


def find_error(
    session: Session, prepared: PreparedRequest, operation: Operation[Any], outcome: RawResponse | Failure
) -> ProcwiseError | None:
    """The exception for this outcome, or None if the call succeeded."""
    if isinstance(outcome, Failure):
        return connection_error(session, prepared, outcome)
    if 300 <= outcome.status < 400:
        return _redirect_error(session, prepared, outcome)
    if not 200 <= outcome.status < 300:
        return status_error(session, prepared, outcome)
    if media_type(outcome.headers) in _HTML and operation.accepts not in _HTML:
        return _other_server_error(session, prepared, "an HTML page")
    return None


def is_streamed(request: SignedRequest, status: int, headers: Mapping[str, str]) -> bool:
    """Whether this response is the requested file, which is written while it arrives."""
    return request.file and 200 <= status < 300 and media_type(headers) not in (*_HTML, "application/json")


def media_type(headers: Mapping[str, str]) -> str:
    """The media type of a response, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _decode(session: Session, prepared: PreparedRequest, operation: Operation[T], response: RawResponse) -> T:
    if operation.accepts:
        data: object = response.content
        if response.content:
            raise _unexpected_error(prepared, f"is {media_type(response.headers)} instead of {operation.accepts}")
    else:
        data = _parse_json(session, prepared, response)
    value = operation.parse(response.status, data)
    if operation.unwrap:
        value = getattr(value, operation.unwrap, UNSET)
    if value is UNSET:
        raise _unexpected_error(prepared, f"has no {operation.unwrap!r}")
    result: T = value
    return result


def _parse_json(session: Session, prepared: PreparedRequest, response: RawResponse) -> object:
    if not response.content:
        return {}
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        pass
    raise _other_server_error(session, prepared, f"{media_type(response.headers) or 'something'} that is no JSON")


def _unexpected_error(prepared: PreparedRequest, fault: str) -> UnexpectedAnswer:
    place = f"{prepared.method} {prepared.path}"
    return UnexpectedAnswer(f"{place}: the answer {fault}", method=prepared.method, path=prepared.path)


def _other_server_error(session: Session, prepared: PreparedRequest, content: str) -> WrongBaseUrl:
    message = f"{session.origin} answers with {content}, so this is not the API. {base_url_advice(session.service)}"
    return _base_url_error(prepared, message)


def _redirect_error(session: Session, prepared: PreparedRequest, response: RawResponse) -> WrongBaseUrl:
    location = response.headers.get("location", "").partition("?")[0]
    target = session.redactor.text(location) or "another place"
    return _base_url_error(prepared, f"{session.origin} redirects to {target}. {base_url_advice(session.service)}")


def _base_url_error(prepared: PreparedRequest, message: str) -> WrongBaseUrl:
    place = f"{prepared.method} {prepared.path}"
    return WrongBaseUrl(f"{place}: {message}", method=prepared.method, path=prepared.path)

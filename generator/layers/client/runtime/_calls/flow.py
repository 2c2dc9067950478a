"""One call without input and output: the same flow serves the sync and the async client."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeVar

from .._errors.exceptions import ProcwiseError, WrongBaseUrl
from .decoding import decode, other_server_error
from .error_mapping import base_url_advice, connection_error, status_error
from .messages import Failure, RawResponse, Response, SignedRequest, media_type
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
    return Response(decode(session, prepared, operation, outcome), outcome.headers)


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
        return other_server_error(session, prepared, "an HTML page")
    return None


def is_streamed(request: SignedRequest, status: int, headers: Mapping[str, str]) -> bool:
    """Whether this response is the requested file, which is written while it arrives."""
    return request.file and 200 <= status < 300 and media_type(headers) not in (*_HTML, "application/json")


def _redirect_error(session: Session, prepared: PreparedRequest, response: RawResponse) -> WrongBaseUrl:
    location = response.headers.get("location", "").partition("?")[0]
    target = session.redactor.text(location) or "another place"
    message = f"{session.origin} redirects to {target}. {base_url_advice(session.service)}"
    return WrongBaseUrl(f"{prepared.method} {prepared.path}: {message}", method=prepared.method, path=prepared.path)

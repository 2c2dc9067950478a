"""Whether an attempt succeeded, and the exception if it did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._codec.parsing import is_damaged
from .._errors.exceptions import ProcwiseError, ResponseDamaged, ResponseDeviates, WrongBaseUrl
from .._errors.headers import Headers
from .._session.session import Session
from .decoding import decode, other_server_error
from .error_mapping import base_url_advice, connection_error, status_error
from .messages import Failure, RawResponse, Response, is_json, media_type
from .operation import Operation
from .request import PreparedRequest
from .retrying import has_unknown_effect, parse_retry_after

_COOKIES = ("set-cookie", "set-cookie2")
HTML = ("text/html", "application/xhtml+xml")


def find_error(
    session: Session,
    prepared: PreparedRequest,
    operation: Operation[Any],
    outcome: RawResponse | Failure,
    skew: float | None,
) -> ProcwiseError | None:
    """The exception for this outcome, or None if the attempt succeeded; `skew` is the measured one."""
    if isinstance(outcome, Failure):
        return connection_error(session, prepared, outcome)
    error = _response_error(session, prepared, operation, outcome, skew)
    if error is not None:
        error.headers = mask_headers(session, prepared, outcome.headers)
        error.retry_after = parse_retry_after(outcome.headers)
        error.may_have_taken_effect = has_unknown_effect(error) and prepared.may_change
        if is_success(outcome):
            _note_success(error, prepared, operation)
    return error


def read_response(
    session: Session, prepared: PreparedRequest, operation: Operation[Any], response: RawResponse, attempts: int
) -> Response[Any]:
    """The response with its value; what is wrong with it does not undo what the server did."""
    try:
        value = decode(session, prepared, operation, response)
    except ProcwiseError as error:
        error.attempts = attempts
        error.headers = mask_headers(session, prepared, response.headers)
        _note_success(error, prepared, operation)
        raise
    return Response(value, response.headers, response.status, response.content, attempts)


def is_success(response: RawResponse) -> bool:
    """Whether the server says that it carried out the request."""
    return 200 <= response.status < 300


def _note_success(error: ProcwiseError, prepared: PreparedRequest, operation: Operation[Any]) -> None:
    """Say that the server may have carried out what its response does not show."""
    error.may_have_taken_effect = prepared.may_change
    says_so = isinstance(error, ResponseDamaged | ResponseDeviates) or operation.retry.policy == "verify"
    if prepared.may_change and not says_so:
        error.note_effect("The server reported success, so it may have taken effect.")


def mask_headers(session: Session, prepared: PreparedRequest, headers: Mapping[str, str]) -> Headers:
    """The headers with known and sent values masked, and without cookies."""
    redactor = session.redactor.with_sent(prepared.parameters)
    kept = ((name, value) for name, value in headers.items() if name.lower() not in _COOKIES)
    return Headers((name, redactor.text(value)) for name, value in kept)


def _response_error(
    session: Session, prepared: PreparedRequest, operation: Operation[Any], response: RawResponse, skew: float | None
) -> ProcwiseError | None:
    if 300 <= response.status < 400:
        return _redirect_error(session, prepared, response)
    if not 200 <= response.status < 300:
        return status_error(session, prepared, response, skew)
    media = media_type(response.headers)
    if media in HTML and operation.accepts not in HTML:
        return other_server_error(session, prepared, "an HTML page")
    is_text_of_json = is_json(media) or response.content.lstrip()[:1] in (b"{", b"[")
    if not operation.accepts and is_text_of_json and is_damaged(response.content):
        effect = "; it may have taken effect" if prepared.may_change else ""
        message = f"{prepared.method} {prepared.path}: the response is JSON that is damaged or cut short{effect}"
        return ResponseDamaged(message, method=prepared.method, path=prepared.path)
    return None


def _redirect_error(session: Session, prepared: PreparedRequest, response: RawResponse) -> WrongBaseUrl:
    location = response.headers.get("location", "").partition("?")[0]
    does = f"redirects to {session.redactor.text(location)}" if location else f"answers with {response.status} alone"
    message = f"{session.origin} {does}. {base_url_advice(session.service)}"
    return WrongBaseUrl(f"{prepared.method} {prepared.path}: {message}", method=prepared.method, path=prepared.path)

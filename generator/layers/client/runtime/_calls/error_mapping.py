"""Failures and error responses as exceptions that say what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from .._codec.parsing import is_damaged
from .._errors.code import Code, find_code
from .._errors.exceptions import (
    APIStatusError,
    ConnectionFailed,
    InvalidArgument,
    ProcwiseError,
    ResponseTooLarge,
    ServerError,
    TimedOut,
    TooManyRequestsError,
)
from .._errors.field_errors import find_field_errors
from .._errors.terminal_text import escape_controls
from .._logging.redaction import Redactor
from .._session.service import Service
from .._session.session import Session
from .error_hints import advise_refusal, advise_without_reason
from .messages import Failure, RawResponse
from .request import PreparedRequest
from .retrying import leaves_effect_unknown

_LONGEST_TEXT = 500
_TOO_DEEP = "The response is JSON that is nested too deeply to be read"
_TOO_MANY_DIGITS = "The response is JSON with a number of too many digits to be read"
_MESSAGES = ("error", "message", "detail", "title", "reason", "error_description")
_MOST_MASKED = 10_000  # a text is masked before it is cut, so that no half of a secret stays


def base_url_advice(service: Service) -> str:
    """What a base URL looks like."""
    return (
        f"Check base_url / PROCWISE_BASE_URL: it is the server's origin, such as {service.example}, "
        f"and {service.base_path or '/'} is added to it"
    )


def connection_error(session: Session, prepared: PreparedRequest, failure: Failure) -> ProcwiseError:
    """The exception for a request that got no response."""
    place = f"{prepared.method} {prepared.path}"
    reason = session.redactor.text(failure.reason)
    if failure.kind == "unsendable":
        return InvalidArgument(f"{place}: cannot be sent ({reason})", method=prepared.method, path=prepared.path)
    error = _describe_failure(session, prepared, failure, place, reason)
    error.may_have_taken_effect = failure.sent and prepared.may_change
    return error


def _describe_failure(
    session: Session, prepared: PreparedRequest, failure: Failure, place: str, reason: str
) -> ProcwiseError:
    effect = ". It may have taken effect." if prepared.may_change else "."
    effect = effect if failure.sent else ". It was not sent."
    if failure.kind == "oversized":
        return ResponseTooLarge(f"{place}: the response {reason}{effect}", method=prepared.method, path=prepared.path)
    if failure.kind == "timeout":
        message = f"{place}: no response from {session.origin} in time ({reason}){effect} Raise timeout= or retry."
        return TimedOut(message, method=prepared.method, path=prepared.path, sent=failure.sent)
    if failure.kind == "unreachable":
        message = f"{place}: cannot reach {session.origin} ({reason}). {_reachability_hint(session)}"
    else:
        message = f"{place}: the connection to {session.origin} broke ({reason}){effect}"
    return ConnectionFailed(message, method=prepared.method, path=prepared.path, sent=failure.sent)


def _reachability_hint(session: Session) -> str:
    proxy = _find_proxy(session)
    if proxy:
        return f"Requests go by way of the proxy in {proxy}: is it running? Name the server in NO_PROXY to avoid it"
    return "Check base_url / PROCWISE_BASE_URL. Is the server running?"


def _find_proxy(session: Session) -> str:
    from .._session.proxies import find_proxy_variable

    return find_proxy_variable(session.base_url)


def status_error(
    session: Session, prepared: PreparedRequest, response: RawResponse, skew: float | None = None
) -> APIStatusError:
    """The exception for an error response, of the class that belongs to its status."""
    redactor = session.redactor.with_sent(prepared.parameters)
    data, body, fault = _read_body(response.content, redactor)
    places = _list_places(data)
    code = find_code(session.service.codes, _read_text(places, session.service.code_members, redactor))
    others = (name for name in _MESSAGES if name not in session.service.code_members)
    message = escape_controls(_read_text(places, others, redactor))
    label = f"[{escape_controls(code)}]" if code else ""
    start = " ".join(filter(None, (f"{prepared.method} {prepared.path}: {response.status}", message, label)))
    errors = find_field_errors(body)
    what = "; ".join(f"{name}: {', '.join(texts)}" for name, texts in errors.items())[:_LONGEST_TEXT]
    advice = fault or _advice(session, response, data, code, skew, names_fields=bool(errors))
    is_unknown = leaves_effect_unknown(response.status) and prepared.may_change and not isinstance(code, Code)
    effect = "A change may have taken effect" if is_unknown else ""
    return _class_of(session, response.status)(
        _join_sentences(start, _describe_code(code, message), what, advice, effect),
        status=response.status,
        method=prepared.method,
        path=prepared.path,
        code=code,
        request_id=redactor.text(response.headers.get("x-request-id", "")),
        body=body,
        errors=errors,
    )


def _class_of(session: Session, status: int) -> type[APIStatusError]:
    general = TooManyRequestsError if status == 429 else ServerError if status >= 500 else APIStatusError
    return session.service.errors.get(status, general)


def _read_body(content: bytes, redactor: Redactor) -> tuple[object, object, str]:
    """The JSON data or the start of the text, as it came and masked, and why JSON is not read whole.

    JSON that is a text alone is a message.
    """
    text = content[:_MOST_MASKED].decode("utf-8", "replace")
    shown = redactor.text(text)[:_LONGEST_TEXT] or None
    try:
        data = json.loads(content)
    except RecursionError:
        return text, shown, _TOO_DEEP
    except ValueError:
        return text or None, shown, "" if not content or is_damaged(content) else _TOO_MANY_DIGITS
    if isinstance(data, str):
        return {"message": data}, redactor.text(data[:_MOST_MASKED])[:_LONGEST_TEXT], ""
    try:
        return data, redactor.data(data), ""
    except RecursionError:
        return data, shown, _TOO_DEEP


def _list_places(data: object) -> Sequence[Mapping[str, object]]:
    """The members of the body, and those of an object in it that describes the error."""
    members = data if isinstance(data, Mapping) else {}
    inner = (members.get(name) for name in ("error", "fault"))
    return [members, *(place for place in inner if isinstance(place, Mapping))]


def _read_text(places: Sequence[Mapping[str, object]], names: Iterable[str], redactor: Redactor) -> str:
    """The first member of these names that holds a text, masked."""
    wanted = tuple(names)
    texts = (text for place in places for name in wanted if isinstance(text := place.get(name), str))
    found = next(filter(None, (" ".join(text[:_MOST_MASKED].split()) for text in texts)), "")
    return redactor.text(found)[:_LONGEST_TEXT]


def _join_sentences(*texts: str) -> str:
    """The texts one after another, with one full stop between two."""
    *others, last = filter(None, texts)
    return ". ".join((*(text.removesuffix(".") for text in others), last))


def _describe_code(code: str, message: str) -> str:
    """What the code means, unless the server's message already says it in the same words."""
    if not isinstance(code, Code) or _words_of(code.meaning) <= _words_of(message):
        return ""
    return " ".join(code.meaning.split())


def _words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _advice(
    session: Session, response: RawResponse, data: object, code: str, skew: float | None, *, names_fields: bool
) -> str:
    """What the caller can do: the advice of this client, else the hint of the description."""
    own = _own_advice(session, response, data, code, skew)
    return own or ("" if names_fields or not isinstance(code, Code) else " ".join(code.hint.split()))


def _own_advice(session: Session, response: RawResponse, data: object, code: str, skew: float | None) -> str:
    if response.status >= 500:
        return "" if isinstance(code, Code) else "The server or a proxy failed"
    if response.status == 407:
        proxy = _find_proxy(session) or "your HTTP client"
        return f"The proxy in {proxy} wants a user and a password (http://user:password@host)"
    reasoned = advise_refusal(session, response.status, code, data, skew)
    if reasoned:
        return reasoned
    if isinstance(data, str):
        return f"The response is no JSON: is this the API? {base_url_advice(session.service)}"
    if response.status == 404 and not session.is_plain:
        return f"The base URL {session.base_url} has a path of its own. {base_url_advice(session.service)}"
    return advise_without_reason(session, response.status, code, skew) if response.status in (401, 403) else ""

"""Failures and error responses as exceptions that say what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from .._errors.code import Code, find_code
from .._errors.exceptions import APIStatusError, ConnectionFailed, InvalidArgument, ProcwiseError, TimedOut
from .messages import Failure, RawResponse
from .request import PreparedRequest
from .service import Service
from .session import Session

_LONGEST_TEXT = 500


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
    effect = "It may have taken effect." if failure.sent else "It was not sent."
    if failure.kind == "timeout":
        message = f"{place}: no answer from {session.origin} in time ({reason}). {effect} Raise timeout=, or try later."
        return TimedOut(message, method=prepared.method, path=prepared.path, sent=failure.sent)
    if failure.kind == "unreachable":
        message = (
            f"{place}: cannot reach {session.origin} ({reason}). "
            "Check base_url / PROCWISE_BASE_URL. Is the server running?"
        )
    else:
        message = f"{place}: the connection to {session.origin} broke ({reason}). {effect}"
    return ConnectionFailed(message, method=prepared.method, path=prepared.path, sent=failure.sent)


def status_error(session: Session, prepared: PreparedRequest, response: RawResponse) -> APIStatusError:
    """The exception for an error response, of the class that belongs to its status."""
    redactor = session.redactor.with_sent(prepared.parameters)
    data = _parse_body(response.content)
    body = redactor.data(data)
    members = data if isinstance(data, Mapping) else {}
    code = find_code(session.service.codes, redactor.text(_first_text(members, session.service.code_members)))
    message = redactor.text(_first_text(members, ("error", "message")))
    label = f"[{code}]" if code else ""
    start = " ".join(filter(None, (f"{prepared.method} {prepared.path}: {response.status}", message, label)))
    kind = session.service.errors.get(response.status, APIStatusError)
    return kind(
        _join_sentences(start, _meaning_of(code, message), _advice(session, response, data, code)),
        status=response.status,
        method=prepared.method,
        path=prepared.path,
        code=code,
        request_id=redactor.text(response.headers.get("x-request-id", "")),
        body=body,
    )


def _parse_body(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content[:_LONGEST_TEXT].decode("utf-8", "replace") or None


def _first_text(members: Mapping[str, object], names: Iterable[str]) -> str:
    """The first of these members that holds a text."""
    return next(filter(None, (_text_of(members, name) for name in names)), "")


def _text_of(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    return " ".join(value.split())[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _join_sentences(*texts: str) -> str:
    """The texts one after another, with one full stop between two."""
    *others, last = filter(None, texts)
    return ". ".join((*(text.removesuffix(".") for text in others), last))


def _meaning_of(code: str, message: str) -> str:
    """What the code means, unless the server's message already says it in the same words."""
    if not isinstance(code, Code) or _words_of(code.meaning) <= _words_of(message):
        return ""
    return " ".join(code.meaning.split())


def _words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _advice(session: Session, response: RawResponse, data: object, code: str) -> str:
    """What the caller can do: what this client can tell, else the hint of the description."""
    own = _own_advice(session, response, data, code)
    return own or (" ".join(code.hint.split()) if isinstance(code, Code) else "")


def _own_advice(session: Session, response: RawResponse, data: object, code: str) -> str:
    if isinstance(data, str):
        return f"The answer is no JSON: is this the API? {base_url_advice(session.service)}"
    if response.status == 404 and not session.is_plain:
        return f"The base URL {session.base_url} has a path of its own. {base_url_advice(session.service)}"
    if response.status == 401:
        return "Check token= / PROCWISE_TOKEN"
    if response.status == 403 and session.service.scheme is not None:
        return _signature_hint(session.service.scheme.parameters, session.service.signing, code)
    return ""


def _signature_hint(parameters: tuple[str, str, str], signing: str, code: str) -> str:
    timestamp, nonce, signature = parameters
    if timestamp in code or "timestamp" in code:
        return "The clock of this machine is wrong, or the request was on its way for too long"
    if nonce in code or "nonce" in code:
        return "A nonce counts once: was the request sent again by a proxy, or were nonces chosen by hand?"
    if signature in code or "signature" in code:
        from procwise.signing.explanation import USUAL_CAUSES

        causes = "".join(f"\n  - {cause}" for cause in USUAL_CAUSES)
        return f"The usual causes:{causes}\n{signing}.explain(params, secret_key) shows what was signed"
    return "" if code else f"If every call is refused so, see {signing}.explain"

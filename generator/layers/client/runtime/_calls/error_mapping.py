"""What came instead of a result, as an exception that says what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from procwise.signing.explanation import USUAL_CAUSES

from .._errors.code import Code, known
from .._errors.exceptions import APIStatusError, ConnectionFailed, InvalidArgument, ProcwiseError, TimedOut
from .messages import Failure, Reply
from .request import Prepared
from .service import Service
from .session import Session

_SHOWN = 500


def advice(service: Service) -> str:
    """What a base URL looks like."""
    return (
        f"Check base_url / PROCWISE_BASE_URL: it is the server's origin, such as {service.example}, "
        f"and {service.base_path or '/'} is added to it"
    )


def unreached(session: Session, prepared: Prepared, failed: Failure) -> ProcwiseError:
    """The exception for a request that got no answer."""
    place = f"{prepared.method} {prepared.path}"
    reason = session.redactor.text(failed.reason)
    if failed.kind == "unsendable":
        return InvalidArgument(f"{place}: cannot be sent ({reason})", method=prepared.method, path=prepared.path)
    effect = "It may have taken effect." if failed.sent else "It was not sent."
    if failed.kind == "timeout":
        message = f"{place}: no answer from {session.origin} in time ({reason}). {effect} Raise timeout=, or try later."
        return TimedOut(message, method=prepared.method, path=prepared.path, sent=failed.sent)
    if failed.kind == "unreachable":
        message = (
            f"{place}: cannot reach {session.origin} ({reason}). "
            "Check base_url / PROCWISE_BASE_URL. Is the server running?"
        )
    else:
        message = f"{place}: the connection to {session.origin} broke ({reason}). {effect}"
    return ConnectionFailed(message, method=prepared.method, path=prepared.path, sent=failed.sent)


def refused(session: Session, prepared: Prepared, reply: Reply) -> APIStatusError:
    """The exception of the answer's status."""
    redactor = session.redactor.knowing(prepared.sent)
    data = _data(reply.content)
    body = redactor.data(data)
    told = data if isinstance(data, Mapping) else {}
    code = known(session.service.codes, redactor.text(_first(told, session.service.code_members)))
    said = redactor.text(_first(told, ("error", "message")))
    told_code = f"[{code}]" if code else ""
    start = " ".join(filter(None, (f"{prepared.method} {prepared.path}: {reply.status}", said, told_code)))
    kind = session.service.errors.get(reply.status, APIStatusError)
    return kind(
        _sentences(start, _meaning(code, said), _advice(session, reply, data, code)),
        status=reply.status,
        method=prepared.method,
        path=prepared.path,
        code=code,
        request_id=redactor.text(reply.headers.get("x-request-id", "")),
        body=body,
    )


def _data(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content[:_SHOWN].decode("utf-8", "replace") or None


def _word(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    return " ".join(value.split())[:_SHOWN] if isinstance(value, str) else ""


def _first(told: Mapping[str, object], names: Iterable[str]) -> str:
    """The first of these members that holds a word."""
    return next(filter(None, (_word(told, name) for name in names)), "")


def _sentences(*texts: str) -> str:
    """The texts one after another, with one full stop between two."""
    *others, last = filter(None, texts)
    return ". ".join((*(text.removesuffix(".") for text in others), last))


def _meaning(code: str, said: str) -> str:
    """What the code means, unless the server says it in the same words."""
    if not isinstance(code, Code) or _words(code.meaning) <= _words(said):
        return ""
    return " ".join(code.meaning.split())


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _advice(session: Session, reply: Reply, data: object, code: str) -> str:
    """What this machine's caller can do; what the description advises where nothing closer is known."""
    own = _own_advice(session, reply, data, code)
    return own or (" ".join(code.hint.split()) if isinstance(code, Code) else "")


def _own_advice(session: Session, reply: Reply, data: object, code: str) -> str:
    if isinstance(data, str):
        return f"The answer is no JSON: is this the API? {advice(session.service)}"
    if reply.status == 404 and not session.is_plain:
        return f"The base URL {session.base_url} has a path of its own. {advice(session.service)}"
    if reply.status == 401:
        return "Check token= / PROCWISE_TOKEN"
    if reply.status == 403 and session.service.scheme is not None:
        return _signature_hint(session.service.scheme.parameters, session.service.signing, code)
    return ""


def _signature_hint(parameters: tuple[str, ...], signing: str, code: str) -> str:
    if not any(word in code for word in (*parameters, "signature", "timestamp", "nonce")):
        return "" if code else f"If every call is refused so, see {signing}.explain"
    causes = "".join(f"\n  - {cause}" for cause in ("the clock of this machine is wrong", *USUAL_CAUSES))
    return f"The usual causes:{causes}\n{signing}.explain(params, secret_key) shows what was signed"

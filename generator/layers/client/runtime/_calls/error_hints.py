"""What to do about a refused request: what the server says of time, nonce, signature and token, or could mean."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._errors.code import Code
from .._errors.exceptions import APIStatusError
from .._errors.reasons import Reason, find_reasons
from .._session.clock import describe_skew
from .._session.service import Service
from .._session.session import Session

_STATUSES = (400, 401, 403, 409, 422)
_PAGE = re.compile(r"\s*<(!doctype html|html)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_CHECK_TOKEN = "Check token= / PROCWISE_TOKEN"  # noqa: S105  # names, not a token


def is_about_time(session: Session, error: APIStatusError) -> bool:
    """Whether an error says that it is about the time of the request."""
    return Reason.TIME in read_reasons(session.service, error.status, error.code, error.body)


def is_about_order(session: Session, error: APIStatusError) -> bool:
    """Whether an error says that it is about a nonce, of those that have to increase."""
    if Reason.NONCE not in read_reasons(session.service, error.status, error.code, error.body):
        return False
    return _has_increasing_nonce(session.service)


def _has_increasing_nonce(service: Service) -> bool:
    scheme = service.request_scheme
    return scheme is not None and scheme.nonce is not None and scheme.nonce.type == "increasing"


def read_reasons(service: Service, status: int, code: str, body: object) -> frozenset[Reason]:
    """What the server objects to, as far as its words and codes, or the description of its code, say so."""
    if status not in _STATUSES or not _is_signed(service):
        return frozenset()
    about = code.meaning if isinstance(code, Code) else ""
    text = body if not isinstance(body, str) else "" if _PAGE.match(body) else _TAG.sub(" ", body)
    return find_reasons((code, about, text), _name_parameters(service))


def advise_refusal(session: Session, status: int, code: str, body: object, skew: float | None) -> str:
    """What the caller can do about the reasons that the server gives; empty if it gives none."""
    reasons = read_reasons(session.service, status, code, body)
    clock = _describe_clock(session, skew)
    if len(reasons) > 1:
        return f"Check the secret key, and the time ({clock})"
    if Reason.TIME in reasons:
        return f"The time of the request was refused: {clock}, or it was on its way for too long"
    if Reason.NONCE in reasons and _has_increasing_nonce(session.service):
        return (
            "Each nonce must be greater than the one before: does another program use the same key, or a clock ahead?"
        )
    if Reason.NONCE in reasons:
        return "A nonce counts once: was the request sent again by a proxy, or were nonces chosen by hand?"
    if Reason.SIGNATURE in reasons:
        return _list_usual_causes(session.service)
    return _CHECK_TOKEN if reasons else ""


def advise_without_reason(session: Session, status: int, code: str, skew: float | None) -> str:
    """What can be behind 401 and 403 where the server gives no reason."""
    service = session.service
    if not _is_signed(service):
        return _CHECK_TOKEN if status == 401 else ""
    if any(name in code for name in _name_parameters(service).values()):
        return ""  # such as `nonce_missing`, of which the description says what to do
    causes = f"the secret key is wrong, or the time ({_describe_clock(session, skew)})"
    general = f"A server that gives no reasons says so too if {causes}"
    if status == 401:
        return f"{_CHECK_TOKEN}. {general}"
    hint = f"{' '.join(code.hint.split()).removesuffix('.')}. " if isinstance(code, Code) else ""
    explain = f"; see {service.signing}.explain" if service.scheme is not None else ""
    return f"{hint}{general}{explain}"


def _is_signed(service: Service) -> bool:
    return service.load_scheme is not None or service.load_request_scheme is not None


def _name_parameters(service: Service) -> Mapping[Reason, str]:
    """What this API calls time, nonce and signature."""
    if service.scheme is None:
        return {}
    return dict(zip((Reason.TIME, Reason.NONCE, Reason.SIGNATURE), service.scheme.parameters, strict=True))


def _describe_clock(session: Session, skew: float | None) -> str:
    if skew is None:
        return "the clock of this machine could not be compared"
    return describe_skew(skew, session.server_clock.skew)


def _list_usual_causes(service: Service) -> str:
    if service.scheme is None:
        return "Is the secret key right, and does a proxy change the request?"
    from procwise.signing.explanation import USUAL_CAUSES

    causes = "".join(f"\n  - {cause}" for cause in USUAL_CAUSES)
    return f"The usual causes:{causes}\n{service.signing}.explain(params, secret_key) shows what was signed"

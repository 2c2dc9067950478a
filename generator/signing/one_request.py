"""A request as JSON, signed: what `sign` of the command line takes and prints for schemes that sign whole requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .freshness import make_nonce, read_clock
from .language import SigningScheme
from .language.checks import sources_of
from .language.readable import readable_sources
from .messages import Request, SigningError, read_claims, request_of
from .messages.evaluation import compute_signature, message_of
from .messages.placement import place_signature
from .messages.sign import prepare_context

_TEXTS = ("method", "url", "timestamp", "nonce")
_MEMBERS = (*_TEXTS, "headers", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A request that is to be signed; timestamp and nonce are empty if they are to be made."""

    request: Request
    timestamp: str
    nonce: str


def read_unsigned(content: Mapping[str, object]) -> Unsigned:
    """The request of a JSON object: `method`, `url`, `headers`, `body`, `timestamp`, `nonce`.

    A body that is no text is written as compact JSON. Raises SigningError if it cannot be read.
    """
    for name, value in content.items():
        if name not in _MEMBERS:
            raise SigningError(f"a request has no member {name!r} (it may have: {', '.join(_MEMBERS)})")
        if name in _TEXTS and not isinstance(value, str):
            raise SigningError(f"{name} of the request is no text")
    if "method" not in content or "url" not in content:
        raise SigningError('the request has no method or no url (write {"method": "GET", "url": "https://..."})')
    request = request_of(str(content["method"]), str(content["url"]), _read_headers(content), _read_body(content))
    return Unsigned(request=request, timestamp=str(content.get("timestamp", "")), nonce=str(content.get("nonce", "")))


def sign_unsigned(
    scheme: SigningScheme, unsigned: Unsigned, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, object]:
    """What is signed, the signature, and the request as it is sent. Bytes that are no text are shown in hex.

    Of a message with a secret in it, the place of the secret is shown.
    """
    moment = scheme.timestamp.read(unsigned.timestamp) if scheme.timestamp else None
    if unsigned.timestamp and moment is None:
        raise SigningError("timestamp of the request is not written as the scheme says")
    offset_ms = 1000 * scheme.timestamp.offset_seconds if scheme.timestamp else 0
    context = prepare_context(
        scheme,
        unsigned.request,
        credentials,
        settings=settings,
        now_ms=read_clock() if moment is None else moment - offset_ms,
        nonce=unsigned.nonce or make_nonce(scheme),
        timestamp=unsigned.timestamp,
    )
    signed = place_signature(replace(context, signature=compute_signature(context)))
    return {
        "message": _show(message_of(replace(context, credentials=_hide_secrets(scheme, credentials)))),
        "signature": read_claims(scheme, signed).signatures[0],
        "request": {
            "method": signed.method,
            "url": signed.url,
            "headers": [[name, value] for name, value in signed.headers],
            "body": _show(signed.body),
        },
    }


def _hide_secrets(scheme: SigningScheme, credentials: Mapping[str, str]) -> dict[str, str]:
    """The credentials of the message, with names in place of those that are not sent as they are."""
    signed = {source.name for source in sources_of(scheme, scheme.message) if source.kind == "credential"}
    fields = [field.part for placement in scheme.placements for field in placement.fields]
    read = frozenset(source for part in fields for source in readable_sources(scheme, part))
    sent = {source.name for source in read if source.kind == "credential"}
    return {name: f"<{name}>" if name in signed - sent else text for name, text in credentials.items()}


def _read_headers(content: Mapping[str, object]) -> list[tuple[str, str]]:
    headers = content.get("headers", {})
    if not isinstance(headers, Mapping):
        raise SigningError("headers of the request are no object of names and texts, or of names and lists of texts")
    found = []
    for name, value in headers.items():
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str):
                raise SigningError(f"the header {name} is neither a text nor a list of texts")
            found.append((str(name), text))
    return found


def _read_body(content: Mapping[str, object]) -> str:
    body = content.get("body", "")
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _show(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return f"hex:{data.hex()}"

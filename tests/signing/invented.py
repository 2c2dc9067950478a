"""A scheme that nobody has, to try one clause after the other on."""

from __future__ import annotations

from typing import Any

from generator.signing.language import SigningScheme, read_scheme
from generator.signing.messages import Request, read_claims, request_of, sign_request
from generator.signing.messages.evaluation import message_of
from generator.signing.messages.sign import prepare_context

NOW_MS = 1_785_492_184_567  # 2026-07-31T10:03:04.567Z, a Friday
CREDENTIALS = {"access_key": "ada", "secret_key": "made-up-secret", "pin": "4711"}
SETTINGS = {"zone": "north"}
FORM = "application/x-www-form-urlencoded"
FIELDS = {"X-Time": "{timestamp}", "X-Once": "{nonce}", "X-Sign": "{signature}"}
REQUEST = request_of(
    "post",
    "HTTPS://Shop.Example:8443/a/./b%20c/?z=1&a=%C3%A9+x&a=2&e=",
    {
        "X-Note": "  two   words ",
        "X-Tag": ["b", "a"],
        "Content-Type": f"{FORM}; charset=utf-8",
    },
    "q=%26&p=1",
    path={"shelf": 7},
)


def scheme_with(message: Any, **clauses: Any) -> SigningScheme:
    """The scheme that signs this message; the clauses replace its own."""
    return read_scheme(value_with(message, **clauses))


def value_with(message: Any, **clauses: Any) -> dict[str, Any]:
    """The value of that scheme."""
    value = {
        "algorithm": "hmac-sha256",
        "digest": "hex-lower",
        "credentials": {"pin": "A number."},
        "settings": {"zone": {"description": "Where the shelf stands.", "default": "south"}},
        "key": {"credential": "secret_key"},
        "message": message,
        "timestamp": {"format": "unix-s", "window_seconds": 60},
        "nonce": {"type": "string", "unique_for_seconds": 60},
        "placement": [{"in": "header", "fields": FIELDS}],
        **clauses,
    }
    return {name: clause for name, clause in value.items() if clause is not None}


def message_for(message: Any, request: Request = REQUEST, **clauses: Any) -> bytes:
    """What is signed of a request."""
    context = prepare_context(
        scheme_with(message, **clauses), request, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS, nonce="n-1"
    )
    return message_of(context)


def sign_by(scheme: SigningScheme, request: Request = REQUEST) -> Request:
    """The request, signed with the credentials and settings above."""
    return sign_request(scheme, request, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS, nonce="n-1")


def signature_of(scheme: SigningScheme) -> str:
    """The signature of the request above."""
    (signature,) = read_claims(scheme, sign_by(scheme)).signatures
    return signature

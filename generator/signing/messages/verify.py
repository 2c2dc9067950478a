"""A signed request, verified: what follows from it is computed again and compared in constant time."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..language.checks import used_names
from ..language.model import Placement, SigningScheme, Timestamp
from ..wildcards import matches
from .evaluation import Context, SigningError, choose_headers, compute_signature, unsigned_fields
from .placement import field_text, remove_signature, texts_in
from .reading_back import Claims, SignatureRefused, read_claims
from .request import Request

LONGEST_NONCE = 255  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A request whose signature is right. Whether its nonce was used before, the caller has to know."""

    claims: Claims
    moment_ms: int | None
    nonce: str


def require_credentials(scheme: SigningScheme, credentials: Mapping[str, str]) -> None:
    """Raise SigningError if a credential that must be there is empty: with an empty key anybody can sign."""
    for name in used_names(scheme, "credential"):
        declared = scheme.credentials[name]
        if not credentials.get(name, declared.default) and not declared.optional:
            raise SigningError(f"the credential {name} is missing or empty")


def verify_request(
    scheme: SigningScheme,
    request: Request,
    credentials: Mapping[str, str],
    *,
    settings: Mapping[str, str] | None = None,
    now_ms: int,
) -> Verified:
    """Verify the request with these credentials; raises SignatureRefused.

    A setting that is given must be the one that is sent; one that is not given is taken from the request.
    """
    claims = read_claims(scheme, request)
    context = rebuild_context(scheme, request, credentials, claims, settings=settings)
    _check_headers(scheme, context)
    _check_companions(scheme, request, context)
    check_signature(context, claims)
    moment = context.now_ms if scheme.timestamp is not None else None
    if scheme.timestamp is not None:
        check_window(scheme.timestamp, context, now_ms)
    if scheme.nonce is not None:
        _check_nonce(scheme.nonce.type, claims.nonce)
    return Verified(claims=claims, moment_ms=moment, nonce=claims.nonce)


def rebuild_context(
    scheme: SigningScheme,
    request: Request,
    credentials: Mapping[str, str],
    claims: Claims,
    *,
    settings: Mapping[str, str] | None = None,
) -> Context:
    """What the signer must have had; raises SignatureRefused if the timestamp cannot be read."""
    moment = scheme.timestamp.read(claims.timestamp) if scheme.timestamp is not None else 0
    if moment is None:
        message = f"the timestamp {claims.timestamp[:40]!r} is not written as the scheme says"
        raise SignatureRefused("timestamp", message, "timestamp")
    return Context(
        scheme=scheme,
        request=remove_signature(scheme, request),
        credentials=credentials,
        settings={**claims.settings, **(settings or {})},
        timestamp=claims.timestamp,
        now_ms=moment,
        nonce=claims.nonce,
        header_names=claims.header_names,
    )


def check_signature(context: Context, claims: Claims) -> None:
    """Refuse the request if none of its signatures is right."""
    try:
        expected = compute_signature(context).encode("utf-8", "surrogatepass")
    except SigningError as error:
        raise SignatureRefused("signature", str(error)) from None
    given = [signature.encode("utf-8", "surrogatepass") for signature in claims.signatures]
    fits = [hmac.compare_digest(expected, one) for one in given]
    if not any(fits):
        raise SignatureRefused("signature", "the signature is wrong")


def check_window(timestamp: Timestamp, context: Context, now_ms: int) -> None:
    """Refuse the request if its moment is too old, or too far ahead."""
    past = timestamp.past
    if isinstance(past, str):
        seconds = context.settings.get(past, "")
        if not seconds.isdecimal() or len(seconds) > 12:
            raise SignatureRefused("timestamp", f"the setting {past} is no number of seconds", past)
        past = int(seconds)
    age = now_ms - context.now_ms
    if past is not None and age > past * 1000:
        raise SignatureRefused(
            "stale", f"the timestamp is {age / 1000:.0f} seconds old, at most {past} are allowed", "timestamp"
        )
    if timestamp.future is not None and -age > timestamp.future * 1000:
        message = f"the timestamp is {-age / 1000:.0f} seconds ahead, at most {timestamp.future} are allowed"
        raise SignatureRefused("stale", message, "timestamp")


def _check_headers(scheme: SigningScheme, context: Context) -> None:
    """Every header that must be signed is in the list of those that were."""
    if scheme.headers is None or context.header_names is None:
        return
    present = ("host", *(name.lower() for name, _ in context.request.headers))
    needed = choose_headers(replace(scheme.headers, names=scheme.headers.required), present)
    named: set[str] = set()
    for name in context.header_names:
        if name in named:  # each time that it is named its whole value is signed once more
            raise SignatureRefused("companion", f"the header {name} is named twice", name)
        named.add(name)
    for name in needed:
        if name not in named:
            raise SignatureRefused("companion", f"the header {name} must be signed", name)
    for name in context.header_names:
        if matches(name, scheme.headers.exclude) or not matches(name, scheme.headers.names):
            raise SignatureRefused("companion", f"the header {name} cannot be signed", name)


def _check_companions(scheme: SigningScheme, request: Request, context: Context) -> None:
    """Whatever is sent beside the signature and follows from the request is what follows from it."""
    for placement in scheme.placements:
        texts = texts_in(placement, request)
        for name, expected in _expected_fields(placement, context):
            sent = "".join(texts.get(name, [])).encode("utf-8", "surrogatepass")
            if not hmac.compare_digest(sent, expected.encode("utf-8", "surrogatepass")):
                raise SignatureRefused("companion", f"{name} does not fit the request", name)


def _expected_fields(placement: Placement, context: Context) -> list[tuple[str, str]]:
    try:
        if placement.place == "fields":
            return list(unsigned_fields(placement, context))
        return [(field.name, field_text(field, context)) for field in placement.fields if not field.signs]
    except SigningError as error:
        raise SignatureRefused("companion", str(error)) from None


def _check_nonce(kind: str, nonce: str) -> None:
    """Any short text will do, whatever a client writes; only numbers can increase."""
    if not 0 < len(nonce) <= LONGEST_NONCE or "\0" in nonce:
        raise SignatureRefused("nonce", f"the nonce is empty, or longer than {LONGEST_NONCE} characters", "nonce")
    if kind == "increasing" and not (nonce.isascii() and nonce.isdecimal()):
        raise SignatureRefused("nonce", "the nonce is no number, which it must be to increase", "nonce")

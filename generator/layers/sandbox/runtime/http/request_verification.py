"""Verifies requests that are signed as a whole, by a scheme of any kind: who signs, signature, moment, nonce."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy import Connection

from procwise.signing.explanation.requests import explain_request
from procwise.signing.language import SigningScheme, used_names
from procwise.signing.language.readable import readable_sources
from procwise.signing.messages import Claims, Request, SignatureRefused, SigningError, read_claims, verify_request

from ..api import Api
from ..errors import ApiError, SignatureInvalid, forbidden, unauthorized, unreadable
from ..storage.nonces import Nonces
from .accounts import User, credentials_of, identify_by_key
from .request_parsing import measure_size

_CODES = {
    "missing": "signature_missing",
    "malformed": "signature_invalid",
    "companion": "signature_invalid",
    "signature": "signature_invalid",
    "timestamp": "timestamp_invalid",
    "stale": "timestamp_outside_window",
    "nonce": "nonce_invalid",
}
_PREFIX = "PROCWISE_"
_FOR_EVER = 10**9  # seconds
_MOST_PAIRS = 1024  # a quarter of those of other requests: each is read, encoded and sorted by the scheme too
_PER_HEADER = 16
LONGEST_EXPLAINED = 16_384  # of query, body and headers; the search takes far longer than the check
TOO_LARGE = "unknown: mistakes are not looked for in requests as large as this"
_MOST_WORK = 400_000  # of a search: less than ten times a signed read, while `explain` of the client looks further
_NOT_FOUND = "no mistake was recognised; `explain` of the client looks for more of them"
_OWN = ("access_key", "token", "secret_key")


def identify_signer(connection: Connection, scheme: SigningScheme, request: Request) -> User | None:
    """The user whose key id the request carries; None if the scheme sends none. Raises 422 for too many parameters."""
    if _count_pairs(request) > _MOST_PAIRS:
        raise unreadable(f"There are more than {_MOST_PAIRS} parameters, in a request that is signed as a whole.")
    key = _read(scheme, request).credentials.get("access_key")
    if key is None:
        return None
    user = identify_by_key(connection, key)
    if user is None:
        raise unauthorized("The key id is not known.")
    return user


def _count_pairs(request: Request) -> int:
    """The parameters of query and form, without reading them."""
    in_form = 1 + request.body.count(b"&") if request.media_type == "application/x-www-form-urlencoded" else 0
    return 1 + request.query.count("&") + in_form


def check_request(
    connection: Connection, nonces: Nonces, scheme: SigningScheme, user: User, request: Request, now_ms: int
) -> None:
    """Raises 403 unless the user signed this request now, and for the first time."""
    claims = _read(scheme, request)
    credentials = credentials_of_signer(scheme, user.secret_key, known_tokens(connection, scheme, user, claims))
    settings = known_settings(scheme, claims)
    _require_settings(scheme, {**claims.settings, **settings})
    try:
        verified = verify_request(scheme, request, credentials, settings=settings, now_ms=now_ms)
    except SignatureRefused as refused:
        raise _error(scheme, refused, request, credentials, settings) from None
    except SigningError as error:
        raise forbidden("signature_invalid", f"The signature cannot be checked: {error}.") from None
    if scheme.nonce is not None:
        _claim(connection, nonces, scheme, user, verified.nonce, now_ms)


def credentials_of_signer(
    scheme: SigningScheme, secret_key: str, sent: Mapping[str, str] | None = None
) -> dict[str, str]:
    """All credentials of a user: the secret key, what is sent of the key id, and made-up ones of every other name."""
    made = {name: derive_credential(secret_key, name) for name in required_credentials(scheme)}
    own = {name: text for name, text in (sent or {}).items() if name in ("access_key", "token")}
    return {**made, **own, "secret_key": secret_key}


def known_tokens(connection: Connection, scheme: SigningScheme, user: User, claims: Claims) -> dict[str, str]:
    """Key id and token as the request has them; the user's own where the scheme signs them and does not send them."""
    fields = [field for placement in scheme.placements for field in placement.fields]
    sent = {source.name for one in fields for source in readable_sources(scheme, one.part)}
    unsent = {"access_key", "token"} & {*used_names(scheme, "credential")} - sent
    own = dict.fromkeys(unsent, credentials_of(connection, user.id).token) if unsent else {}
    return {**claims.credentials, **own}


def derive_credentials(apis: Iterable[Api], secret_key: str) -> dict[str, str]:
    """The credentials that go with a secret key, beside key id and token, for the schemes of all versions."""
    schemes = [api.request_scheme for api in apis if api.request_scheme is not None]
    return {name: derive_credential(secret_key, name) for scheme in schemes for name in required_credentials(scheme)}


def required_credentials(scheme: SigningScheme) -> tuple[str, ...]:
    """The names of the credentials beside key id, token and secret key that a signer must have."""
    used = used_names(scheme, "credential")
    return tuple(name for name in used if name not in _OWN and not scheme.credentials[name].optional)


def derive_credential(secret_key: str, name: str) -> str:
    """A credential that goes with a secret key, the same each time."""
    return hmac.new(secret_key.encode(), name.encode(), hashlib.sha256).hexdigest()[:24]


def known_settings(scheme: SigningScheme, claims: Claims) -> dict[str, str]:
    """Settings that the request does not carry, from the environment, or else as the description has them."""
    unsent = [name for name in scheme.settings if name not in claims.settings]
    known = {name: os.environ.get(_PREFIX + name.upper(), "") or scheme.settings[name].default for name in unsent}
    return {name: text for name, text in known.items() if text}


def _require_settings(scheme: SigningScheme, known: Mapping[str, str]) -> None:
    """Raises 403 with what to do if a setting is signed that nobody says."""
    for name in used_names(scheme, "setting"):
        if name not in known and not scheme.settings[name].optional:
            message = f"No request carries the setting {name}: start the sandbox with {_PREFIX}{name.upper()}."
            raise forbidden("signature_invalid", message)


def _read(scheme: SigningScheme, request: Request) -> Claims:
    try:
        return read_claims(scheme, request)
    except SignatureRefused as refused:
        raise forbidden(_CODES[refused.reason], f"{refused}.") from None


def _error(
    scheme: SigningScheme,
    refused: SignatureRefused,
    request: Request,
    credentials: Mapping[str, str],
    settings: Mapping[str, str],
) -> ApiError:
    if refused.reason == "signature":
        return SignatureInvalid(f"{refused}.", partial(_find_explanation, scheme, request, credentials, settings))
    return forbidden(_CODES[refused.reason], f"{refused}.", explanation={"cause": str(refused)})


def _find_explanation(
    scheme: SigningScheme, request: Request, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, object]:
    if _measure_request(request) > LONGEST_EXPLAINED:
        return {"cause": TOO_LARGE}
    explained = explain_request(scheme, request, credentials, settings=settings, most_work=_MOST_WORK)
    return {"message": explained.message, "cause": explained.cause or _NOT_FOUND}


def _measure_request(request: Request) -> int:
    headers = sum(len(name) + len(value) + _PER_HEADER for name, value in request.headers)
    return measure_size(request.query.encode("latin-1")) + measure_size(request.body) + headers


def _claim(connection: Connection, nonces: Nonces, scheme: SigningScheme, user: User, nonce: str, now_ms: int) -> None:
    rule = scheme.nonce
    assert rule is not None  # noqa: S101  # asked before
    if rule.type == "increasing" and int(nonce) <= nonces.largest(connection, user.id):
        raise forbidden("nonce_used", "The nonce must be greater than the one before.")
    seconds = rule.unique_for_seconds or _FOR_EVER
    if not nonces.claim(connection, user.id, nonce, now_ms=now_ms, unique_for_seconds=seconds):
        raise forbidden("nonce_used", "The nonce was used before; every request needs a new one.")

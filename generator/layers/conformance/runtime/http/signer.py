"""Signing at the very last moment, over exactly what is sent; and the ways to do it wrong on purpose."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from requests import PreparedRequest
from requests.auth import AuthBase

from procwise.signing import Scheme

from ..description import Api, Credentials
from .wire import Parts, Pointless, placed, read

# The rest, such as headers that the fuzzer makes up, would be answered by the HTTP server and not by the API.
_KEPT_HEADERS = frozenset(("accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"))
_SMALLEST_NONCE = 10**15
# By chance a digest can be the same in two forms, and what is sent must not depend on chance.
_TRIES = 5
Signing = Callable[[Scheme, Parts, str], str]
FORMS: Mapping[str, Callable[[bytes], str]] = {
    "hex-lower": lambda digest: digest.hex(),
    "hex-upper": lambda digest: digest.hex().upper(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).decode(),
}


def new_nonce() -> int:
    """A number that nobody has used."""
    return _SMALLEST_NONCE + secrets.randbelow(_SMALLEST_NONCE)


def own_header(api: Api, user: Credentials) -> str | None:
    """The token header as the description has it."""
    return api.token_format.replace("{token}", user.token)


def own_key(user: Credentials) -> str:
    """The user's own secret key."""
    return user.secret_key


def of_now(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
    """Timestamp and nonce as the scheme has them."""
    return scheme.stamp({}, now_ms=now_ms, nonce=nonce)


def rightly(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """The signature over everything that the scheme signs."""
    return scheme.sign(scheme.merge(path=parts.path, query=parts.query, body=parts.body), secret_key)


def own_hash(scheme: Scheme) -> str:
    """The hash that the scheme's HMAC is made with."""
    return scheme.algorithm.removeprefix("hmac-")


def as_sent(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
    """Nothing added."""
    return request


def unchanged(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    """Nothing changed."""
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """How a request is signed, step by step; the defaults make a right one, and each step can be another.

    `dressing` adds to what is signed; `header` writes the token, or leaves it out with None; `stamping` gives
    timestamp and nonce; `signing` makes the signature with the `key`; `spelling` is how it is sent, and `()` leaves it
    out; `place` is where the signing parameters go instead of where the scheme sends them; `tampering` comes last,
    when all is signed. `by_their_clock` is for what tries the window of time: the moment is then the server's.
    """

    dressing: Callable[[PreparedRequest, Parts], PreparedRequest] = as_sent
    header: Callable[[Api, Credentials], str | None] = own_header
    stamping: Callable[[Scheme, int, int], Mapping[str, object]] = of_now
    signing: Signing = rightly
    key: Callable[[Credentials], str] = own_key
    spelling: Callable[[str], object] = str
    place: str = ""
    tampering: Callable[[PreparedRequest, Scheme], PreparedRequest] = unchanged
    by_their_clock: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the request has no other parameters than the right one, in no other place."""
        return (self.dressing, self.place, self.tampering) == (as_sent, "", unchanged)

    @property
    def signs_otherwise(self) -> bool:
        """Whether the signature is meant to differ from the right one."""
        return (self.signing, self.key, self.spelling) != (rightly, own_key, str)


RIGHT = Forgery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """How a request was signed: what was read from it, as whom, when, and what was sent for a signature."""

    parts: Parts
    forgery: Forgery
    user: Credentials
    now_ms: int
    sent: object


_SIGNED: WeakKeyDictionary[PreparedRequest, Signed] = WeakKeyDictionary()


def signed(request: PreparedRequest) -> Signed | None:
    """How this request was signed, where that is known."""
    return _SIGNED.get(request)


def copied(request: PreparedRequest) -> PreparedRequest:
    """A copy to be changed, of which is known how it was signed."""
    copy = request.copy()
    if note := signed(request):
        _SIGNED[copy] = note
    return copy


class Signer(AuthBase):
    """Signs a prepared request; `requests` calls it when nothing else will change it any more.

    Operations that only some may call are signed by the superuser, where there is one. Raises Pointless where
    a forgery comes to what is right.
    """

    def __init__(
        self,
        api: Api,
        credentials: Credentials,
        forgery: Forgery = RIGHT,
        *,
        superuser: Credentials | None = None,
        offset_ms: int = 0,
    ) -> None:
        """`offset_ms` is how far the server's clock is ahead of this machine's."""
        self._api = api
        self._credentials = credentials
        self._superuser = superuser
        self._forgery = forgery
        self._offset_ms = offset_ms if forgery.by_their_clock else 0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self._clean(request)
        parts = read(request, self._api)
        operation = parts.operation
        restricted = operation is not None and self._api.is_superusers(operation)
        user = self._superuser if restricted and self._superuser else self._credentials
        self._identify(request, user)
        request = self._forgery.dressing(request, parts)
        if self._api.scheme is not None and (operation is None or operation.signed):
            return self._signed(request, self._api.scheme, user)
        return request

    def _clean(self, request: PreparedRequest) -> None:
        kept = _KEPT_HEADERS | {name.lower() for name in self._api.headers}
        for name in [name for name in request.headers if name.lower() not in kept]:
            del request.headers[name]
        if self._api.accept:
            request.headers["Accept"] = self._api.accept

    def _identify(self, request: PreparedRequest, user: Credentials) -> None:
        header = self._forgery.header(self._api, user)
        if self._forgery.header is not own_header and header == own_header(self._api, user):
            raise Pointless
        if self._api.token_header and header is not None:
            request.headers[self._api.token_header] = header

    def _signed(self, request: PreparedRequest, scheme: Scheme, user: Credentials) -> PreparedRequest:
        forgery, where = self._forgery, self._forgery.place or scheme.send
        request, sent = self._stamped(request, scheme, user, where)
        if sent != ():
            request = placed(request, {scheme.signature_parameter: sent}, where)
        return forgery.tampering(request, scheme)

    def _stamped(
        self, request: PreparedRequest, scheme: Scheme, user: Credentials, where: str
    ) -> tuple[PreparedRequest, object]:
        """The request with timestamp and nonce, and the signature to send."""
        forgery = self._forgery
        for _ in range(_TRIES):
            now_ms = time.time_ns() // 1_000_000
            stamp = forgery.stamping(scheme, now_ms + self._offset_ms, new_nonce())
            request = placed(request, stamp, where)
            parts = read(request, self._api)
            sent = forgery.spelling(forgery.signing(scheme, parts, forgery.key(user)))
            if not forgery.signs_otherwise or sent != rightly(scheme, parts, user.secret_key):
                _SIGNED[request] = Signed(parts=parts, forgery=forgery, user=user, now_ms=now_ms, sent=sent)
                return request, sent
        raise Pointless

"""Signs a request last, over exactly what is sent, correctly or with a wrong step."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from requests import PreparedRequest
from requests.auth import AuthBase

from procwise.signing.scheme import Scheme

from ..api import Api, Credentials
from .whole_signer import CORRECT_WHOLE, WholeSteps, sign_whole
from .wire import NotApplicable, Parts, SentPlace, parse_request, place_parameters

if TYPE_CHECKING:
    from procwise.signing.language import SigningScheme


# Other headers, such as generated ones, would be rejected by the HTTP server and not by the API.
_KEPT_HEADERS = frozenset(("accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"))
_SMALLEST_NONCE = 10**15
# By chance a digest can be the same in two forms, and the request must not depend on chance.
_TRIES = 5
SignatureFunction = Callable[[Scheme, Parts, str], str]
DIGEST_FORMS: Mapping[str, Callable[[bytes], str]] = {
    "hex-lower": lambda digest: digest.hex(),
    "hex-upper": lambda digest: digest.hex().upper(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).decode(),
}


def new_nonce() -> int:
    """A number that nobody has used."""
    return _SMALLEST_NONCE + secrets.randbelow(_SMALLEST_NONCE)


def user_header(api: Api, user: Credentials) -> str | None:
    """The token header as the description has it."""
    return api.token_format.replace("{token}", user.token)


def user_key(user: Credentials) -> str:
    """The user's own secret key."""
    return user.secret_key


def current_stamp(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
    """Timestamp and nonce as the scheme has them."""
    return scheme.stamp({}, now_ms=now_ms, nonce=nonce)


def correct_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """The signature over everything that the scheme signs."""
    return scheme.sign(scheme.merge(path=parts.path, query=parts.query, body=parts.body), secret_key)


def hash_name(scheme: Scheme) -> str:
    """The name of the hash of the scheme's HMAC."""
    return scheme.algorithm.removeprefix("hmac-")


def add_nothing(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
    """Nothing added."""
    return request


def change_nothing(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    """Nothing changed."""
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSteps:
    """How a request is signed, step by step; the defaults make a valid one, and an attack replaces a step.

    `mutate` changes the request before it is signed; `token_header` is the value of the token's header, None for no
    header; `timestamp_and_nonce` are the values of these two; `compute_signature` computes the signature with the
    `key`, and `encode_signature` is the value that is sent for it, `()` for none. `place` is where the signing
    parameters are sent, if not where the scheme sends them. `after_signing` changes the signed request. Attacks on the
    time window set `by_server_clock`: their timestamps are relative to the server's clock. `whole` are the steps of a
    scheme that signs whole requests.
    """

    mutate: Callable[[PreparedRequest, Parts], PreparedRequest] = add_nothing
    token_header: Callable[[Api, Credentials], str | None] = user_header
    timestamp_and_nonce: Callable[[Scheme, int, int], Mapping[str, object]] = current_stamp
    compute_signature: SignatureFunction = correct_signature
    key: Callable[[Credentials], str] = user_key
    encode_signature: Callable[[str], object] = str
    place: SentPlace | Literal[""] = ""
    after_signing: Callable[[PreparedRequest, Scheme], PreparedRequest] = change_nothing
    by_server_clock: bool = False
    whole: WholeSteps = CORRECT_WHOLE

    @property
    def is_plain(self) -> bool:
        """Whether the request has the same parameters as the valid one, in the same place."""
        return (self.mutate, self.place, self.after_signing) == (add_nothing, "", change_nothing)

    @property
    def signs_wrongly(self) -> bool:
        """Whether the signature should differ from the correct one."""
        return (self.compute_signature, self.key, self.encode_signature) != (correct_signature, user_key, str)


CORRECT = SigningSteps()


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRecord:
    """How a request was signed: its parts, the steps, the user, the time, and the value sent as signature.

    If it was signed as a whole, `unsigned` is what it was before.
    """

    parts: Parts
    steps: SigningSteps
    user: Credentials
    now_ms: int
    sent: object
    unsigned: PreparedRequest | None = None


_SIGNED: WeakKeyDictionary[PreparedRequest, SigningRecord] = WeakKeyDictionary()


def find_signing_record(request: PreparedRequest) -> SigningRecord | None:
    """How this request was signed, if that is known."""
    return _SIGNED.get(request)


def copy_signed(request: PreparedRequest) -> PreparedRequest:
    """A copy that can be changed, with the signing record of the original."""
    copy = request.copy()
    if note := find_signing_record(request):
        _SIGNED[copy] = note
    return copy


class Signer(AuthBase):
    """Signs a prepared request; `requests` calls it last.

    Restricted operations are signed by the superuser, if there is one. Raises NotApplicable if
    the steps make no difference.
    """

    def __init__(
        self,
        api: Api,
        credentials: Credentials,
        steps: SigningSteps = CORRECT,
        *,
        superuser: Credentials | None = None,
        offset_ms: int = 0,
    ) -> None:
        """`offset_ms` is how far the server's clock is ahead of this machine's."""
        self._api = api
        self._credentials = credentials
        self._superuser = superuser
        self._steps = steps
        self._offset_ms = offset_ms if steps.by_server_clock else 0

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self._clean(request)
        unsigned = request.copy() if self._api.scheme is None else request
        parts = parse_request(request, self._api)
        operation = parts.operation
        restricted = operation is not None and self._api.is_superusers(operation)
        user = self._superuser if restricted and self._superuser else self._credentials
        self._identify(request, user)
        request = self._steps.mutate(request, parts)
        if operation is not None and not operation.signed:
            return request
        if self._api.scheme is not None:
            return self._sign(request, self._api.scheme, user)
        scheme = self._api.request_scheme
        return self._sign_whole(request, scheme, user, unsigned) if scheme is not None else request

    def _sign_whole(
        self, request: PreparedRequest, scheme: SigningScheme, user: Credentials, unsigned: PreparedRequest
    ) -> PreparedRequest:
        steps, parts, now_ms = self._steps, parse_request(request, self._api), time.time_ns() // 1_000_000
        signed = sign_whole(
            request,
            scheme,
            user,
            secret_key=steps.key(user),
            path=parts.path,
            steps=steps.whole,
            now_ms=now_ms + self._offset_ms,
        )
        for name in ("method", "url", "headers", "body"):  # `requests` sends what it handed over
            setattr(request, name, getattr(signed, name))
        _SIGNED[request] = SigningRecord(parts=parts, steps=steps, user=user, now_ms=now_ms, sent="", unsigned=unsigned)
        return request

    def _clean(self, request: PreparedRequest) -> None:
        kept = _KEPT_HEADERS | {name.lower() for name in self._api.headers}
        for name in [name for name in request.headers if name.lower() not in kept]:
            del request.headers[name]
        if self._api.accept:
            request.headers["Accept"] = self._api.accept

    def _identify(self, request: PreparedRequest, user: Credentials) -> None:
        header = self._steps.token_header(self._api, user)
        if self._steps.token_header is not user_header and header == user_header(self._api, user):
            raise NotApplicable
        if self._api.token_header and header is not None:
            request.headers[self._api.token_header] = header

    def _sign(self, request: PreparedRequest, scheme: Scheme, user: Credentials) -> PreparedRequest:
        steps, where = self._steps, self._steps.place or scheme.send
        request, sent = self._stamp(request, scheme, user, where)
        if sent != ():
            request = place_parameters(request, {scheme.signature_parameter: sent}, where)
        return steps.after_signing(request, scheme)

    def _stamp(
        self, request: PreparedRequest, scheme: Scheme, user: Credentials, where: SentPlace
    ) -> tuple[PreparedRequest, object]:
        """The request with timestamp and nonce, and the signature to send."""
        steps = self._steps
        for _ in range(_TRIES):
            now_ms = time.time_ns() // 1_000_000
            stamp = steps.timestamp_and_nonce(scheme, now_ms + self._offset_ms, new_nonce())
            request = place_parameters(request, stamp, where)
            parts = parse_request(request, self._api)
            sent = steps.encode_signature(steps.compute_signature(scheme, parts, steps.key(user)))
            if not steps.signs_wrongly or sent != correct_signature(scheme, parts, user.secret_key):
                _SIGNED[request] = SigningRecord(parts=parts, steps=steps, user=user, now_ms=now_ms, sent=sent)
                return request, sent
        raise NotApplicable

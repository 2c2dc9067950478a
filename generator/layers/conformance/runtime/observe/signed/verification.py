"""The signature of a request that somebody else signed, computed again with the key of its user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from procwise.signing.explanation import explain
from procwise.signing.scheme import Scheme

from ...api import Api, Credentials
from ...errors import CannotRun
from ...http.whole_signer import collect_credentials, read_settings
from ...http.wire import FORM, MULTIPART, Parts, kind_of
from ..described.json_texts import find_repeated
from ..judge import Observed
from ..masking import RecordingMasker

if TYPE_CHECKING:  # loaded where a scheme signs whole requests
    from procwise.signing.language import SigningScheme
    from procwise.signing.messages import Request

Verdict = Literal["right", "wrong", "missing", "unknown"]
_KEY_UNKNOWN = "the key is not known"
_NO_TOKEN = "the recording has no token"  # noqa: S105  # a sentence
_NO_BYTES = "the recording lacks the bytes of the body"
_MOST_WORK = 4_000_000  # signed bytes of one search for a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What is known of the signature of one request.

    `identity` is the token or the key id, empty if the recording has none; `moment_ms` is the timestamp, None if
    there is none that can be read; `reason` says why nothing is known, or what is wrong or missing.
    """

    verdict: Verdict
    identity: str
    nonce: str = ""
    moment_ms: int | None = None
    reason: str = ""
    user: Credentials | None = None


class Verifier:
    """Knows the keys of some users, and verifies what they signed by the scheme of the description."""

    def __init__(self, api: Api, users: tuple[Credentials, ...], masker: RecordingMasker) -> None:
        """A user without a token may be any: the key is then tried on every request."""
        self._api = api
        self._users = users
        self._masker = masker

    def verify(self, observed: Observed) -> Signature:
        """What the signature of a request is worth; nothing is known without the key or the whole request."""
        if observed.operation.signed and self._api.scheme is not None:
            return self._verify_parameters(self._api.scheme, observed)
        if observed.operation.signed and self._api.request_scheme is not None:
            return self._verify_whole(self._api.request_scheme, observed)
        return Signature(verdict="unknown", identity=self._read_token(observed), reason="it needs none")

    def _find_users(self, identity: str) -> list[Credentials]:
        """The users whose key is known and who may have signed: the one of the token, or those whose token is unknown.

        A recording without tokens, as browsers save them, may be anybody's.
        """
        exact = [user for user in self._users if user.token and user.token == identity]
        return exact or [user for user in self._users if not user.token or not identity]

    def explain(self, observed: Observed, signature: Signature) -> str:
        """What the signer did otherwise, as far as that can be found out; empty if not."""
        user = signature.user
        if user is None or not user.secret_key:
            return ""
        if self._api.scheme is not None:
            return self._explain_parameters(self._api.scheme, observed.parts, user)
        return self._explain_whole(observed, user) if self._api.request_scheme is not None else ""

    def _read_token(self, observed: Observed) -> str:
        before, _, after = self._api.token_format.partition("{token}")
        text = str(observed.request.headers.get(self._api.token_header) or "") if self._api.token_header else ""
        fits = text.startswith(before) and text.endswith(after) and len(text) > len(before) + len(after)
        return text[len(before) : len(text) - len(after)] if fits else text

    def _verify_parameters(self, scheme: Scheme, observed: Observed) -> Signature:
        parts, identity = observed.parts, self._read_token(observed)
        params = scheme.merge(path=parts.path, query=parts.query, body=parts.body)
        sent = {name: self._find_sent(scheme, parts, name) for name in scheme.parameters}
        timestamp, nonce, signature = (sent[name] for name in scheme.parameters)
        known = Signature(
            verdict="unknown",
            identity=identity,
            nonce="" if nonce is None else str(nonce),
            moment_ms=_read_moment(scheme, timestamp),
        )
        if observed.recorded.body is None and "body" in (*scheme.sources, *scheme.accept):
            return replace(known, reason="the recording lacks the body")
        absent = [name for name, value in sent.items() if value in (None, "")]
        if absent:
            return replace(known, verdict="missing", reason=f"{', '.join(absent)} missing")
        users, doubt = self._find_users(identity), parts.doubt or _find_doubt(observed)
        if not users or doubt:
            return replace(known, reason=doubt or _KEY_UNKNOWN)
        for user in users:
            if isinstance(signature, str) and scheme.verify(params, user.secret_key, signature):
                return replace(known, verdict="right", identity=identity or user.token, user=user)
        if not identity and users[0].token:
            return replace(known, reason=_NO_TOKEN)
        return replace(known, verdict="wrong", user=users[0])

    def _find_sent(self, scheme: Scheme, parts: Parts, name: str) -> object:
        places: Mapping[str, Mapping[str, object]] = {"query": parts.query, "body": parts.body}
        return next((places[place][name] for place in scheme.accept if name in places[place]), None)

    def _explain_parameters(self, scheme: Scheme, parts: Parts, user: Credentials) -> str:
        params = scheme.merge(path=parts.path, query=parts.query, body=parts.body)
        others = {name: place[name] for place in (parts.body, parts.query) for name in place}
        hidden = [name for name, value in params.items() if self._masker.mask_text(name, str(value)) != str(value)]
        found = explain(
            scheme,
            params,
            user.secret_key,
            signature=str(params.get(scheme.signature_parameter, "")),
            path=tuple(parts.path),
            query=tuple(parts.query),
            body=tuple(parts.body),
            overridden={name: value for name, value in others.items() if params.get(name) != value},
            masked=hidden,
            token=user.token,
            names=[place.name for operation in self._api.operations for place in operation.placeholders],
            most_work=_MOST_WORK,
        )
        return found.cause

    def _verify_whole(self, scheme: SigningScheme, observed: Observed) -> Signature:
        from procwise.signing.messages import SignatureRefused, SigningError, read_claims, verify_request

        request = _build_request(observed)
        claims = read_claims(scheme, request, lenient=True)
        key_id = claims.credentials.get("access_key") or claims.credentials.get("token", "")
        identity = key_id or self._read_token(observed)
        moment = scheme.timestamp.read(claims.timestamp) if scheme.timestamp is not None else None
        known = Signature(verdict="unknown", identity=identity, nonce=claims.nonce, moment_ms=moment)
        if not claims.signatures:
            return replace(known, verdict="missing", reason="no signature")
        users, reason = self._find_users(identity), "" if observed.recorded.is_exact else _NO_BYTES
        if not users or reason:
            return replace(known, reason=reason or _KEY_UNKNOWN)
        try:
            credentials = collect_credentials(scheme, users[0], users[0].secret_key)
            credentials |= {name: identity for name in ("access_key", "token") if not users[0].token}
            settings = read_settings(scheme)
            verify_request(scheme, request, credentials, settings=settings, now_ms=moment or 0)
        except (CannotRun, SigningError) as error:
            return replace(known, reason=str(error))
        except SignatureRefused as refused:
            if refused.reason not in ("stale", "nonce"):
                verdict: Verdict = "missing" if refused.reason == "missing" else "wrong"
                return replace(known, verdict=verdict, reason=str(refused), user=users[0])
        return replace(known, verdict="right", user=users[0])

    def _explain_whole(self, observed: Observed, user: Credentials) -> str:
        from procwise.signing.explanation.requests import explain_request
        from procwise.signing.messages import SignatureRefused, SigningError

        scheme = self._api.request_scheme
        assert scheme is not None  # noqa: S101  # it was verified by it
        try:
            credentials = collect_credentials(scheme, user, user.secret_key)
            given = {name: text for name, text in credentials.items() if text}
            settings = read_settings(scheme)
            request = _build_request(observed)
            return explain_request(scheme, request, given, settings=settings, most_work=_MOST_WORK).cause
        except (CannotRun, SignatureRefused, SigningError):
            return ""


def _build_request(observed: Observed) -> Request:
    from procwise.signing.messages import request_of

    recorded, path = observed.recorded, observed.parts.path
    request = request_of(recorded.method, recorded.url, recorded.request_headers, recorded.body or b"", path=path)
    if kind_of(observed.request) == MULTIPART:
        return replace(request, parameters={**request.parameters, "body": observed.parts.body})
    return request


def _find_doubt(observed: Observed) -> str:
    """Why the request may be read in two ways, though its parts do not show it."""
    kind = kind_of(observed.request)
    if kind.endswith("json") and observed.recorded.body and find_repeated(observed.recorded.body):
        return "a member comes twice"
    is_typed = not observed.recorded.is_exact and kind != FORM
    return _NO_BYTES if is_typed else ""


def _read_moment(scheme: Scheme, timestamp: object) -> int | None:
    text = "" if isinstance(timestamp, bool) else str(timestamp)
    is_number = text.removeprefix("-").isdecimal() and len(text) < 20 and text.isascii()
    return scheme.milliseconds(int(text)) if is_number else None

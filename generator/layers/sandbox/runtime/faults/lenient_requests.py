"""A verifier's slips about requests that are signed as a whole, by a scheme of any kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from procwise.signing.freshness import make_nonce
from procwise.signing.language import SigningScheme
from procwise.signing.messages import Claims, Request, SignatureRefused, SigningError, read_claims, sign_request
from procwise.signing.messages.evaluation import compute_signature
from procwise.signing.messages.verify import rebuild_context

from ..http.accounts import Credentials, User, credentials
from ..http.request_verification import credentials_of_signer, known_settings, known_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeAttempt:
    """One request that is signed as a whole, as the verifier receives it."""

    connection: Connection
    scheme: SigningScheme
    user: User
    request: Request
    now_ms: int

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def claims(self) -> Claims:
        """What the request says of itself, as far as it can be read."""
        return read_claims(self.scheme, self.request, lenient=True)

    @property
    def moment_ms(self) -> int:
        """The moment of the request, which is now if that cannot be read."""
        try:
            context = rebuild_context(self.scheme, self.request, {}, self.claims)
        except SignatureRefused:
            return self.now_ms
        return context.now_ms if self.scheme.timestamp is not None else self.now_ms

    def has_signature(
        self,
        fits: Callable[[str, str], bool],
        secret_key: str | None = None,
        *,
        scheme: SigningScheme | None = None,
    ) -> bool:
        """Whether one of its signatures fits the one that the user's secret key makes by the scheme, or other ones."""
        claims, key = self.claims, self.user.secret_key if secret_key is None else secret_key
        tokens = known_tokens(self.connection, self.scheme, self.user, claims)
        credentials = credentials_of_signer(self.scheme, key, tokens)
        settings = known_settings(self.scheme, claims)
        signs_by = scheme or self.scheme
        try:
            expected = compute_signature(
                rebuild_context(signs_by, self.request, credentials, claims, settings=settings)
            )
        except (SigningError, SignatureRefused):
            return False
        return any(fits(signature, expected) for signature in claims.signatures)

    def with_correct(self, word: str) -> WholeAttempt:
        """The request signed by the user, at the moment and with the nonce that it has; `word` is what is renewed."""
        claims, scheme = self.claims, self.scheme
        offset_ms = 1000 * scheme.timestamp.offset_seconds if scheme.timestamp is not None else 0
        is_late = word == "timestamp"
        token = next(one.token for one in credentials(self.connection).values() if self._is_of_user(one))
        signed = sign_request(
            scheme,
            self.request,
            credentials_of_signer(
                scheme, self.user.secret_key, {"access_key": token, "token": token, **claims.credentials}
            ),
            settings={**known_settings(scheme, claims), **claims.settings},
            now_ms=self.now_ms if is_late else self.moment_ms - offset_ms,
            nonce=make_nonce(scheme) if word == "nonce" or not claims.nonce else claims.nonce,
            timestamp="" if is_late else claims.timestamp,
        )
        return replace(self, request=signed)

    def _is_of_user(self, known: Credentials) -> bool:
        return known.secret_key == self.user.secret_key

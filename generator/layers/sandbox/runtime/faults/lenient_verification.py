"""A verifier that overlooks something: a request is put right where a slip forgives what is wrong with it.

What the honest verifier passes is never touched, so that every slip is the only thing that it is about.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from procwise.signing import Scheme

from ..errors import Refusal
from ..http.accounts import User
from ..http.request_parsing import Reading
from ..http.verification import Verifier, terse
from ..model import Signing

_INT63 = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One signed request, as the verifier gets it."""

    connection: Connection
    signing: Signing
    user: User
    reading: Reading
    method: str
    now_ms: int
    masked: frozenset[str]

    @property
    def scheme(self) -> Scheme:
        return self.signing.scheme

    @property
    def params(self) -> dict[str, object]:
        return self.merged()

    def merged(self, **parts: Mapping[str, object]) -> dict[str, object]:
        """The parameters as one set, with other ones for the named parts of the request."""
        reading = self.reading
        whole = {"path": reading.path, "query": reading.query, "body": reading.body, **parts}
        return self.scheme.merge(path=whole["path"], query=whole["query"], body=whole["body"])

    def sent(self, name: str) -> object:
        """A signing parameter, from where the scheme takes it."""
        return next((part[name] for part in self._places().values() if name in part), None)

    def signs(
        self, params: Mapping[str, object], *, scheme: Scheme | None = None, secret_key: str | None = None
    ) -> bool:
        """Whether the signature that was sent is right for these parameters, by this scheme and key."""
        signature = self.sent(self.scheme.signature_parameter)
        key = self.user.secret_key if secret_key is None else secret_key
        return isinstance(signature, str) and (scheme or self.scheme).verify(params, key, signature)

    def right_signature(self) -> str:
        return self.scheme.sign(self.params, self.user.secret_key)

    def mended(self, word: str) -> Attempt:
        """The request with a right `signature`, a `timestamp` of now or a fresh `nonce`."""
        scheme = self.scheme
        if word == "signature":
            return self.having(scheme.signature_parameter, self.right_signature())
        fresh = scheme.stamp({}, now_ms=self.now_ms, nonce=secrets.randbelow(_INT63))
        name = scheme.timestamp_parameter if word == "timestamp" else scheme.nonce_parameter
        other = self.having(name, fresh[name])
        return other.mended("signature") if self.signs(self.params) else other

    def having(self, name: str, value: object) -> Attempt:
        """The request with another value of a signing parameter."""
        places = self._places()
        held = [place for place, part in places.items() if name in part] or [*places][:1]
        parts: dict[str, Any] = {place: {**places[place], name: value} for place in held}
        return replace(self, reading=replace(self.reading, **parts))

    def _places(self) -> dict[str, Mapping[str, object]]:
        both = {"query": self.reading.query, "body": self.reading.body}
        return {place: part for place, part in both.items() if place in self.scheme.accept}


def _always(_attempt: Attempt) -> bool:
    return True


def _as_it_is(attempt: Attempt) -> Attempt:
    return attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What is overlooked: refusals with one of these `codes`, `when` it holds of the request.

    `before` sees the request first: what it answers is verified, and it may refuse by itself.
    """

    codes: tuple[str, ...] = ()
    when: Callable[[Attempt], bool] = _always
    before: Callable[[Attempt], Attempt] = _as_it_is


class Careless(Verifier):
    """The honest verifier, with slips."""

    def __init__(self, slips: tuple[Slip, ...], *, explained: bool) -> None:
        super().__init__(explained=True)  # the slips need to know why
        self._slips = slips
        self._tells_why = explained

    def verify(
        self,
        connection: Connection,
        signing: Signing,
        user: User,
        reading: Reading,
        *,
        method: str,
        now_ms: int,
        masked: frozenset[str] = frozenset(),
    ) -> dict[str, object]:
        attempt = Attempt(
            connection=connection,
            signing=signing,
            user=user,
            reading=reading,
            method=method,
            now_ms=now_ms,
            masked=masked,
        )
        try:
            for slip in self._slips:
                attempt = slip.before(attempt)
            return self._forgiven(attempt, self._slips)
        except Refusal as refusal:
            raise (refusal if self._tells_why else terse()) from None

    def _forgiven(self, attempt: Attempt, slips: tuple[Slip, ...]) -> dict[str, object]:
        """Each slip forgives once, or a request that cannot be mended would be tried for ever."""
        try:
            return self._honestly(attempt)
        except Refusal as refusal:
            slip = next((slip for slip in slips if refusal.code in slip.codes and slip.when(attempt)), None)
            if slip is None:
                raise
            rest = tuple(other for other in slips if other is not slip)
            return self._forgiven(attempt.mended(refusal.code.partition("_")[0]), rest)

    def _honestly(self, attempt: Attempt) -> dict[str, object]:
        return super().verify(
            attempt.connection,
            attempt.signing,
            attempt.user,
            attempt.reading,
            method=attempt.method,
            now_ms=attempt.now_ms,
            masked=attempt.masked,
        )

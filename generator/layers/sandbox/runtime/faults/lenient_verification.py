"""A verifier that forgives some errors: it corrects such a request and verifies it once more.

A request that passes unchanged is left alone, so that each leniency forgives one error and nothing else.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from procwise.signing import Scheme
from procwise.signing.language import SigningScheme
from procwise.signing.messages import Request, read_claims

from ..api import Api
from ..errors import ApiError, SignatureInvalid
from ..http.accounts import User, credentials, identify_by_key
from ..http.request_parsing import RequestParameters
from ..http.verification import Verifier, plain_forbidden
from .lenient_requests import WholeAttempt

_INT63 = 2**63


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One signed request, as the verifier receives it."""

    connection: Connection
    api: Api
    scheme: Scheme
    user: User
    parameters: RequestParameters
    method: str
    now_ms: int
    masked: frozenset[str]

    @property
    def params(self) -> dict[str, object]:
        return self.merge()

    def merge(self, **parts: Mapping[str, object]) -> dict[str, object]:
        """The parameters as one set, with other ones for the named parts of the request."""
        parameters = self.parameters
        whole = {"path": parameters.path, "query": parameters.query, "body": parameters.body, **parts}
        return self.scheme.merge(path=whole["path"], query=whole["query"], body=whole["body"])

    def sent_parameter(self, name: str) -> object:
        """A signing parameter, from the places that the scheme accepts."""
        return next((part[name] for part in self._places().values() if name in part), None)

    def signs(
        self, params: Mapping[str, object], *, scheme: Scheme | None = None, secret_key: str | None = None
    ) -> bool:
        """Whether the signature of the request is valid for these parameters, by this scheme and key."""
        signature = self.sent_parameter(self.scheme.signature_parameter)
        key = self.user.secret_key if secret_key is None else secret_key
        return isinstance(signature, str) and (scheme or self.scheme).verify(params, key, signature)

    def correct_signature(self) -> str:
        return self.scheme.sign(self.params, self.user.secret_key)

    def with_correct(self, word: str) -> Attempt:
        """The request with a right `signature`, a `timestamp` of now or a fresh `nonce`."""
        scheme = self.scheme
        if word == "signature":
            return self.with_values(scheme.signature_parameter, self.correct_signature())
        fresh = scheme.stamp({}, now_ms=self.now_ms, nonce=secrets.randbelow(_INT63))
        name = scheme.timestamp_parameter if word == "timestamp" else scheme.nonce_parameter
        other = self.with_values(name, fresh[name])
        return other.with_correct("signature") if self.signs(self.params) else other

    def with_values(self, name: str, value: object) -> Attempt:
        """The request with another value of a signing parameter."""
        places = self._places()
        held = [place for place, part in places.items() if name in part] or [*places][:1]
        parts: dict[str, Any] = {place: {**places[place], name: value} for place in held}
        return replace(self, parameters=replace(self.parameters, **parts))

    def _places(self) -> dict[str, Mapping[str, object]]:
        both = {"query": self.parameters.query, "body": self.parameters.body}
        return {place: part for place, part in both.items() if place in self.scheme.accept}


def _always(_attempt: Attempt) -> bool:
    return True


def breaks_any(_scheme: SigningScheme) -> bool:
    """Every scheme has what the leniency is about."""
    return True


def _as_it_is(attempt: Attempt) -> Attempt:
    return attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """What is forgiven: errors with one of these `codes`, if `when` is true of the request.

    `whole` is asked instead of `when` about requests that are signed as a whole; None if the leniency is about sets
    of parameters alone. `breaks` says of a scheme that signs so whether it has what the leniency is about. `before`
    may change the request before it is verified, or raise an error itself.
    """

    codes: tuple[str, ...] = ()
    when: Callable[[Attempt], bool] = _always
    whole: Callable[[WholeAttempt], bool] | None = None
    breaks: Callable[[SigningScheme], bool] = breaks_any
    before: Callable[[Attempt], Attempt] = _as_it_is


class LenientVerifier(Verifier):
    """The honest verifier, with slips."""

    def __init__(self, leniencies: tuple[Leniency, ...], *, explained: bool) -> None:
        super().__init__(explained=True)  # the slips need to know why
        self._slips = leniencies
        self._tells_why = explained

    def verify(
        self,
        connection: Connection,
        api: Api,
        scheme: Scheme,
        user: User,
        parameters: RequestParameters,
        *,
        method: str,
        now_ms: int,
        masked: frozenset[str] = frozenset(),
    ) -> dict[str, object]:
        attempt = Attempt(
            connection=connection,
            api=api,
            scheme=scheme,
            user=user,
            parameters=parameters,
            method=method,
            now_ms=now_ms,
            masked=masked,
        )
        try:
            for leniency in self._slips:
                attempt = leniency.before(attempt)
            return self._verify_leniently(attempt, self._slips)
        except ApiError as error:
            raise self._hide_cause(error) from None

    def identify_signer(self, connection: Connection, scheme: SigningScheme, request: Request) -> User | None:
        """Who signs; the demo user if the key id is missing together with the signature, and that is forgiven."""
        try:
            return super().identify_signer(connection, scheme, request)
        except ApiError as error:
            if not any(error.code in slip.codes for slip in self._slips):
                raise
            key = read_claims(scheme, request, lenient=True).credentials.get("access_key")
            return identify_by_key(connection, key or credentials(connection)["demo"].token)

    def verify_request(
        self, connection: Connection, scheme: SigningScheme, user: User, request: Request, *, now_ms: int
    ) -> None:
        attempt = WholeAttempt(connection=connection, scheme=scheme, user=user, request=request, now_ms=now_ms)
        try:
            self._verify_whole(attempt, self._slips)
        except ApiError as error:
            raise self._hide_cause(error) from None

    def refuse_early(
        self, api: Api, scheme: Scheme, user: User, parameters: RequestParameters, masked: frozenset[str]
    ) -> None:
        """Nothing is refused before it is corrected."""

    def explain_refusal(self, error: SignatureInvalid) -> ApiError:
        explained = super().explain_refusal(error)
        return explained if self._tells_why else plain_forbidden()

    def _hide_cause(self, error: ApiError) -> ApiError:
        """The error as it is shown; a wrong signature is explained first."""
        return error if self._tells_why or isinstance(error, SignatureInvalid) else plain_forbidden()

    def _verify_whole(self, attempt: WholeAttempt, leniencies: tuple[Leniency, ...]) -> None:
        try:
            super().verify_request(
                attempt.connection, attempt.scheme, attempt.user, attempt.request, now_ms=attempt.now_ms
            )
        except ApiError as error:
            fitting = (one for one in leniencies if error.code in one.codes and one.whole and one.whole(attempt))
            leniency = next(fitting, None)
            if leniency is None:
                raise
            others = tuple(other for other in leniencies if other is not leniency)
            self._verify_whole(attempt.with_correct(error.code.partition("_")[0]), others)

    def _verify_leniently(self, attempt: Attempt, leniencies: tuple[Leniency, ...]) -> dict[str, object]:
        """Each leniency applies once, or an uncorrectable request would be retried for ever."""
        try:
            return self._verify_strictly(attempt)
        except ApiError as error:
            leniency = next(
                (leniency for leniency in leniencies if error.code in leniency.codes and leniency.when(attempt)), None
            )
            if leniency is None:
                raise
            others = tuple(other for other in leniencies if other is not leniency)
            return self._verify_leniently(attempt.with_correct(error.code.partition("_")[0]), others)

    def _verify_strictly(self, attempt: Attempt) -> dict[str, object]:
        return super().verify(
            attempt.connection,
            attempt.api,
            attempt.scheme,
            attempt.user,
            attempt.parameters,
            method=attempt.method,
            now_ms=attempt.now_ms,
            masked=attempt.masked,
        )

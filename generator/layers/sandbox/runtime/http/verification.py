"""Verifies signed requests: signature, timestamp, nonce."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from sqlalchemy import Connection

from procwise.signing.explanation import Explanation, explain
from procwise.signing.language import SigningScheme
from procwise.signing.messages import LONGEST_NONCE, Request
from procwise.signing.scheme import Scheme

from ..api import Api
from ..errors import ApiError, SignatureInvalid, forbidden
from ..storage.nonces import Nonces
from .accounts import User
from .request_log import note_verdict
from .request_parsing import RequestParameters
from .request_verification import LONGEST_EXPLAINED, TOO_LARGE, check_request, identify_signer

_WORD = re.compile(r'[^\s"=]+')
_HEX = re.compile("[0-9A-Fa-f]*")
_WHOLE = re.compile(r"-?[0-9]{1,40}")
_UNITS = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}
_NONCES_ASKED = {
    "integer": "a whole number",
    "string": f"a whole number, or a text of 1 to {LONGEST_NONCE} characters without NUL",
}
_MOST_EXPLAINED = 100  # the search signs the request once per parameter
_MOST_WORK = 260_000  # of a search: less than ten times a signed read, while `explain` of the client looks further
_MANY, _MOST_WORK_OF_MANY = 20, 180_000  # parameters: an attempt at so many takes longer than its bytes


class Verifier:
    """Verifies signed requests. An invalid one does not claim its nonce.

    A SignatureInvalid is raised as it is, for `explain_refusal`.
    """

    def __init__(self, *, explained: bool) -> None:
        self._explained = explained
        self._nonces = Nonces()

    def verify(
        self,
        connection: Connection,
        api: Api,
        scheme: Scheme,
        user: User,
        parameters: RequestParameters,
        *,
        method: str,  # noqa: ARG002  # faulty verifiers read it
        now_ms: int,
        masked: frozenset[str] = frozenset(),
    ) -> dict[str, object]:
        """The signed parameters; raises 403."""
        params = scheme.merge(path=parameters.path, query=parameters.query, body=parameters.body)
        try:
            sent = _read_signing_parameters(scheme, parameters)
            _check_signature(api, scheme, params, user, sent, parameters, masked)
            _check_timestamp(scheme, sent[scheme.timestamp_parameter], now_ms)
            self._claim_nonce(connection, scheme, user, sent[scheme.nonce_parameter], now_ms)
        except SignatureInvalid:
            raise
        except ApiError as error:
            note_verdict(error)
            raise (error if self._explained else plain_forbidden()) from None
        note_verdict(None)
        return params

    def identify_signer(self, connection: Connection, scheme: SigningScheme, request: Request) -> User | None:
        """The user whose key id the request carries; None if the scheme sends none."""
        return identify_signer(connection, scheme, request)

    def verify_request(
        self, connection: Connection, scheme: SigningScheme, user: User, request: Request, *, now_ms: int
    ) -> None:
        """Raises 403 unless the user signed this whole request, by a scheme of any kind."""
        try:
            check_request(connection, self._nonces, scheme, user, request, now_ms)
        except SignatureInvalid:
            raise
        except ApiError as error:
            note_verdict(error)
            raise (error if self._explained else plain_forbidden()) from None
        note_verdict(None)

    def refuse_early(
        self, api: Api, scheme: Scheme, user: User, parameters: RequestParameters, masked: frozenset[str]
    ) -> None:
        """Raises SignatureInvalid for a wrong signature. Only `verify` says that a request is verified."""
        params = scheme.merge(path=parameters.path, query=parameters.query, body=parameters.body)
        try:
            sent = _read_signing_parameters(scheme, parameters)
        except ApiError:
            return
        _check_signature(api, scheme, params, user, sent, parameters, masked)

    def explain_refusal(self, error: SignatureInvalid) -> ApiError:
        """The error with what was done wrong, for a thread of its own and outside of transactions."""
        error.explain()
        note_verdict(error)
        return error if self._explained else plain_forbidden()

    def _claim_nonce(self, connection: Connection, scheme: Scheme, user: User, nonce: object, now_ms: int) -> None:
        text = _nonce_text(scheme, nonce)
        if text is None:
            asked = _NONCES_ASKED[scheme.nonce_type]
            raise forbidden("nonce_invalid", f"The {scheme.nonce_parameter} must be {asked}.")
        unique_for = scheme.unique_for_seconds
        if not self._nonces.claim(connection, user.id, text, now_ms=now_ms, unique_for_seconds=unique_for):
            sentence = f"The {scheme.nonce_parameter} was used before; every request needs a new one."
            raise forbidden("nonce_used", sentence)


def plain_forbidden() -> ApiError:
    """The error of a real server, whatever the cause."""
    return forbidden("forbidden", "You are not authorized to access this page.")


def _read_signing_parameters(scheme: Scheme, parameters: RequestParameters) -> Mapping[str, object]:
    """The signing parameters, from the places that the scheme accepts."""
    places = {"query": parameters.query, "body": parameters.body}
    sent: dict[str, object] = {}
    for place in ("body", "query"):
        sent |= places[place] if place in scheme.accept else {}
    for name in scheme.parameters:
        if sent.get(name) in (None, ""):
            word = next(word for word, own in _names_by_role(scheme).items() if own == name)
            raise forbidden(f"{word}_missing", f"The parameter {name} is missing.")
    return sent


def _names_by_role(scheme: Scheme) -> dict[str, str]:
    return {
        "signature": scheme.signature_parameter,
        "timestamp": scheme.timestamp_parameter,
        "nonce": scheme.nonce_parameter,
    }


def _check_signature(
    api: Api,
    scheme: Scheme,
    params: Mapping[str, object],
    user: User,
    sent: Mapping[str, object],
    parameters: RequestParameters,
    masked: frozenset[str],
) -> None:
    signature = sent[scheme.signature_parameter]
    if not isinstance(signature, str) or not scheme.verify(params, user.secret_key, signature):
        find = partial(_find_explanation, api, scheme, params, user.secret_key, signature, parameters, masked)
        raise SignatureInvalid("The signature is wrong.", find)


def _find_explanation(
    api: Api,
    scheme: Scheme,
    params: Mapping[str, object],
    secret_key: str,
    signature: object,
    parameters: RequestParameters,
    masked: frozenset[str],
) -> dict[str, object]:
    if parameters.size > LONGEST_EXPLAINED:
        return {"cause": TOO_LARGE}
    few = isinstance(signature, str) and len(params) <= _MOST_EXPLAINED
    explanation = explain(
        scheme,
        params,
        secret_key,
        signature=str(signature) if few else "",
        path=tuple(parameters.path),
        query=tuple(parameters.query),
        body=tuple(parameters.body),
        overridden=_overridden(params, parameters),
        masked=masked,
        token=_token(parameters.headers.get(api.token.header.lower(), "") if api.token else ""),
        names=api.placeholders,
        most_work=_MOST_WORK_OF_MANY if len(params) > _MANY else _MOST_WORK,
    )
    cause = _guess_cause(scheme, signature, explanation.signature, tried=few)
    return _explanation_content(explanation, cause)


def _overridden(params: Mapping[str, object], parameters: RequestParameters) -> dict[str, object]:
    """The values that another place had for a name, which did not count."""
    places = (parameters.body, parameters.query)
    return {name: place[name] for place in places for name in place if place[name] != params[name]}


def _token(header: str) -> str:
    """The token in its header: the longest word."""
    return max(_WORD.findall(header), key=len, default="")


def _explanation_content(explanation: Explanation, cause: str) -> dict[str, object]:
    content: dict[str, object] = {"base_string": explanation.base_string, "cause": explanation.cause or cause}
    return content if explanation.cause else content | {"usual_causes": list(explanation.causes)}


def _guess_cause(scheme: Scheme, signature: object, expected: str, *, tried: bool) -> str:
    """What can be said if no mistake in the base string explains the signature."""
    if not isinstance(signature, str):
        return f"the {scheme.signature_parameter} is no text"
    if scheme.digest.startswith("hex") and not _HEX.fullmatch(signature):
        return f"the {scheme.signature_parameter} holds other characters than hexadecimal digits"
    if len(signature) != len(expected):
        return f"the {scheme.signature_parameter} has {len(signature)} characters instead of {len(expected)}"
    if not tried:
        return f"unknown: the usual mistakes are tried with up to {_MOST_EXPLAINED} parameters"
    return "no mistake was recognised in the base string; the usual causes are listed"


def _check_timestamp(scheme: Scheme, timestamp: object, now_ms: int) -> None:
    text = _digits(timestamp)
    if text is None:
        raise forbidden("timestamp_invalid", f"The {scheme.timestamp_parameter} must be a whole number.")
    off = scheme.milliseconds(int(text)) - now_ms
    window = scheme.window_seconds * 1000
    if abs(off) <= window:
        return
    explanation = {"server_time_ms": now_ms, "off_by_ms": off, "window_ms": window}
    cause = _unit_cause(scheme, int(text), now_ms)
    sentence = f"The {scheme.timestamp_parameter} is more than {scheme.window_seconds} seconds off."
    raise forbidden("timestamp_outside_window", sentence, explanation=explanation | cause)


def _unit_cause(scheme: Scheme, timestamp: int, now_ms: int) -> dict[str, object]:
    for unit, per_second in _UNITS.items():
        if abs(timestamp * 1000 // per_second - now_ms) <= scheme.window_seconds * 1000:
            return {"cause": f"the timestamp was sent in {unit}"}
    return {"cause": "the clock of the client is wrong, or the request was held back"}


def _nonce_text(scheme: Scheme, nonce: object) -> str | None:
    """The text by which nonces are compared, which is the one that was signed; None if it is no nonce."""
    if scheme.nonce_type == "integer":
        return _digits(nonce)
    text = str(nonce) if type(nonce) is int else nonce
    return text if isinstance(text, str) and 0 < len(text) <= LONGEST_NONCE and "\0" not in text else None


def _digits(value: object) -> str | None:
    """The digits of an integer without leading zeros; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str) or not _WHOLE.fullmatch(str(value)):
        return None
    return str(int(value))

"""Attacks on a scheme that signs whole requests: derived from what the scheme covers, none written for one scheme."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace

from procwise.signing.language import SigningScheme
from procwise.signing.messages import Request
from procwise.signing.messages.mutations import covered_by, mutations_of
from procwise.signing.messages.placement import remove_signature
from procwise.signing.messages.request import request_of

from ..http.signer import SigningSteps
from ..http.whole_signer import WholeSteps
from ..model import Credentials
from ..results import ADVISORY
from .attack import REFUSED, Attack
from .length_extension import find_forgery
from .scenarios import replay_request, send_once

_ANYWHERE = (*REFUSED, 404, 405)  # another path or method may lead nowhere before it is refused
_SAMPLE = {
    "application/x-www-form-urlencoded": "title=Kidnapped",
    "application/json": '{"title":"Kidnapped"}',
}
_BEYOND_SECONDS = 86_400
_FIRST = {"mutation": 10, "time": 30, "nonce": 40, "extension": 50}
_BOUNDARIES = ("joined parameters", "shifted parts")


def attacks(scheme: SigningScheme) -> Iterator[Attack]:
    """All attacks on the scheme."""
    covered = _coverage(scheme)
    yield from _mutations(scheme, covered)
    yield _attack(20, "another secret key", "key", "the signature is not compared", key=_other_key)
    yield _attack(21, "no signature", "placement", "a request without a signature passes", after=_without(scheme))
    yield from _moments(scheme)
    yield from _copies(scheme, covered)
    forge = find_forgery(scheme)
    if forge is not None:
        cause = "the secret stands before the rest of a plain hash: who sees a signature can sign a longer message"
        attack = _attack(_FIRST["extension"], "message extended behind its padding", "algorithm", cause)
        yield replace(attack, level=ADVISORY, steps=SigningSteps(whole=WholeSteps(forge=forge)))


def _coverage(scheme: SigningScheme) -> dict[str, bool]:
    """What the scheme covers in one of two made-up requests."""
    found: dict[str, bool] = {}
    named = dict.fromkeys(scheme.credentials, "x") | {"secret_key": base64.b64encode(b"made-up-secret!").decode()}
    for kind, body in _SAMPLE.items():
        request = request_of(
            "POST", "https://api.example/books?b=2&a=1&c=3", {"Content-Type": kind, "X-Note": "n"}, body
        )
        settings = {name: one.default or "1" for name, one in scheme.settings.items() if not one.optional}
        for name, is_covered in covered_by(scheme, request, named, settings=settings, now_ms=10**12).items():
            found[name] = found.get(name, False) or is_covered
    return found


def _mutations(scheme: SigningScheme, covered: dict[str, bool]) -> Iterator[Attack]:
    for number, (name, change) in enumerate(mutations_of(scheme).items()):
        is_boundary = name in _BOUNDARIES
        attack = _attack(
            _FIRST["mutation"] + number,
            f"{name}, the message the same" if is_boundary else f"{name} changed after signing",
            "message",
            "two requests have one message" if is_boundary else f"the signature does not cover the {name}",
            after=change,
        )
        if covered.get(name, False):
            yield replace(attack, error_statuses=_ANYWHERE)
        elif name in covered:
            hole = "no joiner is escaped: two requests have one message" if is_boundary else ""
            yield replace(attack, level=ADVISORY, cause=hole or f"the scheme does not cover the {name}")


def _moments(scheme: SigningScheme) -> Iterator[Attack]:
    timestamp = scheme.timestamp
    if timestamp is None:
        return
    limits = (("too old", timestamp.past, -1), ("of the future", timestamp.future, 1))
    for number, (word, limit, sign) in enumerate(limits):
        if isinstance(limit, int):
            shift = sign * (limit + _BEYOND_SECONDS) * 1000
            cause = f"a timestamp {word} passes"
            clause = "timestamp.window_seconds"
            yield _attack(_FIRST["time"] + number, f"timestamp {word}", clause, cause, shift_ms=shift)


def _copies(scheme: SigningScheme, covered: dict[str, bool]) -> Iterator[Attack]:
    attack = _attack(_FIRST["nonce"], "the same request again", "nonce", "a request can be sent twice")
    if covered["replay"]:
        yield replace(attack, scenario=replay_request)
    else:
        cause = (
            "the scheme has a time and no nonce: within its window, a request can be sent twice"
            if scheme.timestamp is not None
            else "the scheme has neither time nor nonce: a request can be sent again for ever"
        )
        yield replace(attack, scenario=replay_request, level=ADVISORY, cause=cause)


def _attack(
    number: int,
    name: str,
    clause: str,
    cause: str,
    *,
    after: Callable[[Request], Request | None] | None = None,
    shift_ms: int = 0,
    key: Callable[[Credentials], str] | None = None,
) -> Attack:
    whole = WholeSteps(after=after, shift_ms=shift_ms) if after else WholeSteps(shift_ms=shift_ms)
    steps = SigningSteps(whole=whole, key=key) if key else SigningSteps(whole=whole)
    return Attack(
        id=f"REQ-{number:03d}", name=name, clause=f"x-signing.{clause}", cause=cause, steps=steps, scenario=send_once
    )


def _other_key(user: Credentials) -> str:
    return user.secret_key[::-1] or "other"


def _without(scheme: SigningScheme) -> Callable[[Request], Request]:
    return lambda request: remove_signature(scheme, request)

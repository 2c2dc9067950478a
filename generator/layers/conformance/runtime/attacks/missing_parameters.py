"""Attacks on the signing parameters: missing, empty, of a wrong type, in a wrong place, or in two places."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from requests import PreparedRequest

from procwise.signing import Scheme
from procwise.signing.scheme import ParameterPlace

from ..api import Operation
from ..http.signer import SigningSteps
from ..http.wire import SentPlace, place_parameters
from ..results import SHOULD
from .additions import add_parameters, takes_json
from .attack import AMBIGUOUS, EVERYWHERE, INVALID, PASSES, Attack, any_operation
from .clock import set_timestamp, shift_clock

_NONCE_TYPE = "x-signing.nonce.type"
_PLACEMENT = "x-signing.placement.accept"
_PRECEDENCE = "x-signing.message.parameters"
_TEN_YEARS = 3652 * 86_400
_PLACES: Mapping[ParameterPlace, SentPlace] = {"query": "query", "body": "json"}
_WRONG = "0" * 8


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """Attacks on the presence of the three parameters."""
    yield from _omit_parameters(scheme)
    yield from _wrong_types(scheme)
    yield from _places(scheme)
    yield from _two_places(scheme)


def _omit_parameters(scheme: Scheme) -> Iterator[Attack]:
    rows = (
        ("timestamp", scheme.timestamp_parameter, "x-signing.timestamp.parameter", "SIG-003", "SIG-030"),
        ("nonce", scheme.nonce_parameter, "x-signing.nonce.parameter", "SIG-004", "SIG-031"),
    )
    for word, parameter, clause, missing, empty in rows:
        row = partial(Attack, clause=clause, error_statuses=INVALID)
        cause = f"what is done with the {word} is only done where there is one"
        yield row(id=missing, name=f"{word} missing", cause=cause, steps=_omit(parameter), spread=EVERYWHERE)
        yield row(
            id=empty, name=f"{word} empty", cause=f"an empty {word} counts as a valid one", steps=_replace(parameter)
        )
    row = partial(Attack, clause="x-signing", error_statuses=INVALID)
    cause = "the signature is only compared where there is one"
    unsigned = SigningSteps(encode_signature=lambda _signature: ())
    yield row(id="SIG-005", name="signature missing", cause=cause, steps=unsigned, spread=EVERYWHERE)
    yield row(
        id="SIG-032", name="signature empty", cause=cause, steps=SigningSteps(encode_signature=lambda _signature: "")
    )


def _wrong_types(scheme: Scheme) -> Iterator[Attack]:
    """A JSON body has types, so a server that reads the parameters there gets more than texts."""
    yield from _nonce_texts(scheme)
    if "body" not in scheme.accept:
        return
    cause = "the signature is compared after a loose conversion to a text"
    row = partial(Attack, clause="x-signing.digest", cause=cause, error_statuses=INVALID, fits=takes_json)
    kinds: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("SIG-034", "signature a list", lambda signature: [signature]),
        ("SIG-035", "signature an object", lambda signature: {"0": signature}),
        ("SIG-036", "signature true", lambda _signature: True),
        ("SIG-037", "signature zero", lambda _signature: 0),
        ("SIG-038", "signature null", lambda _signature: None),
    )
    for id_, name, encode_signature in kinds:
        yield row(id=id_, name=name, steps=SigningSteps(encode_signature=encode_signature, place="json"))
    yield from _wrong_stamp_types(scheme)


def _nonce_texts(scheme: Scheme) -> Iterator[Attack]:
    """Nonces that are no number: wrong by a scheme of numbers, and right by one of texts."""
    row = partial(Attack, clause=_NONCE_TYPE, level=SHOULD)
    if scheme.nonce_type == "integer":
        cause = "a nonce is not checked for being a whole number"
        word = _replace(scheme.nonce_parameter, "once")
        yield row(id="SIG-033", name="nonce a word", cause=cause, error_statuses=INVALID, steps=word)
        return
    cause = "only numbers are taken as nonces, or their column is too small for other texts"
    for id_, name, write in (
        ("SIG-058", "nonce a UUID", lambda: str(uuid.uuid4())),
        ("SIG-059", "nonce of 32 hexadecimal digits", lambda: uuid.uuid4().hex),
    ):
        text = _compute(scheme.nonce_parameter, write)
        yield row(id=id_, name=name, cause=cause, error_statuses=PASSES, steps=text)


def _wrong_stamp_types(scheme: Scheme) -> Iterator[Attack]:
    """Timestamp and nonce of a type that a body can hold, and a query cannot."""
    typed = partial(Attack, error_statuses=INVALID, fits=takes_json)
    yield typed(
        id="SIG-039",
        name="timestamp true",
        clause="x-signing.timestamp.parameter",
        cause="a timestamp that is no number is not refused",
        steps=replace(set_timestamp(lambda _now, _scheme: True), place="json"),
    )
    yield typed(
        id="SIG-040",
        name="nonce an empty list",
        clause=_NONCE_TYPE,
        cause="a nonce is not checked for being a number or a text",
        level=SHOULD,
        steps=replace(_replace(scheme.nonce_parameter, []), place="json"),
    )


def _places(scheme: Scheme) -> Iterator[Attack]:
    rows: tuple[tuple[str, str, str, SentPlace, Callable[[Operation], bool]], ...] = (
        ("SIG-041", "SIG-042", "query", "query", any_operation),
        ("SIG-043", "SIG-044", "body", "json", takes_json),
        ("SIG-045", "SIG-046", "header", "header", any_operation),
    )
    for right, wrong, word, place, fits in rows:
        row = partial(Attack, clause=_PLACEMENT, steps=SigningSteps(place=place), fits=fits)
        if word in scheme.accept:
            cause = f"the signing parameters are not looked for in the {word}"
            yield row(id=right, name=f"signing parameters in the {word}", cause=cause, error_statuses=PASSES)
        else:
            cause = f"the signing parameters are taken from the {word}, too"
            yield row(id=wrong, name=f"signing parameters in the {word}", cause=cause, error_statuses=INVALID)


def _two_places(scheme: Scheme) -> Iterator[Attack]:
    """The place that the scheme names first wins, unless the server refuses to choose."""
    if {"query", "body"} - {*scheme.accept} or {"query", "body"} - {*scheme.sources}:
        return
    places: tuple[ParameterPlace, ...] = ("query", "body")
    first, second = sorted(places, key=scheme.sources.index)
    cause = f"of a signing parameter in query and body that of the {second} is taken"
    row = partial(Attack, clause=_PRECEDENCE, cause=cause, fits=takes_json)
    word, name = scheme.signature_parameter, scheme.timestamp_parameter
    wrong_second, wrong_first = _beside(first, {word: _WRONG}), _beside(second, {word: _WRONG})
    either = partial(row, error_statuses=PASSES, open_statuses=AMBIGUOUS)
    yield either(id="SIG-049", name=f"signature right in {first}, wrong in {second}", steps=wrong_second)
    row = partial(row, error_statuses=INVALID)
    yield row(id="SIG-050", name=f"signature wrong in {first}, right in {second}", steps=wrong_first)
    stale_second = _beside(first, {name: "0"})
    yield either(id="SIG-051", name=f"timestamp fresh in {first}, stale in {second}", steps=stale_second)
    steps = replace(shift_clock(-_TEN_YEARS), place=_PLACES[first], after_signing=_fresh_in(_PLACES[second]))
    yield row(id="SIG-052", name=f"timestamp stale in {first}, fresh in {second}", steps=steps)


def _beside(place: ParameterPlace, others: Mapping[str, object]) -> SigningSteps:
    """The correct parameters in one place, and something wrong in the other."""
    if place == "query":
        return SigningSteps(mutate=add_parameters(body=others), place=_PLACES[place])
    return SigningSteps(place=_PLACES[place], mutate=add_parameters(query=others))


def _fresh_in(place: SentPlace) -> Callable[[PreparedRequest, Scheme], PreparedRequest]:
    def after_signing(request: PreparedRequest, scheme: Scheme) -> PreparedRequest:
        fresh = scheme.stamp({}, now_ms=time.time_ns() // 1_000_000, nonce=0)
        return place_parameters(request, {scheme.timestamp_parameter: fresh[scheme.timestamp_parameter]}, place)

    return after_signing


def _omit(parameter: str) -> SigningSteps:
    def timestamp_and_nonce(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
        stamp = scheme.stamp({}, now_ms=now_ms, nonce=nonce)
        return {name: value for name, value in stamp.items() if name != parameter}

    return SigningSteps(timestamp_and_nonce=timestamp_and_nonce)


def _replace(parameter: str, value: object = "") -> SigningSteps:
    return _compute(parameter, lambda: value)


def _compute(parameter: str, compute: Callable[[], object]) -> SigningSteps:
    """Another value for one of timestamp and nonce, computed for each request."""
    return SigningSteps(
        timestamp_and_nonce=lambda scheme, now_ms, nonce: {
            **scheme.stamp({}, now_ms=now_ms, nonce=nonce),
            parameter: compute(),
        }
    )

"""Attacks with requests that come again: as they were or changed, here or elsewhere, or many times at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from requests import PreparedRequest

from procwise.signing import Scheme

from ..description import Api, Operation
from ..http.signer import RIGHT, Forgery, new_nonce
from ..http.wire import placed, with_members
from ..results import ADVISORY, SHOULD
from .attack import EVERYWHERE, OFTEN, ONCE_PER_METHOD, PASSES, Attack, everything
from .digests import altered
from .mutations import adding, deletes, has_path, takes_json
from .scenarios import (
    after_another,
    again,
    again_with,
    burnt,
    moved,
    nonce_again,
    nonce_elsewhere,
    once,
    readdressed,
    together,
    untouched,
)

_UNIQUE = "x-signing.nonce.unique_for_seconds"
_ALL = "x-signing.message.parameters"
_NONCES = "the nonce of an earlier request is not remembered for this one"
_CHANGED = {"conformance": "changed"}
Change = Callable[[PreparedRequest, Scheme], PreparedRequest]


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """The rows about requests that come again."""
    row = partial(Attack, clause=_UNIQUE)
    cause = _NONCES
    yield row(id="SIG-009", name="replayed", cause=cause, course=again, spread=EVERYWHERE)
    if scheme.send in scheme.sources:
        yield from _renewed()
    yield from _nonces(scheme)
    yield from _tampered(scheme)
    yield row(
        id="SIG-149",
        name="sent many times at once",
        cause=f"{_NONCES}, or other requests pass between look-up and entry: make them one step, by a unique key",
        course=together,
        spread=ONCE_PER_METHOD,
    )
    yield Attack(
        id="SIG-150",
        name="refused without effect",
        clause="x-signing",
        cause="a request is carried out before its signature is checked",
        forgery=Forgery(spelling=altered),
        course=untouched,
        refusals=PASSES,
        spread=EVERYWHERE,
        fits=deletes,
    )
    yield from _elsewhere()
    yield from _holes(scheme)


def _renewed() -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.message.exclude")
    cause = "the {} is not covered by the signature, so an old request can be renewed"
    nonce, moment = again_with(_fresh("nonce")), again_with(_fresh("timestamp"))
    yield row(id="SIG-140", name="replayed with a new nonce", cause=cause.format("nonce"), course=nonce)
    yield row(id="SIG-141", name="replayed with a new timestamp", cause=cause.format("timestamp"), course=moment)


def _nonces(scheme: Scheme) -> Iterator[Attack]:
    row = partial(Attack, clause=_UNIQUE)
    same = nonce_again(lambda s, now_ms, nonce: s.stamp({}, now_ms=now_ms, nonce=nonce))
    whole = f"{_NONCES}, or only the whole request or its signature is"
    yield row(id="SIG-142", name="nonce used in another request", cause=whole, course=same)
    route = f"{_NONCES}, or only for each operation by itself"
    yield row(id="SIG-143", name="nonce used on another operation", cause=route, course=nonce_elsewhere)
    burning = f"{_NONCES}, or only after the request has succeeded"
    yield row(
        id="SIG-144",
        name="nonce burnt by a refused request",
        cause=burning,
        course=burnt,
        spread=OFTEN,
        fits=_refusable,
    )
    free = "a nonce is taken for everybody once one user has used it"
    yield row(id="SIG-145", name="nonce of another user", cause=free, course=after_another, refusals=PASSES)
    if scheme.nonce_type == "integer":
        text = f"{_NONCES}, or compared as texts, though they are numbers"
        course = nonce_again(_with_a_zero)
        yield row(id="SIG-146", name="used nonce with a zero before it", level=SHOULD, cause=text, course=course)


def _tampered(scheme: Scheme) -> Iterator[Attack]:
    """Right requests that are changed on their way."""
    row = partial(Attack, clause=_ALL)
    cause = "not everything that is sent is covered by the signature"
    rows = (
        ("SIG-147", "query", "query added after signing", Forgery(tampering=_more_query), once, everything),
        ("SIG-148", "body", "member added after signing", Forgery(tampering=_more_members), once, takes_json),
        ("SIG-151", "path", "path id changed after signing", RIGHT, readdressed, has_path),
    )
    for id_, source, name, forgery, course, fits in rows:
        if source in scheme.sources:
            yield row(id=id_, name=name, cause=cause, forgery=forgery, course=course, fits=fits)


def _more_query(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    return placed(request, _CHANGED, "query")


def _more_members(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    return with_members(request, _CHANGED)


def _elsewhere() -> Iterator[Attack]:
    row = partial(Attack, clause=_UNIQUE, cause=f"{_NONCES}, or only for each route or method by itself")
    path, method = moved(_neighbour, used=True), moved(_other_method, used=True)
    yield row(id="SIG-152", name="replayed on another path", course=path)
    yield row(id="SIG-153", name="replayed by another method", course=method)


def _holes(scheme: Scheme) -> Iterator[Attack]:
    """What the scheme does not cover: on a right server such requests pass."""
    hole = partial(Attack, clause="x-signing.message", level=ADVISORY, spread=ONCE_PER_METHOD)
    path, method = moved(_neighbour, used=False), moved(_other_method, used=False)
    cause = "the scheme does not sign the {}: nobody but the client may see a request before it is sent"
    yield hole(id="SIG-190", name="signed for another path", cause=cause.format("path"), course=path)
    yield hole(id="SIG-191", name="signed for another method", cause=cause.format("method"), course=method)
    yield hole(
        id="SIG-192",
        name="two requests, one base string",
        cause="the scheme does not escape the separator in values: no server can tell two such requests apart",
        forgery=_two_as_one(scheme),
    )


def _refusable(operation: Operation) -> bool:
    return has_path(operation) or takes_json(operation)


def _with_a_zero(scheme: Scheme, now_ms: int, nonce: int) -> dict[str, object]:
    stamp = scheme.stamp({}, now_ms=now_ms, nonce=nonce)
    return {**stamp, scheme.nonce_parameter: f"0{nonce}"}


def _fresh(word: str) -> Change:
    """Another nonce or timestamp than the one that was signed."""

    def changed(request: PreparedRequest, scheme: Scheme) -> PreparedRequest:
        stamp = scheme.stamp({}, now_ms=time.time_ns() // 1_000_000 + 2000, nonce=new_nonce())
        name = scheme.nonce_parameter if word == "nonce" else scheme.timestamp_parameter
        return placed(request, {name: stamp[name]}, scheme.send)

    return changed


def _neighbour(api: Api, operation: Operation) -> Operation | None:
    """An operation of the same method and parameters on another path."""
    kin = (o for o in _kin(api, operation) if o.method == operation.method and o.path != operation.path)
    return next((o for o in kin if o.media_types == operation.media_types), None)


def _other_method(api: Api, operation: Operation) -> Operation | None:
    """An operation on the same path with another method."""
    return next((o for o in _kin(api, operation) if o.path == operation.path and o.method != operation.method), None)


def _kin(api: Api, operation: Operation) -> Iterator[Operation]:
    """Operations with the same path ids that neither delete nor create."""
    restricted = api.is_superusers(operation)
    for other in api.operations:
        same = [(p.name, p.creator) for p in other.placeholders] == [
            (p.name, p.creator) for p in operation.placeholders
        ]
        harmless = other.method != "DELETE" and not other.destroyer
        if same and harmless and other.signed and api.is_superusers(other) == restricted:
            yield other


def _two_as_one(scheme: Scheme) -> Forgery:
    """One parameter is signed whose value reads like a second one, and two are sent."""
    two = {"conformance_1": "1", "conformance_2": "2"}
    first, *_ = two
    start = len(scheme.joined([(first, "")])) - len(scheme.pair.partition("{value}")[2])
    value = scheme.joined([*two.items()])[start:]
    return Forgery(
        dressing=adding(query={first: value}), tampering=lambda request, _scheme: placed(request, two, "query")
    )

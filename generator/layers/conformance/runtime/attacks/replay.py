"""Replay attacks: the same request or a changed one, on the same or another route, or many at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from requests import PreparedRequest

from procwise.signing import Scheme

from ..api import Api, Operation
from ..http.signer import CORRECT, SigningSteps, new_nonce
from ..http.wire import place_parameters, with_members
from ..results import ADVISORY, SHOULD
from .additions import add_parameters, has_path, removes, takes_json
from .attack import EVERYWHERE, OFTEN, ONCE_PER_METHOD, PASSES, Attack, any_operation
from .digests import alter
from .scenarios import (
    change_path_ids,
    replay_after_error,
    replay_changed,
    replay_request,
    reuse_nonce,
    reuse_nonce_elsewhere,
    reuse_nonce_of_second_user,
    send_concurrently,
    send_once,
    send_refused_deletion,
    send_to_another_operation,
)
from .spoiled_signatures import send_behind_spoilt

_UNIQUE = "x-signing.nonce.unique_for_seconds"
_ALL = "x-signing.message.parameters"
_NONCES = "the nonce of an earlier request is not remembered for this one"
_CHANGED = {"conformance": "changed"}
Change = Callable[[PreparedRequest, Scheme], PreparedRequest]


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """Attacks with replayed requests."""
    row = partial(Attack, clause=_UNIQUE)
    cause = _NONCES
    yield row(id="SIG-009", name="replayed", cause=cause, scenario=replay_request, spread=EVERYWHERE)
    if scheme.send in scheme.sources:
        yield from _renewals()
    yield from _nonces(scheme)
    yield from _changes_after_signing(scheme)
    yield row(
        id="SIG-149",
        name="sent many times at once",
        cause=f"{_NONCES}, or other requests pass between look-up and entry: make them one step, by a unique key",
        scenario=send_concurrently,
        spread=ONCE_PER_METHOD,
    )
    yield Attack(
        id="SIG-150",
        name="refused without effect",
        clause="x-signing",
        cause="a request is carried out before its signature is checked",
        steps=SigningSteps(encode_signature=alter),
        scenario=send_refused_deletion,
        error_statuses=PASSES,
        spread=EVERYWHERE,
        fits=removes,
    )
    yield from _other_routes()
    yield from _holes(scheme)


def _renewals() -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.message.exclude")
    cause = "the {} is not covered by the signature, so an old request can be renewed"
    nonce, moment = replay_changed(_renew("nonce")), replay_changed(_renew("timestamp"))
    yield row(id="SIG-140", name="replayed with a new nonce", cause=cause.format("nonce"), scenario=nonce)
    yield row(id="SIG-141", name="replayed with a new timestamp", cause=cause.format("timestamp"), scenario=moment)


def _nonces(scheme: Scheme) -> Iterator[Attack]:
    row = partial(Attack, clause=_UNIQUE)
    same = reuse_nonce(lambda s, now_ms, nonce: s.stamp({}, now_ms=now_ms, nonce=nonce))
    whole = f"{_NONCES}, or only the whole request or its signature is"
    yield row(id="SIG-142", name="nonce used in another request", cause=whole, scenario=same)
    route = f"{_NONCES}, or only for each operation by itself"
    yield row(id="SIG-143", name="nonce used on another operation", cause=route, scenario=reuse_nonce_elsewhere)
    burning = f"{_NONCES}, or only after the request has succeeded"
    yield row(
        id="SIG-144",
        name="nonce burnt by a refused request",
        cause=burning,
        scenario=replay_after_error,
        spread=OFTEN,
        fits=_can_be_invalid,
    )
    free = "a nonce is taken for everybody once one user has used it"
    yield row(
        id="SIG-145",
        name="nonce of another user",
        cause=free,
        scenario=reuse_nonce_of_second_user,
        error_statuses=PASSES,
    )
    blocked = "a nonce is used up before the signature is compared: anyone who sees one can block the request"
    yield row(
        id="SIG-154",
        name="nonce of a wrongly signed request",
        level=SHOULD,
        cause=blocked,
        scenario=send_behind_spoilt,
        error_statuses=PASSES,
        spread=OFTEN,
    )
    if scheme.nonce_type == "integer":
        text = f"{_NONCES}, or compared as texts, though they are numbers"
        scenario = reuse_nonce(_with_leading_zero)
        yield row(id="SIG-146", name="used nonce with a zero before it", level=SHOULD, cause=text, scenario=scenario)


def _changes_after_signing(scheme: Scheme) -> Iterator[Attack]:
    """Valid requests that are changed after signing."""
    row = partial(Attack, clause=_ALL)
    cause = "not everything that is sent is covered by the signature"
    rows = (
        (
            "SIG-147",
            "query",
            "query added after signing",
            SigningSteps(after_signing=_more_query),
            send_once,
            any_operation,
        ),
        (
            "SIG-148",
            "body",
            "member added after signing",
            SigningSteps(after_signing=_more_members),
            send_once,
            takes_json,
        ),
        ("SIG-151", "path", "path id changed after signing", CORRECT, change_path_ids, has_path),
    )
    for id_, source, name, steps, scenario, fits in rows:
        if source in scheme.sources:
            yield row(id=id_, name=name, cause=cause, steps=steps, scenario=scenario, fits=fits)


def _more_query(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    return place_parameters(request, _CHANGED, "query")


def _more_members(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    return with_members(request, _CHANGED)


def _other_routes() -> Iterator[Attack]:
    row = partial(Attack, clause=_UNIQUE, cause=f"{_NONCES}, or only for each route or method by itself")
    path, method = send_to_another_operation(_neighbour, used=True), send_to_another_operation(_other_method, used=True)
    yield row(id="SIG-152", name="replayed on another path", scenario=path)
    yield row(id="SIG-153", name="replayed by another method", scenario=method)


def _holes(scheme: Scheme) -> Iterator[Attack]:
    """What the scheme does not cover: a correct server accepts such requests."""
    hole = partial(Attack, clause="x-signing.message", level=ADVISORY, spread=ONCE_PER_METHOD)
    path, method = (
        send_to_another_operation(_neighbour, used=False),
        send_to_another_operation(_other_method, used=False),
    )
    cause = "the scheme does not sign the {}: nobody but the client may see a request before it is sent"
    yield hole(id="SIG-190", name="signed for another path", cause=cause.format("path"), scenario=path)
    yield hole(id="SIG-191", name="signed for another method", cause=cause.format("method"), scenario=method)
    yield hole(
        id="SIG-192",
        name="two requests, one base string",
        cause="the scheme does not escape the separator in values: no server can tell two such requests apart",
        steps=_two_as_one(scheme),
    )


def _can_be_invalid(operation: Operation) -> bool:
    return has_path(operation) or takes_json(operation)


def _with_leading_zero(scheme: Scheme, now_ms: int, nonce: int) -> dict[str, object]:
    stamp = scheme.stamp({}, now_ms=now_ms, nonce=nonce)
    return {**stamp, scheme.nonce_parameter: f"0{nonce}"}


def _renew(word: str) -> Change:
    """Another nonce or timestamp than the one that was signed."""

    def change(request: PreparedRequest, scheme: Scheme) -> PreparedRequest:
        stamp = scheme.stamp({}, now_ms=time.time_ns() // 1_000_000 + 2000, nonce=new_nonce())
        name = scheme.nonce_parameter if word == "nonce" else scheme.timestamp_parameter
        return place_parameters(request, {name: stamp[name]}, scheme.send)

    return change


def _neighbour(api: Api, operation: Operation) -> Operation | None:
    """An operation of the same method and parameters on another path."""
    kin = (o for o in _operations_like(api, operation) if o.method == operation.method and o.path != operation.path)
    return next((o for o in kin if o.media_types == operation.media_types), None)


def _other_method(api: Api, operation: Operation) -> Operation | None:
    """An operation on the same path with another method."""
    return next(
        (o for o in _operations_like(api, operation) if o.path == operation.path and o.method != operation.method), None
    )


def _operations_like(api: Api, operation: Operation) -> Iterator[Operation]:
    """Operations with the same path ids that neither delete nor create."""
    restricted = api.is_superusers(operation)
    for other in api.operations:
        same = [(p.name, p.creator) for p in other.placeholders] == [
            (p.name, p.creator) for p in operation.placeholders
        ]
        replace_named_ids = not other.removes and not other.destroyer
        if same and replace_named_ids and other.signed and api.is_superusers(other) == restricted:
            yield other


def _two_as_one(scheme: Scheme) -> SigningSteps:
    """One parameter is signed whose value looks like a second one, and two are sent."""
    two = {"conformance_1": "1", "conformance_2": "2"}
    first, *_ = two
    start = len(scheme.joined([(first, "")])) - len(scheme.pair.partition("{value}")[2])
    value = scheme.joined([*two.items()])[start:]
    return SigningSteps(
        mutate=add_parameters(query={first: value}),
        after_signing=lambda request, _scheme: place_parameters(request, two, "query"),
    )

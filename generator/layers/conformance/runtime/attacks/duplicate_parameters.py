"""Attacks with a parameter that is sent twice: a server may take either, but the same one for everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from requests import PreparedRequest

from procwise.signing import Scheme

from ..api import Operation, label_of
from ..http.signer import SigningSteps
from ..http.wire import NotApplicable, Parts, content
from ..objects.cleanup import parse_object
from ..target import Target
from .additions import add_parameters, takes_json
from .attack import EVERYWHERE, INVALID, PASSES, Attack
from .outcome import NotTried, Outcome
from .scenarios import reuse_nonce, try_both_orders

_PRECEDENCE = "x-signing.message.parameters"
_TEN_YEARS_MS = 3652 * 86_400_000
_WRONG = "0" * 8
_NAME = "conformance_twice"
_SIGNED, _OTHER = "signed", "other"
Pair = tuple[object, object]
AfterSigning = Callable[[PreparedRequest, Scheme], PreparedRequest]


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """Attacks with repeated parameters."""
    row = partial(Attack, clause=_PRECEDENCE, error_statuses=INVALID)
    unchecked = "a repeated signature is not compared"
    wrong = SigningSteps(encode_signature=lambda signature: (_WRONG + signature, signature + _WRONG), place="query")
    yield row(id="SIG-048", name="signature twice, wrong both times", cause=unchecked, steps=wrong)
    if "query" in scheme.sources:
        yield from _timestamps()
        yield from _nonces()
    yield from _others(scheme)


def _timestamps() -> Iterator[Attack]:
    row = partial(Attack, clause=_PRECEDENCE, error_statuses=INVALID)
    cause = "of two timestamps one is signed, and the other one compared with the clock"
    first = SigningSteps(
        timestamp_and_nonce=_stale_and_fresh(lambda stale, fresh: (stale, fresh)),
        compute_signature=_sign_stale,
        place="query",
    )
    last = SigningSteps(timestamp_and_nonce=_stale_and_fresh(lambda stale, fresh: (fresh, stale)), place="query")
    yield row(id="SIG-047", name="timestamp twice, signed over the stale one", cause=cause, steps=first)
    yield row(id="SIG-053", name="timestamp twice, signed over the stale one at the end", cause=cause, steps=last)


def _nonces() -> Iterator[Attack]:
    row = partial(Attack, clause=_PRECEDENCE, error_statuses=INVALID, steps=SigningSteps(place="query"))
    cause = "of two nonces one is signed, and the other one looked up among the used"
    first = reuse_nonce(_used_and_fresh(lambda used, fresh: (used, fresh)), compute_signature=_sign_used)
    last = reuse_nonce(_used_and_fresh(lambda used, fresh: (fresh, used)))
    yield row(id="SIG-054", name="nonce twice, signed over the used one", cause=cause, scenario=first)
    yield row(id="SIG-055", name="nonce twice, signed over the used one at the end", cause=cause, scenario=last)


def _others(scheme: Scheme) -> Iterator[Attack]:
    """Only if both orders succeed, one value is verified and another one is used."""
    row = partial(Attack, clause=_PRECEDENCE, error_statuses=PASSES)
    cause = "of a repeated {} whichever value fits is signed, and another one used"
    added = {_NAME: _SIGNED}
    if "query" in scheme.sources:
        yield row(
            id="SIG-056",
            name="parameter twice in the query, in both orders",
            cause=cause.format("parameter"),
            steps=SigningSteps(mutate=add_parameters(query=added)),
            scenario=try_both_orders(_query_before, _query_behind),
        )
    if "body" in scheme.sources:
        yield row(
            id="SIG-057",
            name="member twice in the JSON body, in both orders",
            cause=cause.format("member"),
            steps=SigningSteps(mutate=add_parameters(body=added)),
            scenario=try_both_orders(_insert_before(_NAME, _OTHER), _insert_behind(_NAME, _OTHER)),
            fits=takes_json,
        )
        yield row(
            id="SIG-126",
            name="described member twice in the JSON body",
            cause="of a repeated member one value is verified, and the other one stored",
            scenario=_store_signed_member,
            fits=_creates,
            spread=EVERYWHERE,
        )


def _creates(operation: Operation) -> bool:
    return takes_json(operation) and operation.kind == "create"


def _store_signed_member(target: Target, steps: SigningSteps) -> Outcome:
    """A creation whose described text comes twice, in both orders: what is stored must be what was signed."""
    label, body = label_of(target.operation), target.context.objects.body(target.operation)
    if label is None or not isinstance(body, dict) or not isinstance(body.get(label.name), str):
        raise NotApplicable
    wrapped = target.operation.body is not None and target.operation.body.envelope
    if wrapped or "body" not in _sources(target):
        raise NotApplicable
    outcome: Outcome | None = None
    other = f"{body[label.name]} other"
    for place in (_insert_before, _insert_behind):
        request = target.prepare(replace(steps, after_signing=place(label.name, other)), body=body)
        response = target.send(request)
        shown = parse_object(response, target.operation.wrapper).get(label.name)
        stored_other = response.succeeded and shown == other
        observed = f"{response.status}: the value that was not signed is stored"
        outcome = Outcome(request=request, response=response, holds=not stored_other, observed=observed)
        if stored_other:
            break
    assert outcome is not None  # noqa: S101  # there are two places
    if not outcome.response.succeeded and target.is_signing_error(target.valid_response):
        raise NotTried(f"{outcome.response.status} for any request")
    return outcome


def _sources(target: Target) -> tuple[str, ...]:
    scheme = target.context.plan.api.scheme
    return scheme.sources if scheme else ()


def _stale_and_fresh(order: Callable[[object, object], Pair]) -> Callable[[Scheme, int, int], Mapping[str, object]]:
    """A timestamp of ten years ago and one of now."""

    def timestamp_and_nonce(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
        fresh, name = scheme.stamp({}, now_ms=now_ms, nonce=nonce), scheme.timestamp_parameter
        return {**fresh, name: order(_long_ago(scheme, fresh[name]), fresh[name])}

    return timestamp_and_nonce


def _sign_stale(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    name = scheme.timestamp_parameter
    params = scheme.merge(path=parts.path, query=parts.query, body=parts.body)
    return scheme.sign({**params, name: _long_ago(scheme, params[name])}, secret_key)


def _long_ago(scheme: Scheme, timestamp: object) -> object:
    stale = scheme.milliseconds(int(str(timestamp))) - _TEN_YEARS_MS
    return scheme.stamp({}, now_ms=stale, nonce=0)[scheme.timestamp_parameter]


def _used_and_fresh(order: Callable[[object, object], Pair]) -> Callable[[Scheme, int, int], Mapping[str, object]]:
    """The nonce that was used before, and a new one."""

    def timestamp_and_nonce(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
        used, name = scheme.stamp({}, now_ms=now_ms, nonce=nonce), scheme.nonce_parameter
        fresh = scheme.stamp({}, now_ms=now_ms, nonce=nonce + 1)
        return {**used, name: order(used[name], fresh[name])}

    return timestamp_and_nonce


def _sign_used(scheme: Scheme, parts: Parts, secret_key: str, nonce: int) -> str:
    params = scheme.merge(path=parts.path, query=parts.query, body=parts.body)
    name = scheme.nonce_parameter
    return scheme.sign({**params, name: scheme.stamp({}, now_ms=0, nonce=nonce)[name]}, secret_key)


def _query_before(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    address, _, query = (request.url or "").partition("?")
    request.url = f"{address}?{_NAME}={_OTHER}&{query}"
    return request


def _query_behind(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
    request.url = f"{request.url}&{_NAME}={_OTHER}"
    return request


def _insert_before(name: str, value: str) -> AfterSigning:
    """The member ahead of all others of the JSON body."""
    return _change_object(lambda members: f"{_write_member(name, value)}, {members}")


def _insert_behind(name: str, value: str) -> AfterSigning:
    """The member behind all others of the JSON body."""
    return _change_object(lambda members: f"{members}, {_write_member(name, value)}")


def _write_member(name: str, value: str) -> str:
    return f"{json.dumps(name)}: {json.dumps(value)}"


def _change_object(change: Callable[[str], str]) -> AfterSigning:
    """Other text between the braces of the JSON body."""

    def after_signing(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
        text = content(request).decode()
        if not (text.startswith("{") and text.endswith("}")):
            raise NotApplicable
        request.body = f"{{{change(text[1:-1])}}}".encode()
        request.headers["Content-Length"] = str(len(request.body))
        return request

    return after_signing

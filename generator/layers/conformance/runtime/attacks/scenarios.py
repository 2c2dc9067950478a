"""Scenarios: which requests an attack sends, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier

from requests import PreparedRequest, RequestException

from procwise.signing import Scheme

from ..api import Api, Operation
from ..http.caller import Caller, Response
from ..http.rate_limit import NotSent, RateLimit
from ..http.signer import CORRECT, SigningSteps, copy_signed, new_nonce
from ..http.unknown_ids import unknown_id
from ..http.wire import NotApplicable, Parts
from ..interruption import INTERRUPTION
from ..objects.authorization import AUTHENTICATION
from ..plan import SECOND_USER
from ..target import Target
from .additions import add_parameters
from .outcome import NotTried, Outcome

Scenario = Callable[[Target, SigningSteps], Outcome]
AT_ONCE = 24
_SECOND_QUERY = {"conformance_again": "1"}


def send_once(target: Target, steps: SigningSteps) -> Outcome:
    """One request."""
    request = target.prepare(steps)
    return Outcome(request=request, response=target.send(request))


def send_valid_request(target: Target, _steps: SigningSteps) -> Outcome:
    """The valid request, whose response is remembered."""
    request = target.prepare()
    return Outcome(request=request, response=target.remember_valid(target.send(request)))


def send_after_valid_twin(target: Target, steps: SigningSteps) -> Outcome:
    """The attack counts only if the same content is accepted when it is signed correctly."""
    twin = target.send(target.prepare(replace(steps, compute_signature=CORRECT.compute_signature)))
    if not twin.succeeded:
        raise NotApplicable
    return send_once(target, steps)


def replay_request(target: Target, steps: SigningSteps) -> Outcome:
    """A request that succeeds, and the same one again."""
    request = target.prepare(steps)
    _require_success(target, target.send(request))
    return Outcome(request=request, response=target.send(request), before=(request,))


def replay_changed(change: Callable[[PreparedRequest, Scheme], PreparedRequest]) -> Scenario:
    """A request that succeeds, and the same one changed after signing."""

    def scenario(target: Target, steps: SigningSteps) -> Outcome:
        request = target.prepare(steps)
        changed = change(copy_signed(request), _require_scheme(target))
        _require_success(target, target.send(request))
        return Outcome(request=changed, response=target.send(changed), before=(request,))

    return scenario


def reuse_nonce(
    timestamp_and_nonce: Callable[[Scheme, int, int], Mapping[str, object]],
    compute_signature: Callable[[Scheme, Parts, str, int], str] | None = None,
) -> Scenario:
    """A request that succeeds, and another one whose nonce derives from the first one's."""

    def scenario(target: Target, steps: SigningSteps) -> Outcome:
        nonce = new_nonce()
        first = target.prepare(with_nonce(steps, nonce))
        _require_success(target, target.send(first))
        second = replace(
            steps, timestamp_and_nonce=lambda scheme, now_ms, _: timestamp_and_nonce(scheme, now_ms, nonce)
        )
        if compute_signature:
            second = replace(
                second, compute_signature=lambda scheme, parts, key: compute_signature(scheme, parts, key, nonce)
            )
        request = target.prepare(replace(second, mutate=add_parameters(query=_SECOND_QUERY)))
        return Outcome(request=request, response=target.send(request), before=(first,))

    return scenario


def try_both_orders(*tamperings: Callable[[PreparedRequest, Scheme], PreparedRequest]) -> Scenario:
    """A request that succeeds, and two that are changed after signing: at most one of them may succeed."""

    def scenario(target: Target, steps: SigningSteps) -> Outcome:
        _require_success(target, target.send(target.prepare(steps)), below=300)
        tried = []
        for after_signing in tamperings:
            request = target.prepare(replace(steps, after_signing=after_signing))
            tried.append((request, target.send(request)))
        passed = [response for _, response in tried if response.succeeded]
        (first, _), (last, response) = tried
        observed = f"{len(passed)} of {len(tried)} orders passed"
        return Outcome(
            request=last, response=response, holds=len(passed) < len(tried), observed=observed, before=(first,)
        )

    return scenario


def reuse_nonce_elsewhere(target: Target, steps: SigningSteps) -> Outcome:
    """A request that succeeds, and its nonce on another operation."""
    if target.context.plan.api.is_superusers(target.operation):
        raise NotApplicable  # another user may be the one who calls it
    steps = with_nonce(steps, new_nonce())
    other = _simplest_operation(target, besides=target.operation)
    first = target.prepare(steps)
    _require_success(target, target.send(first))
    request = target.prepare(steps, operation=other, ids={})
    return Outcome(request=request, response=target.send(request, operation=other), before=(first,))


def replay_after_error(target: Target, steps: SigningSteps) -> Outcome:
    """A correctly signed request that is rejected for another reason, and the same one again."""
    missing = {placeholder.name: unknown_id(placeholder) for placeholder in target.operation.placeholders}
    request = target.prepare(steps, ids=missing, body=None if missing else {})
    _require_success(target, target.send(request))
    return Outcome(request=request, response=target.send(request), before=(request,))


def reuse_nonce_of_second_user(target: Target, steps: SigningSteps) -> Outcome:
    """A nonce that another user has used already."""
    second = target.context.second
    if second is None:
        raise NotTried(f"it takes the credentials of {target.context.plan.api.stranger}", "another user", SECOND_USER)
    steps = with_nonce(steps, new_nonce())
    other = _simplest_operation(target)
    first = target.prepare(steps, operation=other, ids={}, caller=second)
    _require_success(target, second.send(first))
    request = target.prepare(steps)
    return Outcome(request=request, response=target.send(request), before=(first,))


def send_concurrently(target: Target, steps: SigningSteps) -> Outcome:
    """One request many times at the same moment: it may succeed once."""
    for _ in range(AT_ONCE):
        target.context.rate_limit.wait_turn()  # each of them counts toward --rate
    request, ids, objects = target.prepare(steps), target.ids, target.context.objects
    responses: list[Response] = []
    # A lost one may have succeeded: what it created is looked for as after any request without a response.
    with INTERRUPTION.hold_back(), suppress(RequestException), objects.record_creation(target.operation, ids, request):
        responses, errors = _send_all(target, request)
        for response in responses:
            objects.record_response(target.operation, ids, response, request)
            target.note(response)
        for error in errors:
            raise error
    passed = [
        response for response in responses if response.status not in (*AUTHENTICATION, 429) and response.status < 500
    ]
    if len(passed) > 1:
        passed = [response for response in passed if not target.is_signing_error(response)]
    if not passed:
        raise NotTried(f"none of {len(responses)} passed: {responses[0].status if responses else 'no response'}")
    observed = f"{len(passed)} of {len(responses)} at the same moment passed"
    return Outcome(request=request, response=passed[-1], holds=len(passed) == 1, observed=observed, times=AT_ONCE)


def _send_all(target: Target, request: PreparedRequest) -> tuple[list[Response], list[RequestException]]:
    """The responses, and the errors of the others: so many at once may be more than a small server takes."""
    barrier = Barrier(AT_ONCE)
    plan = target.context.plan

    def send(_number: int) -> Response | RequestException:
        rate_limit = RateLimit(0.0, plan.until)
        caller = Caller(plan.api, plan.url, plan.credentials, rate_limit=rate_limit)  # a connection of its own
        barrier.wait(timeout=30)
        try:
            return caller.send(request, retry=False)
        except RequestException as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(send, range(AT_ONCE)))
    errors = [one for one in got if isinstance(one, RequestException) and not isinstance(one, NotSent)]
    return [one for one in got if isinstance(one, Response)], errors


def send_to_another_operation(find: Callable[[Api, Operation], Operation | None], *, used: bool) -> Scenario:
    """A request that is signed for one operation and sent to another one; if `used`, to the first one before."""

    def scenario(target: Target, steps: SigningSteps) -> Outcome:
        other = find(target.context.plan.api, target.operation)
        if other is None:
            raise NotApplicable
        ids = dict(target.ids)
        if not other.safe and not _may_write(target, ids):
            raise NotApplicable
        request = target.prepare(steps, ids=ids)
        if used:
            _require_success(target, target.send(request))
        stray = _retarget(target, request, other, ids)
        before = (request,) if used else ()
        return Outcome(request=stray, response=target.send(stray, operation=other), before=before)

    return scenario


def change_path_ids(target: Target, steps: SigningSteps) -> Outcome:
    """A request whose path ids are changed after signing, to ids of no object."""
    request = target.prepare(steps)
    missing = {placeholder.name: unknown_id(placeholder) for placeholder in target.operation.placeholders}
    stray = _retarget(target, request, target.operation, missing)
    if stray.url == request.url:
        raise NotApplicable  # there is no object to begin with
    return Outcome(request=stray, response=target.send(stray))


def _may_write(target: Target, ids: Mapping[str, object]) -> bool:
    owns = target.context.objects.owns
    return target.context.plan.writes and all(owns(p, ids[p.name]) for p in target.operation.placeholders)


def _retarget(
    target: Target, request: PreparedRequest, operation: Operation, ids: Mapping[str, object]
) -> PreparedRequest:
    """The request as it is, for another operation or object."""
    stray = copy_signed(request)
    stray.method = operation.method
    stray.url = f"{target.context.caller.address(operation, ids)}?{(request.url or '').partition('?')[2]}"
    return stray


def send_refused_deletion(target: Target, steps: SigningSteps) -> Outcome:
    """A deletion that is rejected, and a request for the object that it was to delete."""
    shower = target.context.plan.api.by_label(f"GET {target.operation.path}")
    if shower is None:
        raise NotApplicable
    ids = dict(target.ids)
    _require_success(target, target.send(target.prepare(operation=shower, ids=ids), operation=shower), below=300)
    deletion = target.prepare(steps, ids=ids)
    refused = target.send(deletion)
    if not target.is_signing_error(refused):
        raise NotTried(f"{refused.status} for a request that is wrongly signed")
    look = target.prepare(operation=shower, ids=ids)
    response = target.context.caller.send(look)
    observed = f"{response.status} for the object whose deletion was refused"
    return Outcome(request=deletion, response=response, holds=response.succeeded, observed=observed, after=(look,))


def with_nonce(steps: SigningSteps, nonce: int) -> SigningSteps:
    """The same steps with this nonce."""
    return replace(steps, timestamp_and_nonce=lambda scheme, now_ms, _: scheme.stamp({}, now_ms=now_ms, nonce=nonce))


def _require_success(target: Target, response: Response, *, below: int = 500) -> None:
    if response.status >= below or target.is_signing_error(response):
        raise NotTried(f"{response.status} for the first, valid request")


def _simplest_operation(target: Target, *, besides: Operation | None = None) -> Operation:
    """A read that anybody may send and that needs no object."""
    plain = (o for o in target.context.plan.api.operations if o.safe and o.signed and not o.restricted)
    operation = next((o for o in plain if not o.placeholders and o is not besides), None)
    if operation is None:
        raise NotApplicable
    return operation


def _require_scheme(target: Target) -> Scheme:
    scheme = target.context.plan.api.scheme
    if scheme is None:
        raise NotApplicable
    return scheme

"""How the requests of an attack follow one another: alone, twice, on another operation, many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier

from requests import PreparedRequest, RequestException

from procwise.signing import Scheme

from ..description import Api, Operation
from ..http.caller import Response, Caller
from ..http.rate_limit import NotSent, RateLimit
from ..http.signer import CORRECT, SigningSteps, copy_signed, new_nonce
from ..http.wire import NotApplicable, Parts
from ..interruption import INTERRUPTION
from ..objects.authorization import AUTHENTICATION
from ..objects.pool import absent
from ..target import Target
from .mutations import adding
from .outcome import Outcome, Untried

Course = Callable[[Target, SigningSteps], Outcome]
AT_ONCE = 24
_SECOND_QUERY = {"conformance_again": "1"}


def once(target: Target, steps: SigningSteps) -> Outcome:
    """One request."""
    request = target.prepare(steps)
    return Outcome(request=request, response=target.send(request))


def rightly(target: Target, _steps: SigningSteps) -> Outcome:
    """The right request, remembered."""
    request = target.prepare()
    return Outcome(request=request, response=target.remember(target.send(request)))


def beside_twin(target: Target, steps: SigningSteps) -> Outcome:
    """A request whose content a server may refuse, too: it tells something where that of a right one is taken."""
    twin = target.send(target.prepare(replace(steps, compute_signature=CORRECT.compute_signature)))
    if not twin.succeeded:
        raise NotApplicable
    return once(target, steps)


def again(target: Target, steps: SigningSteps) -> Outcome:
    """A request that passes, and the same once more."""
    request = target.prepare(steps)
    _passed(target, target.send(request))
    return Outcome(request=request, response=target.send(request), before=(request,))


def again_with(change: Callable[[PreparedRequest, Scheme], PreparedRequest]) -> Course:
    """A request that passes, and the same changed after it was signed."""

    def course(target: Target, steps: SigningSteps) -> Outcome:
        request = target.prepare(steps)
        changed = change(copy_signed(request), _scheme(target))
        _passed(target, target.send(request))
        return Outcome(request=changed, response=target.send(changed), before=(request,))

    return course


def nonce_again(
    timestamp_and_nonce: Callable[[Scheme, int, int], Mapping[str, object]],
    compute_signature: Callable[[Scheme, Parts, str, int], str] | None = None,
) -> Course:
    """A request that passes, and another one with a nonce made of the first one's: signed for itself, or over that."""

    def course(target: Target, steps: SigningSteps) -> Outcome:
        nonce = new_nonce()
        first = target.prepare(with_nonce(steps, nonce))
        _passed(target, target.send(first))
        second = replace(
            steps, timestamp_and_nonce=lambda scheme, now_ms, _: timestamp_and_nonce(scheme, now_ms, nonce)
        )
        if compute_signature:
            second = replace(
                second, compute_signature=lambda scheme, parts, key: compute_signature(scheme, parts, key, nonce)
            )
        request = target.prepare(replace(second, mutate=adding(query=_SECOND_QUERY)))
        return Outcome(request=request, response=target.send(request), before=(first,))

    return course


def in_both_orders(*tamperings: Callable[[PreparedRequest, Scheme], PreparedRequest]) -> Course:
    """A request that passes, and what it is changed to after signing, each way by itself: one of them may pass."""

    def course(target: Target, steps: SigningSteps) -> Outcome:
        _passed(target, target.send(target.prepare(steps)), below=300)
        tried = []
        for after_signing in tamperings:
            request = target.prepare(replace(steps, after_signing=after_signing))
            tried.append((request, target.send(request)))
        passed = [response for _, response in tried if response.succeeded]
        (first, _), (last, response) = tried
        told = f"{len(passed)} of {len(tried)} orders passed"
        return Outcome(request=last, response=response, holds=len(passed) < len(tried), observed=told, before=(first,))

    return course


def nonce_elsewhere(target: Target, steps: SigningSteps) -> Outcome:
    """A request that passes, and its nonce on another operation."""
    if target.context.plan.api.is_superusers(target.operation):
        raise NotApplicable  # another user may be the one who calls it
    steps = with_nonce(steps, new_nonce())
    other = _plainest(target, besides=target.operation)
    first = target.prepare(steps)
    _passed(target, target.send(first))
    request = target.prepare(steps, operation=other, ids={})
    return Outcome(request=request, response=target.send(request, operation=other), before=(first,))


def burnt(target: Target, steps: SigningSteps) -> Outcome:
    """A request that is signed rightly and refused for something else, and the same once more."""
    missing = {placeholder.name: absent(placeholder) for placeholder in target.operation.placeholders}
    request = target.prepare(steps, ids=missing, body=None if missing else {})
    _passed(target, target.send(request))
    return Outcome(request=request, response=target.send(request), before=(request,))


def after_another(target: Target, steps: SigningSteps) -> Outcome:
    """A nonce that another user has used."""
    second = target.context.second
    if second is None:
        raise NotApplicable
    steps = with_nonce(steps, new_nonce())
    other = _plainest(target)
    first = target.prepare(steps, operation=other, ids={}, caller=second)
    _passed(target, second.send(first))
    request = target.prepare(steps)
    return Outcome(request=request, response=target.send(request), before=(first,))


def together(target: Target, steps: SigningSteps) -> Outcome:
    """One request many times at the same moment: it may pass once."""
    for _ in range(AT_ONCE):
        target.context.rate_limit.wait_turn()  # each of them counts for the rate of the run
    request, ids, objects = target.prepare(steps), target.ids, target.context.objects
    responses: list[Response] = []
    # One that is lost may have passed: what it made is looked for as after any request without an answer.
    with INTERRUPTION.held(), suppress(RequestException), objects.asking(target.operation, ids, request):
        responses, errors = _at_once(target, request)
        for response in responses:
            objects.record(target.operation, ids, response, request)
            target.note(response)
        for error in errors:
            raise error
    passed = [response for response in responses if response.status not in (*AUTHENTICATION, 429) and response.status < 500]
    if len(passed) > 1:
        passed = [response for response in passed if not target.is_refusal(response)]
    if not passed:
        raise Untried(f"none of {len(responses)} passed: {responses[0].status if responses else 'no answer'}")
    told = f"{len(passed)} of {len(responses)} at the same moment passed"
    return Outcome(request=request, response=passed[-1], holds=len(passed) == 1, observed=told, times=AT_ONCE)


def _at_once(target: Target, request: PreparedRequest) -> tuple[list[Response], list[RequestException]]:
    """The answers, and why others are missing: so many at a time may be more than a small server takes."""
    barrier = Barrier(AT_ONCE)
    plan = target.context.plan

    def sent(_number: int) -> Response | RequestException:
        rate_limit = RateLimit(0.0, plan.until)
        caller = Caller(plan.api, plan.url, plan.credentials, rate_limit=rate_limit)  # a connection of its own
        barrier.wait(timeout=30)
        try:
            return caller.send(request, retry=False)
        except RequestException as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(sent, range(AT_ONCE)))
    errors = [one for one in got if isinstance(one, RequestException) and not isinstance(one, NotSent)]
    return [one for one in got if isinstance(one, Response)], errors


def moved(find: Callable[[Api, Operation], Operation | None], *, used: bool) -> Course:
    """A request that was signed for one operation, sent to another with the same parameters: `used` before, or not."""

    def course(target: Target, steps: SigningSteps) -> Outcome:
        other = find(target.context.plan.api, target.operation)
        if other is None:
            raise NotApplicable
        ids = dict(target.ids)
        if not other.safe and not _may_write(target, ids):
            raise NotApplicable
        request = target.prepare(steps, ids=ids)
        if used:
            _passed(target, target.send(request))
        stray = _aimed(target, request, other, ids)
        before = (request,) if used else ()
        return Outcome(request=stray, response=target.send(stray, operation=other), before=before)

    return course


def readdressed(target: Target, steps: SigningSteps) -> Outcome:
    """A request whose path ids are changed after it was signed, to those of an object that nobody has."""
    request = target.prepare(steps)
    missing = {placeholder.name: absent(placeholder) for placeholder in target.operation.placeholders}
    stray = _aimed(target, request, target.operation, missing)
    if stray.url == request.url:
        raise NotApplicable  # there is no object to begin with
    return Outcome(request=stray, response=target.send(stray))


def _may_write(target: Target, ids: Mapping[str, object]) -> bool:
    owns = target.context.objects.owns
    return target.context.plan.writes and all(owns(p, ids[p.name]) for p in target.operation.placeholders)


def _aimed(
    target: Target, request: PreparedRequest, operation: Operation, ids: Mapping[str, object]
) -> PreparedRequest:
    """The request as it is, for another operation or object."""
    stray = copy_signed(request)
    stray.method = operation.method
    stray.url = f"{target.context.caller.address(operation, ids)}?{(request.url or '').partition('?')[2]}"
    return stray


def untouched(target: Target, steps: SigningSteps) -> Outcome:
    """A refused deletion, and a look at what it was to delete."""
    shower = target.context.plan.api.labelled(f"GET {target.operation.path}")
    if shower is None:
        raise NotApplicable
    ids = dict(target.ids)
    _passed(target, target.send(target.prepare(operation=shower, ids=ids), operation=shower), below=300)
    deletion = target.prepare(steps, ids=ids)
    refused = target.send(deletion)
    if not target.is_refusal(refused):
        raise Untried(f"{refused.status} for a request that is wrongly signed")
    look = target.prepare(operation=shower, ids=ids)
    response = target.context.caller.send(look)
    told = f"{response.status} for the object whose deletion was refused"
    return Outcome(request=deletion, response=response, holds=response.succeeded, observed=told, after=(look,))


def with_nonce(steps: SigningSteps, nonce: int) -> SigningSteps:
    """The same with this nonce."""
    return replace(steps, timestamp_and_nonce=lambda scheme, now_ms, _: scheme.stamp({}, now_ms=now_ms, nonce=nonce))


def _passed(target: Target, response: Response, *, below: int = 500) -> None:
    if response.status >= below or target.is_refusal(response):
        raise Untried(f"{response.status} for the first, right request")


def _plainest(target: Target, *, besides: Operation | None = None) -> Operation:
    """An operation that anybody may call and that needs no object."""
    plain = (o for o in target.context.plan.api.operations if o.safe and o.signed and not o.restricted)
    found = next((o for o in plain if not o.placeholders and o is not besides), None)
    if found is None:
        raise NotApplicable
    return found


def _scheme(target: Target) -> Scheme:
    scheme = target.context.plan.api.scheme
    if scheme is None:
        raise NotApplicable
    return scheme

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
from ..http.caller import Answer, Caller
from ..http.rate_limit import Pace, Unsent
from ..http.signer import RIGHT, Forgery, copied, new_nonce
from ..http.wire import Parts, Pointless
from ..interruption import INTERRUPTION
from ..objects.authorization import AUTHENTICATION
from ..objects.pool import absent
from ..target import Subject
from .mutations import adding
from .outcome import Outcome, Untried

Course = Callable[[Subject, Forgery], Outcome]
AT_ONCE = 24
_SECOND_QUERY = {"conformance_again": "1"}


def once(subject: Subject, forgery: Forgery) -> Outcome:
    """One request."""
    request = subject.prepare(forgery)
    return Outcome(request=request, answer=subject.send(request))


def rightly(subject: Subject, _forgery: Forgery) -> Outcome:
    """The right request, remembered."""
    request = subject.prepare()
    return Outcome(request=request, answer=subject.remember(subject.send(request)))


def beside_twin(subject: Subject, forgery: Forgery) -> Outcome:
    """A request whose content a server may refuse, too: it tells something where that of a right one is taken."""
    twin = subject.send(subject.prepare(replace(forgery, signing=RIGHT.signing)))
    if not twin.succeeded:
        raise Pointless
    return once(subject, forgery)


def again(subject: Subject, forgery: Forgery) -> Outcome:
    """A request that passes, and the same once more."""
    request = subject.prepare(forgery)
    _passed(subject, subject.send(request))
    return Outcome(request=request, answer=subject.send(request), before=(request,))


def again_with(change: Callable[[PreparedRequest, Scheme], PreparedRequest]) -> Course:
    """A request that passes, and the same changed after it was signed."""

    def course(subject: Subject, forgery: Forgery) -> Outcome:
        request = subject.prepare(forgery)
        changed = change(copied(request), _scheme(subject))
        _passed(subject, subject.send(request))
        return Outcome(request=changed, answer=subject.send(changed), before=(request,))

    return course


def nonce_again(
    stamping: Callable[[Scheme, int, int], Mapping[str, object]],
    signing: Callable[[Scheme, Parts, str, int], str] | None = None,
) -> Course:
    """A request that passes, and another one with a nonce made of the first one's: signed for itself, or over that."""

    def course(subject: Subject, forgery: Forgery) -> Outcome:
        nonce = new_nonce()
        first = subject.prepare(with_nonce(forgery, nonce))
        _passed(subject, subject.send(first))
        second = replace(forgery, stamping=lambda scheme, now_ms, _: stamping(scheme, now_ms, nonce))
        if signing:
            second = replace(second, signing=lambda scheme, parts, key: signing(scheme, parts, key, nonce))
        request = subject.prepare(replace(second, dressing=adding(query=_SECOND_QUERY)))
        return Outcome(request=request, answer=subject.send(request), before=(first,))

    return course


def in_both_orders(*tamperings: Callable[[PreparedRequest, Scheme], PreparedRequest]) -> Course:
    """A request that passes, and what it is changed to after signing, each way by itself: one of them may pass."""

    def course(subject: Subject, forgery: Forgery) -> Outcome:
        _passed(subject, subject.send(subject.prepare(forgery)), below=300)
        tried = []
        for tampering in tamperings:
            request = subject.prepare(replace(forgery, tampering=tampering))
            tried.append((request, subject.send(request)))
        passed = [answer for _, answer in tried if answer.succeeded]
        (first, _), (last, answer) = tried
        told = f"{len(passed)} of {len(tried)} orders passed"
        return Outcome(request=last, answer=answer, holds=len(passed) < len(tried), observed=told, before=(first,))

    return course


def nonce_elsewhere(subject: Subject, forgery: Forgery) -> Outcome:
    """A request that passes, and its nonce on another operation."""
    if subject.bench.plan.api.is_superusers(subject.operation):
        raise Pointless  # another user may be the one who calls it
    forgery = with_nonce(forgery, new_nonce())
    other = _plainest(subject, besides=subject.operation)
    first = subject.prepare(forgery)
    _passed(subject, subject.send(first))
    request = subject.prepare(forgery, operation=other, ids={})
    return Outcome(request=request, answer=subject.send(request, operation=other), before=(first,))


def burnt(subject: Subject, forgery: Forgery) -> Outcome:
    """A request that is signed rightly and refused for something else, and the same once more."""
    missing = {placeholder.name: absent(placeholder) for placeholder in subject.operation.placeholders}
    request = subject.prepare(forgery, ids=missing, body=None if missing else {})
    _passed(subject, subject.send(request))
    return Outcome(request=request, answer=subject.send(request), before=(request,))


def after_another(subject: Subject, forgery: Forgery) -> Outcome:
    """A nonce that another user has used."""
    second = subject.bench.second
    if second is None:
        raise Pointless
    forgery = with_nonce(forgery, new_nonce())
    other = _plainest(subject)
    first = subject.prepare(forgery, operation=other, ids={}, caller=second)
    _passed(subject, second.send(first))
    request = subject.prepare(forgery)
    return Outcome(request=request, answer=subject.send(request), before=(first,))


def together(subject: Subject, forgery: Forgery) -> Outcome:
    """One request many times at the same moment: it may pass once."""
    for _ in range(AT_ONCE):
        subject.bench.pace.turn()  # each of them counts for the rate of the run
    request, ids, objects = subject.prepare(forgery), subject.ids, subject.bench.objects
    answers: list[Answer] = []
    # One that is lost may have passed: what it made is looked for as after any request without an answer.
    with INTERRUPTION.held(), suppress(RequestException), objects.asking(subject.operation, ids, request):
        answers, errors = _at_once(subject, request)
        for answer in answers:
            objects.record(subject.operation, ids, answer, request)
            subject.note(answer)
        for error in errors:
            raise error
    passed = [answer for answer in answers if answer.status not in (*AUTHENTICATION, 429) and answer.status < 500]
    if len(passed) > 1:
        passed = [answer for answer in passed if not subject.is_refusal(answer)]
    if not passed:
        raise Untried(f"none of {len(answers)} passed: {answers[0].status if answers else 'no answer'}")
    told = f"{len(passed)} of {len(answers)} at the same moment passed"
    return Outcome(request=request, answer=passed[-1], holds=len(passed) == 1, observed=told, times=AT_ONCE)


def _at_once(subject: Subject, request: PreparedRequest) -> tuple[list[Answer], list[RequestException]]:
    """The answers, and why others are missing: so many at a time may be more than a small server takes."""
    barrier = Barrier(AT_ONCE)
    plan = subject.bench.plan

    def sent(_number: int) -> Answer | RequestException:
        pace = Pace(0.0, plan.until)
        caller = Caller(plan.api, plan.url, plan.credentials, pace=pace)  # a connection of its own
        barrier.wait(timeout=30)
        try:
            return caller.send(request, patient=False)
        except RequestException as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(sent, range(AT_ONCE)))
    errors = [one for one in got if isinstance(one, RequestException) and not isinstance(one, Unsent)]
    return [one for one in got if isinstance(one, Answer)], errors


def moved(find: Callable[[Api, Operation], Operation | None], *, used: bool) -> Course:
    """A request that was signed for one operation, sent to another with the same parameters: `used` before, or not."""

    def course(subject: Subject, forgery: Forgery) -> Outcome:
        other = find(subject.bench.plan.api, subject.operation)
        if other is None:
            raise Pointless
        ids = dict(subject.ids)
        if not other.safe and not _may_write(subject, ids):
            raise Pointless
        request = subject.prepare(forgery, ids=ids)
        if used:
            _passed(subject, subject.send(request))
        stray = _aimed(subject, request, other, ids)
        before = (request,) if used else ()
        return Outcome(request=stray, answer=subject.send(stray, operation=other), before=before)

    return course


def readdressed(subject: Subject, forgery: Forgery) -> Outcome:
    """A request whose path ids are changed after it was signed, to those of an object that nobody has."""
    request = subject.prepare(forgery)
    missing = {placeholder.name: absent(placeholder) for placeholder in subject.operation.placeholders}
    stray = _aimed(subject, request, subject.operation, missing)
    if stray.url == request.url:
        raise Pointless  # there is no object to begin with
    return Outcome(request=stray, answer=subject.send(stray))


def _may_write(subject: Subject, ids: Mapping[str, object]) -> bool:
    owns = subject.bench.objects.owns
    return subject.bench.plan.writes and all(owns(p, ids[p.name]) for p in subject.operation.placeholders)


def _aimed(
    subject: Subject, request: PreparedRequest, operation: Operation, ids: Mapping[str, object]
) -> PreparedRequest:
    """The request as it is, for another operation or object."""
    stray = copied(request)
    stray.method = operation.method
    stray.url = f"{subject.bench.caller.address(operation, ids)}?{(request.url or '').partition('?')[2]}"
    return stray


def untouched(subject: Subject, forgery: Forgery) -> Outcome:
    """A refused deletion, and a look at what it was to delete."""
    shower = subject.bench.plan.api.labelled(f"GET {subject.operation.path}")
    if shower is None:
        raise Pointless
    ids = dict(subject.ids)
    _passed(subject, subject.send(subject.prepare(operation=shower, ids=ids), operation=shower), below=300)
    deletion = subject.prepare(forgery, ids=ids)
    refused = subject.send(deletion)
    if not subject.is_refusal(refused):
        raise Untried(f"{refused.status} for a request that is wrongly signed")
    look = subject.prepare(operation=shower, ids=ids)
    answer = subject.bench.caller.send(look)
    told = f"{answer.status} for the object whose deletion was refused"
    return Outcome(request=deletion, answer=answer, holds=answer.succeeded, observed=told, after=(look,))


def with_nonce(forgery: Forgery, nonce: int) -> Forgery:
    """The same with this nonce."""
    return replace(forgery, stamping=lambda scheme, now_ms, _: scheme.stamp({}, now_ms=now_ms, nonce=nonce))


def _passed(subject: Subject, answer: Answer, *, below: int = 500) -> None:
    if answer.status >= below or subject.is_refusal(answer):
        raise Untried(f"{answer.status} for the first, right request")


def _plainest(subject: Subject, *, besides: Operation | None = None) -> Operation:
    """An operation that anybody may call and that needs no object."""
    plain = (o for o in subject.bench.plan.api.operations if o.safe and o.signed and not o.restricted)
    found = next((o for o in plain if not o.placeholders and o is not besides), None)
    if found is None:
        raise Pointless
    return found


def _scheme(subject: Subject) -> Scheme:
    scheme = subject.bench.plan.api.scheme
    if scheme is None:
        raise Pointless
    return scheme

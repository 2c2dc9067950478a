"""Other users: of another institute, and without the role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..description import Api, Operation
from ..http.caller import Caller
from ..resources import Resource, resources
from ..results import SHOULD, Result
from .check_context import REFUSALS, Exchange, NotPossible, Trial
from .checks.check import Check
from .checks.objects import FOREIGN_LIST, FOREIGN_READ, FOREIGN_WRITE, ROLE
from .creation import show
from .factory import Making, Thing
from .jobs import succeeds
from .pager import Walk, narrowed
from .values import different, is_same

_FORBIDDEN = 403
_OF_THEIR_OWN = "the id is that of another object for the other user"


def concerning(api: Api, resource: Resource) -> tuple[Operation, ...]:
    """The operations whose path ends at an object of the resource, for users in general."""
    operations = (o for o in api.operations if o.placeholders and not o.restricted)
    return tuple(o for o in operations if o.placeholders[-1].creator == resource.creator.id)


def foreign(trial: Trial, resource: Resource) -> Iterator[Result]:
    """Everything that a user of another institute must not do to an own object."""
    second = trial.bench.second
    if second is None:
        raise NotPossible("it takes the credentials of a user of another institute")
    making = Making(trial)
    for operation in concerning(trial.api, resource):
        if operation.safe:
            yield from _read(trial, making, resource, operation, second)
        else:
            yield from _written(trial, making, operation, second)
    for lister in resource.listers:
        if not lister.placeholders and not lister.restricted:
            yield from _listed(trial, making, resource, lister, second)


def _about(check: Check, trial: Trial) -> Check:
    """The check, with what else may be why where nobody can tell."""
    return replace(check, cause=trial.bench.doubted(check.cause))


def _read(trial: Trial, making: Making, resource: Resource, operation: Operation, second: Caller) -> Iterator[Result]:
    if _has_one_of_this_id(trial, making, resource, making.shared(resource.creator.id), second):
        yield from trial.skipped(FOREIGN_READ, operation, _OF_THEIR_OWN)
        return
    query, ids = making.query(operation), making.ids(operation)
    owner = _owners(trial, making, operation, query)
    exchange = trial.ask(operation, ids, query=query, caller=second)
    fine, expected = exchange.status in REFUSALS, "404 for a user of another institute"
    yield from _judged(trial, FOREIGN_READ, exchange, fine, expected, owner=owner)


def _owners(trial: Trial, making: Making, operation: Operation, query: Mapping[str, object]) -> Exchange:
    """The owner's own request; where a job makes what it asks for, it is made."""
    ids = making.ids(operation)
    exchange = trial.ask(operation, ids, query=query)
    start = next((o for o in trial.api.operations if o.job and o.job.download_operation == operation.id), None)
    if exchange.succeeded or start is None:
        return exchange
    thing = making.shared(operation.placeholders[-1].creator)
    return trial.ask(operation, ids, query=query) if succeeds(trial, making, start, thing) else exchange


def _written(trial: Trial, making: Making, operation: Operation, second: Caller) -> Iterator[Result]:
    thing = making.subject(operation)
    resource = next(r for r in resources(trial.api) if r.creator is thing.creator)
    before = show(making, resource, thing)
    if _has_one_of_this_id(trial, making, resource, thing, second):
        yield from trial.skipped(FOREIGN_WRITE, operation, _OF_THEIR_OWN)
        return
    ids, body, query = making.ids(operation, thing), making.body(operation) or None, making.query(operation, thing)
    exchange = trial.ask(operation, ids, body, query=query, caller=second)
    after = show(making, resource, thing)
    observed = _effect(resource, before, after)
    fine = 400 <= exchange.status < 500 and not observed
    owner = trial.ask(operation, ids, body, query=query) if fine else exchange
    expected = "404, and the object as it was"
    yield from _judged(trial, FOREIGN_WRITE, exchange, fine, expected, owner=owner, observed=observed)


def _has_one_of_this_id(trial: Trial, making: Making, resource: Resource, thing: Thing, second: Caller) -> bool:
    """Whether the other user is shown something that is not known to be this object: each institute may count anew."""
    if resource.shower is None:
        return False
    shown = trial.ask(resource.shower, making.ids(resource.shower, thing), caller=second)
    return shown.succeeded and not is_same(shown, thing.made) and shown.object != show(making, resource, thing).object


def _effect(resource: Resource, before: Exchange, after: Exchange) -> str:
    """What a request did to an object, in words; empty where it did nothing."""
    if not after.succeeded:
        return f"the object is gone ({after.status})"
    kinds = {setting.name: setting.kind for setting in resource.creator.settings if setting.shown}
    changed = [n for n, k in kinds.items() if different(k, before.object.get(n), after.object.get(n))]
    return f"{', '.join(changed)} changed" if changed else ""


def _listed(trial: Trial, making: Making, resource: Resource, lister: Operation, second: Caller) -> Iterator[Result]:
    thing: Thing = making.shared(resource.creator.id)
    walk = Walk(making=making, lister=lister, query=narrowed(lister, thing.sent))
    is_there, _ = walk.holding(thing)
    listed, page = replace(walk, caller=second).holding(thing)
    if listed and _has_one_of_this_id(trial, making, resource, thing, second):
        yield from trial.skipped(FOREIGN_LIST, lister, _OF_THEIR_OWN)
        return
    if not is_there and not listed:
        yield from trial.skipped(FOREIGN_LIST, lister, "the owner's own list does not hold the object either")
        return
    expected, observed = "a list without objects of another institute", f"the object {thing.identity}"
    yield from trial.verdict(_about(FOREIGN_LIST, trial), page, not listed, expected, observed=observed)


def _judged(
    trial: Trial, check: Check, exchange: Exchange, fine: bool, expected: str, *, owner: Exchange, observed: str = ""
) -> Iterator[Result]:
    """The verdict, where the owner's own request shows that nothing else was the reason for a refusal."""
    if fine and not owner.succeeded:
        yield from trial.skipped(check, exchange.operation, _unclear("the owner", owner, exchange))
        return
    yield from trial.verdict(_about(check, trial), exchange, fine, expected, observed=observed)


def _unclear(who: str, own: Exchange, exchange: Exchange) -> str:
    same = " as well" if own.status == exchange.status else ""
    return f"{who} is answered {own.status}{same}: why the other user is refused ({exchange.status}) is not known"


def restricted(trial: Trial, operation: Operation) -> Iterator[Result]:
    """An ordinary user calls what only others may."""
    plan = trial.plan
    if plan.superuser is None or plan.superuser == plan.credentials:
        raise NotPossible("it takes the credentials of a superuser beside those of an ordinary user")
    making = Making(trial)
    ordinary = trial.bench.calling(plan.credentials)
    thing = making.subject(operation) if operation.method == "DELETE" else None
    ids, body = making.ids(operation, thing), making.body(operation) or None
    exchange = trial.ask(operation, ids, body, caller=ordinary)
    if exchange.status not in REFUSALS:
        yield from trial.verdict(ROLE, exchange, False, f"403, since it is for the role {operation.role}")
        return
    own = trial.ask(operation, ids, body)
    if not own.succeeded:
        yield from trial.skipped(ROLE, operation, _unclear("the superuser", own, exchange))
        return
    yield from trial.verdict(ROLE, exchange, True, "")
    if exchange.status != _FORBIDDEN and _FORBIDDEN in operation.statuses:
        yield from trial.verdict(ROLE, exchange, False, "403, as documented", level=SHOULD)

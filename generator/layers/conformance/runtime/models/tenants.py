"""Other users: of another institute, and without the role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..caller import Caller
from ..description import Operation
from ..results import SHOULD, Result
from .checks.check import Check
from .checks.objects import FOREIGN_LIST, FOREIGN_READ, FOREIGN_WRITE, ROLE
from .creation import show
from .making import Making, Thing
from .resources import Resource, resources
from .trial import REFUSALS, NotPossible, Trial
from .values import different
from .walking import Walk, narrowed

_FORBIDDEN = 403


def concerning(trial: Trial, resource: Resource) -> tuple[Operation, ...]:
    """The operations whose path ends at an object of the resource, for users in general."""
    operations = (o for o in trial.api.operations if o.placeholders and not o.restricted)
    return tuple(o for o in operations if o.placeholders[-1].creator == resource.creator.id)


def foreign(trial: Trial, resource: Resource) -> Iterator[Result]:
    """Everything that a user of another institute must not do to an own object."""
    second = trial.bench.second
    if second is None:
        raise NotPossible("it takes the credentials of a user of another institute")
    making = Making(trial)
    for operation in concerning(trial, resource):
        if operation.safe:
            yield from _read(trial, making, operation, second)
        else:
            yield from _written(trial, making, operation, second)
    for lister in resource.listers:
        if not lister.placeholders and not lister.restricted:
            yield from _listed(trial, making, resource, lister, second)


def _about(check: Check, trial: Trial) -> Check:
    """The check, with what else may be why where nobody can tell."""
    return replace(check, cause=trial.bench.doubted(check.cause))


def _read(trial: Trial, making: Making, operation: Operation, second: Caller) -> Iterator[Result]:
    query = making.query(operation)
    exchange = trial.ask(operation, making.ids(operation), query=query, caller=second)
    fine = exchange.status in REFUSALS
    yield from trial.verdict(_about(FOREIGN_READ, trial), exchange, fine, "404 for a user of another institute")


def _written(trial: Trial, making: Making, operation: Operation, second: Caller) -> Iterator[Result]:
    thing = making.subject(operation)
    resource = next(r for r in resources(trial.api) if r.creator is thing.creator)
    before = show(making, resource, thing)
    exchange = trial.ask(
        operation,
        making.ids(operation, thing),
        making.body(operation) or None,
        query=making.query(operation, thing),
        caller=second,
    )
    after = show(making, resource, thing)
    kinds = {setting.name: setting.kind for setting in resource.creator.settings if setting.shown}
    changed = [n for n, k in kinds.items() if different(k, before.object.get(n), after.object.get(n))]
    fine = 400 <= exchange.status < 500 and after.succeeded and not changed
    observed = f"the object is gone ({after.status})" if not after.succeeded else ""
    observed = observed or (f"{', '.join(changed)} changed" if changed else "")
    yield from trial.verdict(
        _about(FOREIGN_WRITE, trial), exchange, fine, "404, and the object as it was", observed=observed
    )


def _listed(trial: Trial, making: Making, resource: Resource, lister: Operation, second: Caller) -> Iterator[Result]:
    thing: Thing = making.shared(resource.creator.id)
    walk = Walk(making=making, lister=lister, query=narrowed(lister, thing.sent), caller=second)
    listed, page = walk.holding(thing)
    expected = "a list without objects of another institute"
    yield from trial.verdict(
        _about(FOREIGN_LIST, trial), page, not listed, expected, observed=f"the object {thing.identity}"
    )


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
    fine = exchange.status in REFUSALS
    yield from trial.verdict(ROLE, exchange, fine, f"403, since it is for the role {operation.role}")
    if fine and exchange.status != _FORBIDDEN and _FORBIDDEN in operation.statuses:
        yield from trial.verdict(ROLE, exchange, False, "403, as documented", level=SHOULD)

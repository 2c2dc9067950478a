"""Checks as other users: those whose objects are others, and those without the role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..api import Api, Operation
from ..http.caller import Caller
from ..lifecycles import Lifecycle, list_lifecycles
from ..plan import SECOND_USER, SUPERUSER
from ..results import SHOULD, Result
from .check_run import REFUSALS, CheckRun, Exchange
from .checks.check import Check
from .checks.objects import FOREIGN_LIST, FOREIGN_READ, FOREIGN_WRITE, ROLE
from .creation import show
from .factory import CreatedObject, ObjectFactory
from .jobs import run_job
from .lists.pager import Pager
from .lists.paging import build_filter_query
from .sent_values import differ, shows_same_object

_FORBIDDEN = 403
_OF_THEIR_OWN = "the id is that of another object for the other user"


def operations_on(api: Api, lifecycle: Lifecycle) -> tuple[Operation, ...]:
    """The unrestricted operations whose path ends at an object of the resource."""
    operations = (o for o in api.operations if o.placeholders and not o.restricted)
    return tuple(o for o in operations if o.placeholders[-1].creator == lifecycle.creator.id)


def check_other_tenant(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check everything that a user of another institute must not do to an own object."""
    second = run.context.second
    if second is None:
        yield from _skip_all(run, lifecycle)
        return
    factory = ObjectFactory(run)
    for operation in operations_on(run.api, lifecycle):
        if operation.safe:
            yield from _check_read(run, factory, lifecycle, operation, second)
        else:
            yield from _check_write(run, factory, operation, second)
    for lister in _public_lists(lifecycle):
        yield from _check_list(run, factory, lifecycle, lister, second)


def _public_lists(lifecycle: Lifecycle) -> tuple[Operation, ...]:
    return tuple(lister for lister in lifecycle.listers if not lister.placeholders and not lister.restricted)


def _skip_all(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Each check that takes another user."""
    reason = f"it takes the credentials of {run.api.stranger}"
    for operation in operations_on(run.api, lifecycle):
        yield from run.skip(FOREIGN_READ if operation.safe else FOREIGN_WRITE, operation, reason, SECOND_USER)
    for lister in _public_lists(lifecycle):
        yield from run.skip(FOREIGN_LIST, lister, reason, SECOND_USER)


def _with_doubts(check: Check, run: CheckRun) -> Check:
    """The check, with the other possible causes of a failure."""
    return replace(check, cause=run.context.with_doubts(check.cause))


def _check_read(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, operation: Operation, second: Caller
) -> Iterator[Result]:
    if _has_same_id(run, factory, lifecycle, factory.shared_object(lifecycle.creator.id), second):
        yield from run.skip(FOREIGN_READ, operation, _OF_THEIR_OWN)
        return
    query, ids = factory.query(operation), factory.ids(operation)
    owner = _send_as_owner(run, factory, operation, query)
    exchange = run.ask(operation, ids, query=query, caller=second)
    fine, expected = exchange.status in REFUSALS, f"404 for {run.api.stranger}"
    yield from _judge(run, FOREIGN_READ, exchange, fine, expected, owner=owner)


def _send_as_owner(
    run: CheckRun, factory: ObjectFactory, operation: Operation, query: Mapping[str, object]
) -> Exchange:
    """The owner's own request; if a job creates what it requests, the job is run."""
    ids = factory.ids(operation)
    exchange = run.ask(operation, ids, query=query)
    start = next((o for o in run.api.operations if o.job and o.job.download_operation == operation.id), None)
    if exchange.succeeded or start is None:
        return exchange
    created = factory.shared_object(operation.placeholders[-1].creator)
    return run.ask(operation, ids, query=query) if run_job(run, factory, start, created) else exchange


def _check_write(run: CheckRun, factory: ObjectFactory, operation: Operation, second: Caller) -> Iterator[Result]:
    created = factory.object_for(operation)
    lifecycle = next(r for r in list_lifecycles(run.api) if r.creator is created.creator)
    before = show(factory, lifecycle, created)
    if _has_same_id(run, factory, lifecycle, created, second):
        yield from run.skip(FOREIGN_WRITE, operation, _OF_THEIR_OWN)
        return
    ids, body, query = (
        factory.ids(operation, created),
        factory.body(operation) or None,
        factory.query(operation, created),
    )
    exchange = run.ask(operation, ids, body, query=query, caller=second)
    after = show(factory, lifecycle, created)
    observed = _effect(lifecycle, before, after)
    fine = 400 <= exchange.status < 500 and not observed
    owner = run.ask(operation, ids, body, query=query) if fine else exchange
    expected = "404, and the object as it was"
    yield from _judge(run, FOREIGN_WRITE, exchange, fine, expected, owner=owner, observed=observed)


def _has_same_id(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, created: CreatedObject, second: Caller
) -> bool:
    """Whether the other user gets another object for this id: each institute may have ids of its own."""
    if lifecycle.shower is None:
        return False
    shown = run.ask(lifecycle.shower, factory.ids(lifecycle.shower, created), caller=second)
    return (
        shown.succeeded
        and not shows_same_object(shown, created.creation)
        and shown.object != show(factory, lifecycle, created).object
    )


def _effect(lifecycle: Lifecycle, before: Exchange, after: Exchange) -> str:
    """What a request did to an object, in words; empty if nothing."""
    if not after.succeeded:
        return f"the object is gone ({after.status})"
    kinds = {setting.name: setting.kind for setting in lifecycle.creator.settable if setting.shown}
    changed = [n for n, k in kinds.items() if differ(k, before.object.get(n), after.object.get(n))]
    return f"{', '.join(changed)} changed" if changed else ""


def _check_list(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, lister: Operation, second: Caller
) -> Iterator[Result]:
    created: CreatedObject = factory.shared_object(lifecycle.creator.id)
    pager = Pager(factory=factory, lister=lister, query=build_filter_query(lister, created.sent))
    is_there, _, _ = pager.find(created)
    listed, page, _ = replace(pager, caller=second).find(created)
    if listed and _has_same_id(run, factory, lifecycle, created, second):
        yield from run.skip(FOREIGN_LIST, lister, _OF_THEIR_OWN)
        return
    if not is_there and not listed:
        yield from run.skip(FOREIGN_LIST, lister, "the owner's own list does not hold the object either")
        return
    expected, observed = f"a list without objects of {run.api.other_owner}", f"the object {created.identity}"
    yield from run.verdict(_with_doubts(FOREIGN_LIST, run), page, not listed, expected, observed=observed)


def _judge(
    run: CheckRun, check: Check, exchange: Exchange, fine: bool, expected: str, *, owner: Exchange, observed: str = ""
) -> Iterator[Result]:
    """The verdict, if the owner's own request shows that there was no other reason for an error."""
    if fine and not owner.succeeded:
        yield from run.skip(check, exchange.operation, _unclear("the owner", owner, exchange))
        return
    yield from run.verdict(_with_doubts(check, run), exchange, fine, expected, observed=observed)


def _unclear(who: str, own: Exchange, exchange: Exchange) -> str:
    same = " as well" if own.status == exchange.status else ""
    return f"{who} is answered {own.status}{same}: why the other user is refused ({exchange.status}) is not known"


def check_role(run: CheckRun, operation: Operation) -> Iterator[Result]:
    """Check that an ordinary user may not call a restricted operation."""
    plan = run.plan
    if plan.superuser is None or plan.superuser == plan.credentials:
        reason = "it takes the credentials of a superuser beside those of an ordinary user"
        yield from run.skip(ROLE, operation, reason, SUPERUSER)
        return
    factory = ObjectFactory(run)
    ordinary = run.context.caller_for_user(plan.credentials)
    created = factory.object_for(operation) if operation.removes else None
    ids, body = factory.ids(operation, created), factory.body(operation) or None
    exchange = run.ask(operation, ids, body, caller=ordinary)
    if exchange.status not in REFUSALS:
        yield from run.verdict(ROLE, exchange, False, f"403, since it is for the role {operation.role}")
        return
    own = run.ask(operation, ids, body)
    if not own.succeeded:
        yield from run.skip(ROLE, operation, _unclear("the superuser", own, exchange))
        return
    yield from run.verdict(ROLE, exchange, True, "")
    if exchange.status != _FORBIDDEN and _FORBIDDEN in operation.statuses:
        yield from run.verdict(ROLE, exchange, False, "403, as documented", level=SHOULD)

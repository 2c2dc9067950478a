"""Older operations and versions, compared with their successors over the same objects."""

from __future__ import annotations

from collections.abc import Iterator

from ..api import Api, Operation, label_of
from ..http.caller import Caller
from ..lifecycles import Lifecycle, list_lifecycles
from ..results import Result
from .check_run import CheckRun, Exchange, NotPossible
from .checks.responses import ALIAS, VERSIONS
from .creation import show
from .factory import CreatedObject, ObjectFactory
from .sent_values import shows_another_object, shows_same_object

_TRIES = 3


def check_alias(run: CheckRun, older: Operation) -> Iterator[Result]:
    """Check an operation that another one of the same version replaces."""
    factory, newer = ObjectFactory(run), run.api.find(older.replaced_by)
    if newer is None:
        return
    if older.safe:
        yield from _check_same_response(run, factory, older, newer)
        return
    lifecycle = next((r for r in list_lifecycles(run.api) if newer in (r.creator, r.destroyer)), None)
    if lifecycle is None or lifecycle.shower is None:
        raise NotPossible("nothing shows what it does")
    if newer is lifecycle.creator:
        yield from _check_same_creation(run, factory, older, lifecycle)
    else:
        yield from _check_same_deletion(run, factory, older, lifecycle)


def _check_same_response(run: CheckRun, factory: ObjectFactory, older: Operation, newer: Operation) -> Iterator[Result]:
    created = _object_of_both(run, factory, older, newer)
    for _ in range(_TRIES):  # what is shown may change by itself between two requests
        responses = [
            run.ask(operation, factory.ids(operation, created), query=factory.query(operation, created))
            for operation in (newer, older)
        ]
        fine = responses[0].status == responses[1].status and responses[0].content == responses[1].content
        if fine:
            break
    expected = f"{responses[0].status} and the content that {newer.id} returns"
    yield from run.verdict(ALIAS, responses[1], fine, expected)


def _object_of_both(run: CheckRun, factory: ObjectFactory, older: Operation, newer: Operation) -> CreatedObject:
    """An object that both are about; in a list, one that is in both."""
    lifecycle = next((r for r in list_lifecycles(run.api) if newer in r.listers), None)
    return factory.create(lifecycle.creator) if lifecycle else factory.object_for(older)


def _check_same_creation(
    run: CheckRun, factory: ObjectFactory, older: Operation, lifecycle: Lifecycle
) -> Iterator[Result]:
    above = factory.shared_object(older.placeholders[-1].creator) if older.placeholders else None
    exchange = run.ask(older, factory.ids(older, above), factory.body(older))
    identity = exchange.object.get(lifecycle.creator.identity)
    created = CreatedObject(
        creator=lifecycle.creator, identity=identity, above=above.known if above else {}, sent={}, creation=exchange
    )
    shown = show(factory, lifecycle, created) if exchange.succeeded and identity is not None else exchange
    names = [setting.name for setting in lifecycle.creator.settable if setting.shown]
    same = all(shown.object.get(name) == exchange.object.get(name) for name in names)
    fine = exchange.succeeded and shown.succeeded and same
    yield from run.verdict(ALIAS, shown, fine, f"the object that {older.id} created", of=older)


def _check_same_deletion(
    run: CheckRun, factory: ObjectFactory, older: Operation, lifecycle: Lifecycle
) -> Iterator[Result]:
    created = factory.create(lifecycle.creator)
    exchange = run.ask(older, factory.ids(older, created), query=factory.query(older, created))
    shown = show(factory, lifecycle, created)
    fine = exchange.succeeded and (factory.is_gone(shown) or shows_another_object(shown, created.creation))
    yield from run.verdict(ALIAS, shown, fine, f"404, since {older.id} deleted it", of=older)


def check_other_version(run: CheckRun, lifecycle: Lifecycle, other: Api) -> Iterator[Result]:
    """Check that both versions show the same objects; a server that has only one is skipped."""
    factory, caller = ObjectFactory(run), _caller_of(run, other)
    shower = counterpart(run.api, lifecycle.shower, other)
    creator = counterpart(run.api, lifecycle.creator, other)
    if shower is None or creator is None or lifecycle.shower is None:
        raise NotPossible(f"{other.name} has no operations for it")
    created = factory.create(lifecycle.creator)
    there = run.ask(shower, _ids(run.api, shower, other, created), caller=caller)
    yield from _check_same_object(run, lifecycle.shower, created.creation, there, other)
    if not shows_same_object(there, created.creation):
        return  # each version may have ids of its own: an object created there could not be recognised here
    label = label_of(creator)
    body = {**factory.body(creator), **({label.name: factory.new_name()} if label else {})}
    creation = run.ask(creator, _ids(run.api, creator, other, created), body, caller=caller, as_=lifecycle.creator)
    identity = creation.object.get(creator.identity)
    if identity is not None:
        twin = CreatedObject(
            creator=lifecycle.creator, identity=identity, above=created.above, sent=body, creation=creation
        )
        yield from _check_same_object(run, lifecycle.shower, creation, show(factory, lifecycle, twin), other)


def _check_same_object(
    run: CheckRun, of: Operation, creation: Exchange, shown: Exchange, other: Api
) -> Iterator[Result]:
    """Compare the texts, which both versions write alike, and the id."""
    texts = [s.name for s in creation.operation.settable if s.kind == "text" and s.shown and s.name in shown.object]
    lost = sorted(name for name in texts if creation.object.get(name) != shown.object[name])
    fine = shown.succeeded and not lost
    observed = f"other values in {', '.join(lost)}" if lost else ""
    expected = f"the object that was created, with the same texts here and in {other.name}"
    yield from run.verdict(VERSIONS, shown, fine, expected, of=of, observed=observed)


def _caller_of(run: CheckRun, other: Api) -> Caller:
    plan = run.plan
    stem = plan.url.removesuffix("/").removesuffix(run.api.base_path)
    caller = Caller(other, stem, plan.credentials, rate_limit=run.context.rate_limit)
    first = next((o for o in other.operations if o.safe and not o.placeholders and not o.restricted), None)
    if first is None or not run.ask(first, {}, caller=caller).succeeded:
        raise NotPossible(f"the server does not serve {other.name}")
    return caller


def counterpart(api: Api, operation: Operation | None, other: Api) -> Operation | None:
    """The operation of the other version that does the same."""
    if operation is None:
        return None
    newer = operation.replaced_by.removeprefix(f"{other.name} ")
    older = f"{api.name} {operation.id}"
    same = [o for o in other.operations if newer == o.id or o.replaced_by == older]
    same = [o for o in same if len(o.segments) == len(operation.segments)]
    return min(same, key=lambda o: o.id != operation.id, default=None)


def _ids(api: Api, operation: Operation, other: Api, created: CreatedObject) -> dict[str, object]:
    """The ids of a path of the other version."""
    known = {}
    for creator_id, identity in created.known.items():
        same = counterpart(api, api.find(creator_id), other)
        if same is not None:
            known[same.id] = identity
    missing = [p.name for p in operation.placeholders if p.creator not in known]
    if missing:
        raise NotPossible(f"{other.name} names {', '.join(missing)} that this version does not have")
    return {p.name: known[p.creator] for p in operation.placeholders}

"""Older operations and versions, held against their successors over the same objects."""

from __future__ import annotations

from collections.abc import Iterator

from ..description import Api, Operation, label_of
from ..http.caller import Caller
from ..objects.cleanup import GONE
from ..resources import Resource, resources
from ..results import Result
from .check_context import Exchange, NotPossible, Trial
from .checks.responses import ALIAS, VERSIONS
from .creation import show
from .factory import Making, Thing
from .values import is_anothers, is_same

_TRIES = 3


def replaced(trial: Trial, older: Operation) -> Iterator[Result]:
    """The checks of an operation that another one of the same version replaces."""
    making, newer = Making(trial), trial.api.operation(older.replaced_by)
    if newer is None:
        return
    if older.safe:
        yield from _same_answer(trial, making, older, newer)
        return
    resource = next((r for r in resources(trial.api) if newer in (r.creator, r.destroyer)), None)
    if resource is None or resource.shower is None:
        raise NotPossible("nothing shows what it does")
    if newer is resource.creator:
        yield from _same_creation(trial, making, older, resource)
    else:
        yield from _same_deletion(trial, making, older, resource)


def _same_answer(trial: Trial, making: Making, older: Operation, newer: Operation) -> Iterator[Result]:
    thing = _subject(trial, making, older, newer)
    for _ in range(_TRIES):  # what is shown may change by itself between two requests
        answers = [
            trial.ask(operation, making.ids(operation, thing), query=making.query(operation, thing))
            for operation in (newer, older)
        ]
        fine = answers[0].status == answers[1].status and answers[0].content == answers[1].content
        if fine:
            break
    expected = f"{answers[0].status} and the content that {newer.id} answers"
    yield from trial.verdict(ALIAS, answers[1], fine, expected)


def _subject(trial: Trial, making: Making, older: Operation, newer: Operation) -> Thing:
    """An object that both are about; in a list, one that is in both."""
    resource = next((r for r in resources(trial.api) if newer in r.listers), None)
    return making.thing(resource.creator) if resource else making.subject(older)


def _same_creation(trial: Trial, making: Making, older: Operation, resource: Resource) -> Iterator[Result]:
    above = making.shared(older.placeholders[-1].creator) if older.placeholders else None
    exchange = trial.ask(older, making.ids(older, above), making.body(older))
    identity = exchange.object.get(resource.creator.identity)
    thing = Thing(
        creator=resource.creator, identity=identity, above=above.known if above else {}, sent={}, made=exchange
    )
    shown = show(making, resource, thing) if exchange.succeeded and identity is not None else exchange
    names = [setting.name for setting in resource.creator.settings if setting.shown]
    same = all(shown.object.get(name) == exchange.object.get(name) for name in names)
    fine = exchange.succeeded and shown.succeeded and same
    yield from trial.verdict(ALIAS, shown, fine, f"the object that {older.id} created", of=older)


def _same_deletion(trial: Trial, making: Making, older: Operation, resource: Resource) -> Iterator[Result]:
    thing = making.thing(resource.creator)
    exchange = trial.ask(older, making.ids(older, thing), query=making.query(older, thing))
    shown = show(making, resource, thing)
    fine = exchange.succeeded and (shown.status in GONE or is_anothers(shown, thing.made))
    yield from trial.verdict(ALIAS, shown, fine, f"404, since {older.id} deleted it", of=older)


def shared_with(trial: Trial, resource: Resource, other: Api) -> Iterator[Result]:
    """What one version creates, the other one shows; nothing is said of a server that has only one."""
    making, caller = Making(trial), _caller(trial, other)
    shower = counterpart(trial.api, resource.shower, other)
    creator = counterpart(trial.api, resource.creator, other)
    if shower is None or creator is None or resource.shower is None:
        raise NotPossible(f"{other.name} has no operations for it")
    thing = making.thing(resource.creator)
    there = trial.ask(shower, _ids(trial.api, shower, other, thing), caller=caller)
    yield from _compared(trial, resource.shower, thing.made, there, other)
    if not is_same(there, thing.made):
        return  # ids may be given out by each version: what is made there could not be told from others' objects here
    label = label_of(creator)
    body = {**making.body(creator), **({label.name: making.name()} if label else {})}
    made = trial.ask(creator, _ids(trial.api, creator, other, thing), body, caller=caller, as_=resource.creator)
    identity = made.object.get(creator.identity)
    if identity is not None:
        twin = Thing(creator=resource.creator, identity=identity, above=thing.above, sent=body, made=made)
        yield from _compared(trial, resource.shower, made, show(making, resource, twin), other)


def _compared(trial: Trial, of: Operation, made: Exchange, shown: Exchange, other: Api) -> Iterator[Result]:
    """Texts, which both versions write alike, and the id."""
    texts = [s.name for s in made.operation.settings if s.kind == "text" and s.shown and s.name in shown.object]
    lost = sorted(name for name in texts if made.object.get(name) != shown.object[name])
    fine = shown.succeeded and not lost
    observed = f"other values in {', '.join(lost)}" if lost else ""
    expected = f"the object that was created, with the same texts here and in {other.name}"
    yield from trial.verdict(VERSIONS, shown, fine, expected, of=of, observed=observed)


def _caller(trial: Trial, other: Api) -> Caller:
    plan = trial.plan
    stem = plan.url.removesuffix("/").removesuffix(trial.api.base_path)
    caller = Caller(other, stem, plan.credentials, pace=trial.bench.pace)
    first = next((o for o in other.operations if o.safe and not o.placeholders and not o.restricted), None)
    if first is None or not trial.ask(first, {}, caller=caller).succeeded:
        raise NotPossible(f"the server does not answer {other.name}")
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


def _ids(api: Api, operation: Operation, other: Api, thing: Thing) -> dict[str, object]:
    """The ids of a path of the other version."""
    known = {}
    for creator_id, identity in thing.known.items():
        same = counterpart(api, api.operation(creator_id), other)
        if same is not None:
            known[same.id] = identity
    missing = [p.name for p in operation.placeholders if p.creator not in known]
    if missing:
        raise NotPossible(f"{other.name} names {', '.join(missing)} that this version does not have")
    return {p.name: known[p.creator] for p in operation.placeholders}

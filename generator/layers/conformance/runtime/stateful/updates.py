"""A change is kept, changes only what was sent, and a refused one nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from ..description import Json, Operation, label_of
from ..objects.cleanup import GONE
from ..resources import Resource
from ..results import Result
from .check_context import Exchange, Trial
from .checks.objects import AGAIN, CHANGED, FOUND, OTHERS, UNTOUCHED, UPDATED
from .creation import show
from .factory import Making, Thing
from .invalid_values import unfit
from .values import different, others, told_back

_NOT_TAKEN = "no change of it was taken"


def updated(trial: Trial, resource: Resource) -> Iterator[Result]:
    """The checks of the operations that change one object."""
    making = Making(trial)
    for changer in resource.changers:
        yield from _taken(trial, making, resource, changer)
        was_taken = yield from _kept(trial, making, resource, changer)
        if changer.method == "PUT":
            yield from _idempotent(trial, making, resource, changer)
        if was_taken:
            yield from _refused(trial, making, resource, changer)
        else:
            yield from trial.skipped(UNTOUCHED, changer, _NOT_TAKEN)


def _full(making: Making, resource: Resource) -> Thing:
    """An object with as many settings as the examples tell."""
    known = {setting.name for setting in resource.creator.settings}
    extra = {n: v for changer in resource.changers for n, v in making.body(changer).items() if n in known}
    _, thing = making.tried(resource.creator, {**extra, **making.body(resource.creator)})
    return thing or making.thing(resource.creator)


def _taken(trial: Trial, making: Making, resource: Resource, changer: Operation) -> Iterator[Result]:
    """The example as it is; once more with other names where it is refused, since they may have to be unique."""
    thing = _full(making, resource)
    before = show(making, resource, thing)
    exchange = _example_sent(trial, making, changer, thing, before)
    while 400 <= exchange.status < 500 and making.names_more():
        exchange = _example_sent(trial, making, changer, thing, before)
    is_found = exchange.status not in GONE or not show(making, resource, thing).succeeded
    yield from trial.verdict(FOUND, exchange, is_found, "no 404, since the object is shown")
    if is_found:
        yield from trial.verdict(CHANGED, exchange, exchange.succeeded, "the description's own example taken")


def _example_sent(trial: Trial, making: Making, changer: Operation, thing: Thing, before: Exchange) -> Exchange:
    return trial.ask(changer, making.ids(changer, thing), next(changes(making, changer, before)))


def _kept(trial: Trial, making: Making, resource: Resource, changer: Operation) -> Generator[Result, None, bool]:
    """One setting after the other is changed, then looked at with all others; whether any change was taken."""
    was_taken = False
    thing = _full(making, resource)
    before = show(making, resource, thing)
    for values in changes(making, changer, before):
        exchange = trial.ask(changer, making.ids(changer, thing), values)
        if not exchange.succeeded:
            continue
        was_taken = True
        after = show(making, resource, thing)
        lost = sorted(told_back(changer, values, after.object))
        observed = f"the old value in {', '.join(lost)}"
        yield from trial.verdict(UPDATED, exchange, not lost, "the new value when shown", observed=observed)
        if changer.method == "PATCH":
            yield from _others(trial, exchange, changer, values, before, after)
        before = after
    if not was_taken:
        for check in (UPDATED, OTHERS) if changer.method == "PATCH" else (UPDATED,):
            yield from trial.skipped(check, changer, _NOT_TAKEN)
    return was_taken


def changes(making: Making, changer: Operation, before: Exchange) -> Iterator[Mapping[str, Json]]:
    """Bodies that change an object: the example as it is, then one setting alone."""
    required = {s.name: before.object.get(s.name) for s in changer.settings if s.required}
    example = making.body(changer)
    yield {**{name: value for name, value in required.items() if value is not None}, **example}
    label = label_of(changer)
    if label is not None:
        yield {**required, label.name: f"{making.name()} changed"}
    for setting in changer.settings:
        for value in others(setting, example[setting.name]) if setting.shown and setting.name in example else ():
            yield {**required, setting.name: value}


def _others(
    trial: Trial,
    exchange: Exchange,
    changer: Operation,
    values: Mapping[str, Json],
    before: Exchange,
    after: Exchange,
) -> Iterator[Result]:
    lost = [
        setting.name
        for setting in changer.settings
        if setting.shown and setting.name not in values and before.object.get(setting.name) is not None
        if before.object.get(setting.name) != after.object.get(setting.name)
    ]
    observed = f"{', '.join(lost)} changed as well"
    detail = ", ".join(lost)
    expected = f"nothing but {', '.join(values)} changes"
    yield from trial.verdict(OTHERS, exchange, not lost, expected, observed=observed, detail=detail)


def _idempotent(trial: Trial, making: Making, resource: Resource, changer: Operation) -> Iterator[Result]:
    thing = making.thing(resource.creator)
    body = _whole(making, changer, thing)
    first = trial.ask(changer, making.ids(changer, thing), body)
    if not first.succeeded:
        yield from trial.skipped(AGAIN, changer, f"answered {first.status}, so there is nothing to do twice")
        return
    once = show(making, resource, thing)
    second = trial.ask(changer, making.ids(changer, thing), body)
    twice = show(making, resource, thing)
    names = [setting.name for setting in changer.settings if setting.shown]
    same = all(once.object.get(name) == twice.object.get(name) for name in names)
    fine = second.status == first.status and same
    yield from trial.verdict(AGAIN, second, fine, f"{first.status} and the object as the first call left it")


def _whole(making: Making, changer: Operation, thing: Thing) -> dict[str, Json]:
    """The settings of an object with those of the example in their place."""
    names = {setting.name for setting in changer.settings}
    return {**{n: v for n, v in thing.sent.items() if n in names}, **making.body(changer)}


def _refused(trial: Trial, making: Making, resource: Resource, changer: Operation) -> Iterator[Result]:
    """A good value beside a bad one; whichever is looked at first, neither may be written."""
    thing = making.thing(resource.creator)
    good, before = _whole(making, changer, thing), show(making, resource, thing)
    label = label_of(changer)
    good |= {label.name: f"{making.name()} refused"} if label else {}
    for setting, value in unfit(changer):
        if setting.name == (label.name if label else ""):
            continue
        exchange = trial.ask(changer, making.ids(changer, thing), {**good, setting.name: value})
        if exchange.succeeded:
            return  # that is another check's finding
        after = show(making, resource, thing)
        changed = [
            s.name
            for s in changer.settings
            if s.shown and different(s.kind, before.object.get(s.name), after.object.get(s.name))
        ]
        observed = f"{', '.join(changed)} changed, though the answer was {exchange.status}"
        yield from trial.verdict(UNTOUCHED, exchange, not changed, "the object as it was", observed=observed)
        return

"""An update is kept, changes only what was sent, and a rejected one changes nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from ..api import Json, Operation, label_of
from ..lifecycles import Lifecycle
from ..objects.cleanup import GONE
from ..results import SHOULD, Result
from .check_run import CheckRun, Exchange
from .checks.objects import CHANGED, FOUND, OTHERS, REPEATED, RESPONSE, UNTOUCHED, UPDATED
from .creation import show
from .factory import CreatedObject, ObjectFactory
from .invalid_values import invalid_settings
from .sent_values import differ, lost_values, other_values

_NOT_TAKEN = "no change of it was taken"


def check_updates(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check the operations that change one object."""
    factory = ObjectFactory(run)
    for changer in lifecycle.changers:
        yield from _check_example(run, factory, lifecycle, changer)
        was_accepted = yield from _check_values(run, factory, lifecycle, changer)
        if changer.kind == "replace":
            yield from _check_idempotent(run, factory, lifecycle, changer)
        if was_accepted:
            yield from _check_nulls(run, factory, lifecycle, changer)
            yield from _check_rejected(run, factory, lifecycle, changer)
        else:
            yield from run.skip(UNTOUCHED, changer, _NOT_TAKEN)


def _create_full(factory: ObjectFactory, lifecycle: Lifecycle) -> CreatedObject:
    """An object with as many settings as the examples have."""
    known = {setting.name for setting in lifecycle.creator.settable}
    extra = {n: v for changer in lifecycle.changers for n, v in factory.body(changer).items() if n in known}
    _, created = factory.try_create(lifecycle.creator, {**extra, **factory.body(lifecycle.creator)})
    return created or factory.create(lifecycle.creator)


def _check_example(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation) -> Iterator[Result]:
    """Check the example as it is; with new names if it is rejected, since they may have to be unique."""
    created = _create_full(factory, lifecycle)
    before = show(factory, lifecycle, created)
    exchange = _send_example(run, factory, changer, created, before)
    while 400 <= exchange.status < 500 and factory.vary_names():
        exchange = _send_example(run, factory, changer, created, before)
    is_found = exchange.status not in GONE or not show(factory, lifecycle, created).succeeded
    yield from run.verdict(FOUND, exchange, is_found, "no 404, since the object is shown")
    if is_found and changer.has_example:
        yield from run.verdict(CHANGED, exchange, exchange.succeeded, "the description's own example taken")


def _send_example(
    run: CheckRun, factory: ObjectFactory, changer: Operation, created: CreatedObject, before: Exchange
) -> Exchange:
    return run.ask(changer, factory.ids(changer, created), next(changes(factory, changer, before)))


def _check_values(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation
) -> Generator[Result, None, bool]:
    """Change one setting after the other and compare all of them; returns whether any change was accepted."""
    was_accepted = False
    created = _create_full(factory, lifecycle)
    before = show(factory, lifecycle, created)
    for values in changes(factory, changer, before):
        exchange = run.ask(changer, factory.ids(changer, created), values)
        if not exchange.succeeded:
            continue
        was_accepted = True
        after = show(factory, lifecycle, created)
        lost = sorted(lost_values(changer, values, after.object))
        observed = f"the old value in {', '.join(lost)}"
        yield from run.verdict(UPDATED, exchange, not lost, "the new value when shown", observed=observed)
        stale = sorted(lost_values(changer, values, exchange.object))
        observed = f"another value in {', '.join(stale)}"
        yield from run.verdict(RESPONSE, exchange, not stale, "the values that were sent", observed=observed)
        if changer.kind == "update":
            yield from _check_others(run, exchange, changer, values, before, after)
        before = after
    if not was_accepted:
        for check in (UPDATED, OTHERS) if changer.kind == "update" else (UPDATED,):
            yield from run.skip(check, changer, _NOT_TAKEN)
    return was_accepted


def _check_nulls(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation) -> Iterator[Result]:
    """A text that may be null is gone after a change to null."""
    created = factory.create(lifecycle.creator)
    required = {s.name: created.sent.get(s.name) for s in changer.settable if s.required}
    for setting in changer.settable:
        free = setting.nullable and setting.shown and setting.kind == "text" and not setting.required
        if not free or setting.name in dict(changer.named):
            continue
        ids = factory.ids(changer, created)
        text = run.ask(changer, ids, {**required, setting.name: f"{factory.new_name()} later null"})
        if not text.succeeded or not show(factory, lifecycle, created).object.get(setting.name):
            continue
        exchange = run.ask(changer, ids, {**required, setting.name: None})
        if exchange.succeeded:
            fine = not show(factory, lifecycle, created).object.get(setting.name)
            observed, detail = f"the old value in {setting.name}", "" if fine else f"{setting.name} null"
            yield from run.verdict(UPDATED, exchange, fine, "nothing", observed=observed, level=SHOULD, detail=detail)


def changes(factory: ObjectFactory, changer: Operation, before: Exchange) -> Iterator[Mapping[str, Json]]:
    """Bodies that change an object: the example as it is, then one setting alone."""
    required = {s.name: before.object.get(s.name) for s in changer.settable if s.required}
    example = factory.body(changer)
    yield {**{name: value for name, value in required.items() if value is not None}, **example}
    label = label_of(changer)
    if label is not None:
        yield {**required, label.name: f"{factory.new_name()} changed"}
    for setting in changer.settable:
        for value in other_values(setting, example[setting.name]) if setting.shown and setting.name in example else ():
            yield {**required, setting.name: value}


def _check_others(
    run: CheckRun,
    exchange: Exchange,
    changer: Operation,
    values: Mapping[str, Json],
    before: Exchange,
    after: Exchange,
) -> Iterator[Result]:
    lost = [
        setting.name
        for setting in changer.settable
        if setting.shown and setting.name not in values and before.object.get(setting.name) is not None
        if before.object.get(setting.name) != after.object.get(setting.name)
    ]
    observed = f"{', '.join(lost)} changed as well"
    detail = ", ".join(lost)
    expected = f"nothing but {', '.join(values)} changes"
    yield from run.verdict(OTHERS, exchange, not lost, expected, observed=observed, detail=detail)


def _check_idempotent(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation
) -> Iterator[Result]:
    created = factory.create(lifecycle.creator)
    body = _full_body(factory, changer, created)
    first = run.ask(changer, factory.ids(changer, created), body)
    if not first.succeeded:
        yield from run.skip(REPEATED, changer, f"answered {first.status}, so there is nothing to do twice")
        return
    once = show(factory, lifecycle, created)
    second = run.ask(changer, factory.ids(changer, created), body)
    twice = show(factory, lifecycle, created)
    names = [setting.name for setting in changer.settable if setting.shown]
    same = all(once.object.get(name) == twice.object.get(name) for name in names)
    fine = second.status == first.status and same
    yield from run.verdict(REPEATED, second, fine, f"{first.status} and the object as the first call left it")


def _full_body(factory: ObjectFactory, changer: Operation, created: CreatedObject) -> dict[str, Json]:
    """The settings of an object, with those of the example in their place."""
    names = {setting.name for setting in changer.settable}
    return {**{n: v for n, v in created.sent.items() if n in names}, **factory.body(changer)}


def _check_rejected(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation
) -> Iterator[Result]:
    """A valid value beside an invalid one: neither may be stored."""
    created = factory.create(lifecycle.creator)
    good, before = _full_body(factory, changer, created), show(factory, lifecycle, created)
    label = label_of(changer)
    good |= {label.name: f"{factory.new_name()} refused"} if label else {}
    for setting, value in invalid_settings(changer):
        if setting.name == (label.name if label else ""):
            continue
        exchange = run.ask(changer, factory.ids(changer, created), {**good, setting.name: value})
        if exchange.succeeded:
            return  # another check reports that
        after = show(factory, lifecycle, created)
        changed = [
            s.name
            for s in changer.settable
            if s.shown and differ(s.kind, before.object.get(s.name), after.object.get(s.name))
        ]
        observed = f"{', '.join(changed)} changed, though the response was {exchange.status}"
        yield from run.verdict(UNTOUCHED, exchange, not changed, "the object as it was", observed=observed)
        return

"""The times of creation and of the last change: a change moves one of them, and reading none."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping

from ..api import Json, Operation, label_of
from ..lifecycles import Lifecycle
from ..results import Result
from .check_run import CheckRun, Exchange
from .checks.objects import FIRST_TIME, LAST_TIME, READING
from .creation import show
from .factory import CreatedObject, ObjectFactory
from .lists.pager import Pager
from .sent_values import moment

CREATED = ("createdat", "created", "createdon", "creationdate", "creationtime", "createtime")
CHANGED = (
    *("updatedat", "updated", "updatedon", "updatetime", "modifiedat", "modified", "lastmodified", "lastmodifiedat"),
    *("lastupdated", "lastupdatedat", "changedat"),
)
_COARSE_SECONDS = 1.1


def check_moments(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check the times that one object shows, before and after a change."""
    changer = next((one for one in lifecycle.changers if label_of(one) is not None), None)
    if lifecycle.shower is None or changer is None:
        return
    factory = ObjectFactory(run)
    created = factory.create(lifecycle.creator)
    before = show(factory, lifecycle, created)
    names = [*_find_times(lifecycle, before, CHANGED), *_find_times(lifecycle, before, CREATED)]
    if not names:
        return
    for lister in lifecycle.listers[:1]:
        Pager(factory=factory, lister=lister, created=created).find(created)
    again = show(factory, lifecycle, created)
    moved = [name for name in names if before.object.get(name) != again.object.get(name)]
    observed = f"{', '.join(moved)} moved"
    yield from run.verdict(READING, again, not moved, "the times as they were", observed=observed)
    yield from _checkchange_name(run, factory, lifecycle, changer, created, again)


def _checkchange_name(
    run: CheckRun,
    factory: ObjectFactory,
    lifecycle: Lifecycle,
    changer: Operation,
    created: CreatedObject,
    before: Exchange,
) -> Iterator[Result]:
    last, first = _find_times(lifecycle, before, CHANGED), _find_times(lifecycle, before, CREATED)
    exchange, after = change_name(run, factory, lifecycle, changer, created, before)
    if exchange.succeeded and _find_standing(last, before, after):
        time.sleep(_COARSE_SECONDS)  # the times may be written in whole seconds
        exchange, after = change_name(run, factory, lifecycle, changer, created, before)
    if not exchange.succeeded or not after.succeeded:
        yield from run.skip(LAST_TIME, changer, f"answered {exchange.status}, so there is no change")
        return
    standing = _find_standing(last, before, after)
    if last:
        observed = f"{', '.join(standing)} did not move"
        yield from run.verdict(LAST_TIME, after, not standing, "a later time", of=changer, observed=observed)
    moved = [name for name in first if before.object.get(name) != after.object.get(name)]
    if first:
        observed = f"{', '.join(moved)} moved"
        yield from run.verdict(FIRST_TIME, after, not moved, "the time of creation", of=changer, observed=observed)


def change_name(
    run: CheckRun,
    factory: ObjectFactory,
    lifecycle: Lifecycle,
    changer: Operation,
    created: CreatedObject,
    before: Exchange,
) -> tuple[Exchange, Exchange]:
    """Another name for the object, and the object after it."""
    label = label_of(changer)
    required = {s.name: before.object.get(s.name) for s in changer.settable if s.required}
    body: Mapping[str, Json] = {**required, **({label.name: f"{factory.new_name()} later"} if label else {})}
    exchange = run.ask(changer, factory.ids(changer, created), body)
    return exchange, show(factory, lifecycle, created)


def _find_standing(names: list[str], before: Exchange, after: Exchange) -> list[str]:
    """The times that are not later than before."""
    pairs = ((name, moment(before.object.get(name)), moment(after.object.get(name))) for name in names)
    return [name for name, one, other in pairs if one is not None and (other is None or other <= one)]


def _find_times(lifecycle: Lifecycle, shown: Exchange, names: tuple[str, ...]) -> list[str]:
    """The members that are called like such a time, are one, and cannot be set."""
    return list_times((lifecycle.creator, *lifecycle.changers), shown.object, names)


def list_times(changing: Iterable[Operation], shown: Mapping[str, Json], names: tuple[str, ...]) -> list[str]:
    """The members of an object with one of the names that are a time, and that none of these operations can set."""
    settable = {setting.name for one in changing for setting in one.settable}
    plain = {name: re.sub(r"[^a-z0-9]", "", name.lower()) for name in shown if name not in settable}
    return [name for name, text in plain.items() if text in names and moment(shown[name]) is not None]

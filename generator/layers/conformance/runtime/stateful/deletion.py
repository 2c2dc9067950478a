"""What was deleted is gone: shown by nothing, listed by nothing, deleted once."""

from __future__ import annotations

from collections.abc import Iterator

from ..objects.cleanup import GONE
from ..resources import Resource, is_marked_deleted, resources
from ..results import Result
from .check_context import NotPossible, Trial
from .checks.objects import BELOW, DELETED, TWICE, UNLISTED
from .creation import show
from .factory import Making, Thing
from .pager import Walk, held
from .values import is_anothers


def deleted(trial: Trial, resource: Resource) -> Iterator[Result]:
    """The checks of one resource's deletion."""
    making, destroyer = Making(trial), resource.destroyer
    if destroyer is None:
        return
    thing = making.thing(resource.creator)
    children = list(_children(trial, making, resource, thing))
    ids = making.ids(destroyer, thing)
    first = trial.ask(destroyer, ids)
    if not first.succeeded:
        raise NotPossible(f"{destroyer.id} answered {first.status}")
    if resource.shower is not None:
        shown = show(making, resource, thing)
        marked = is_marked_deleted(trial.plan, resource, shown.object)
        gone = shown.status in GONE or marked or is_anothers(shown, thing.made)
        yield from trial.verdict(DELETED, shown, gone, "404, since it was deleted", of=destroyer)
    for lister in resource.listers:
        _, page = Walk(making=making, lister=lister, thing=thing).holding(thing)
        item = held(page, thing)
        gone = item is None or is_marked_deleted(trial.plan, resource, item) or _came_again(making, resource, thing)
        yield from trial.verdict(UNLISTED, page, gone, "a list without it", of=destroyer, detail=lister.id)
    if _came_again(making, resource, thing):
        yield from trial.skipped(TWICE, destroyer, "the server gave the id out again")
        return
    second = trial.ask(destroyer, ids)
    yield from trial.verdict(TWICE, second, second.status in GONE, "404, since nothing is left to delete")
    for child, below in children:
        yield from _below(trial, making, child, below)


def _came_again(making: Making, resource: Resource, thing: Thing) -> bool:
    """Whether the id is another object's by now, which must not be deleted."""
    return resource.shower is not None and is_anothers(show(making, resource, thing), thing.made)


def _children(trial: Trial, making: Making, resource: Resource, thing: Thing) -> Iterator[tuple[Resource, Thing]]:
    """An object of each kind that is made below this one."""
    for child in resources(trial.api):
        if any(p.creator == resource.creator.id for p in child.creator.placeholders):
            _, below = making.tried(child.creator, above=thing)
            if below is not None:
                yield child, below


def _below(trial: Trial, making: Making, child: Resource, thing: Thing) -> Iterator[Result]:
    """The paths that lead through the deleted object lead nowhere."""
    through = [o for o in (child.shower, *child.listers) if o and o.placeholders and o.method == "GET"]
    for operation in through:
        if operation.placeholders[0].creator in thing.above:
            exchange = trial.ask(operation, making.ids(operation, thing))
            yield from trial.verdict(BELOW, exchange, exchange.status in GONE, "404, since what it is below is gone")

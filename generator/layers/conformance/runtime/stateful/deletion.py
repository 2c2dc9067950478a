"""A deleted object is gone: not shown, not listed, and deleted only once."""

from __future__ import annotations

from collections.abc import Iterator

from ..lifecycles import Lifecycle, is_marked_deleted, list_lifecycles
from ..results import Result
from .check_run import CheckRun, NotPossible
from .checks.objects import BELOW, DELETED, TWICE, UNLISTED
from .creation import show
from .factory import CreatedObject, ObjectFactory
from .lists.pager import Pager, item_of
from .sent_values import shows_another_object


def check_deletion(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check the deletion of one resource."""
    factory, destroyer = ObjectFactory(run), lifecycle.destroyer
    if destroyer is None:
        return
    created = factory.create(lifecycle.creator)
    children = list(_create_children(run, factory, lifecycle, created))
    ids = factory.ids(destroyer, created)
    first = run.ask(destroyer, ids)
    if not first.succeeded:
        raise NotPossible(f"{destroyer.id} answered {first.status}")
    if lifecycle.shower is not None:
        shown = show(factory, lifecycle, created)
        marked = is_marked_deleted(run.plan, lifecycle, shown.object)
        gone = factory.is_gone(shown) or marked or shows_another_object(shown, created.creation)
        yield from run.verdict(DELETED, shown, gone, "404, since it was deleted", of=destroyer)
    for lister in lifecycle.listers:
        _, page, _ = Pager(factory=factory, lister=lister, created=created).find(created)
        item = item_of(page, created)
        gone = (
            item is None or is_marked_deleted(run.plan, lifecycle, item) or _is_id_reused(factory, lifecycle, created)
        )
        yield from run.verdict(UNLISTED, page, gone, "a list without it", of=destroyer, detail=lister.id)
    if _is_id_reused(factory, lifecycle, created):
        yield from run.skip(TWICE, destroyer, "the server reused the id")
        return
    second = run.ask(destroyer, ids)
    yield from run.verdict(TWICE, second, factory.is_gone(second), "404, since nothing is left to delete")
    for child, below in children:
        yield from _check_below(run, factory, child, below)


def _is_id_reused(factory: ObjectFactory, lifecycle: Lifecycle, created: CreatedObject) -> bool:
    """Whether the id belongs to another object by now, which must not be deleted."""
    return lifecycle.shower is not None and shows_another_object(show(factory, lifecycle, created), created.creation)


def _create_children(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, created: CreatedObject
) -> Iterator[tuple[Lifecycle, CreatedObject]]:
    """Create an object of each kind below this one."""
    for child in list_lifecycles(run.api):
        if any(p.creator == lifecycle.creator.id for p in child.creator.placeholders):
            _, below = factory.try_create(child.creator, above=created)
            if below is not None:
                yield child, below


def _check_below(run: CheckRun, factory: ObjectFactory, child: Lifecycle, created: CreatedObject) -> Iterator[Result]:
    """Neither paths below the deleted object nor other addresses may show what was there."""
    expected = "404, since what it is below is gone"
    for operation in (o for o in (child.shower, *child.listers) if o and o.placeholders):
        if operation.placeholders[0].creator in created.above:
            exchange = run.ask(operation, factory.ids(operation, created))
            yield from run.verdict(BELOW, exchange, factory.is_gone(exchange), expected)
        elif operation is child.shower:
            exchange = run.ask(operation, factory.ids(operation, created))
            gone = factory.is_gone(exchange) or shows_another_object(exchange, created.creation)
            gone = gone or is_marked_deleted(run.plan, child, exchange.object)
            yield from run.verdict(BELOW, exchange, gone, expected)
    for lister in (o for o in child.listers if not o.placeholders and not o.restricted):
        _, page, _ = Pager(factory=factory, lister=lister, created=created).find(created)
        item = item_of(page, created)
        gone = item is None or is_marked_deleted(run.plan, child, item) or _is_id_reused(factory, child, created)
        yield from run.verdict(BELOW, page, gone, "a list without it, since what it was below is gone")

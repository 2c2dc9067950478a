"""The units of this layer: one for each theme and what it is about."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from ..context import Bench, Unit
from ..description import Operation
from ..plan import Plan
from ..resources import Resource, resources
from ..results import FAILED, PASSED, Result
from .aliases import counterpart, replaced, shared_with
from .check_context import LAYER, NoAnswer, NotPossible, Trial, skipped, unanswered
from .checks.check import Check
from .checks.objects import REACHED
from .creation import created
from .deletion import deleted
from .filters import filtered
from .invalid_requests import refused, unauthenticated
from .jobs import run_through
from .links import followed
from .pagination import paged
from .responses import answered
from .sequences import in_any_order
from .tenants import concerning, foreign, restricted
from .updates import updated
from .uploads import uploaded

Theme = Callable[[Trial], Iterator[Result]]
Named = tuple[str, tuple[Operation, ...], Theme]
_MOST_PER_CHECK = 5


def units(plan: Plan) -> Iterator[Unit]:
    """Everything that this layer does."""
    for name, operations, theme in _themes(plan):
        wanted = any(plan.wants(check.id, check.name) for check in (REACHED, *_checks_of(theme)))
        if wanted and any(plan.chooses(operation) for operation in operations):
            yield Unit(layer=LAYER, name=name, run=partial(_tried, name=name, operations=operations, theme=theme))


def _checks_of(theme: Theme) -> Iterator[Check]:
    """What a theme can tell: the checks that its module names."""
    about = theme.func if isinstance(theme, partial) else theme
    yield from (value for value in vars(sys.modules[about.__module__]).values() if isinstance(value, Check))


def _themes(plan: Plan) -> Iterator[Named]:
    if plan.writes:
        for resource in resources(plan.api):
            yield from _of_resource(plan, resource)
        for operation in plan.api.operations:
            yield from _of_operation(operation)
        for name in dict.fromkeys(operation.resource for operation in plan.api.operations):
            operations = tuple(operation for operation in plan.api.operations if operation.resource == name)
            yield f"answers {name}", operations, partial(answered, operations=operations)
            yield f"refusals {name}", operations, partial(refused, operations=operations)
    yield from _reading(plan)


def _of_resource(plan: Plan, resource: Resource) -> Iterator[Named]:
    operations = resource.operations
    yield f"creation {resource.name}", operations, partial(created, resource=resource)
    yield f"updates {resource.name}", operations, partial(updated, resource=resource)
    yield f"deletion {resource.name}", operations, partial(deleted, resource=resource)
    if resource.shower is not None and resource.destroyer is not None:
        yield f"sequences {resource.name}", operations, partial(in_any_order, resource=resource)
    reached = (*operations, *concerning(plan.api, resource))
    yield f"tenants {resource.name}", reached, partial(foreign, resource=resource)
    if any(setting.kind == "file" for setting in resource.creator.settings):
        yield f"uploads {resource.name}", (resource.creator,), partial(uploaded, creator=resource.creator)
    for other in (other for other in plan.others if counterpart(plan.api, resource.shower, other)):
        theme = partial(shared_with, resource=resource, other=other)
        yield f"versions {resource.name} {other.name}", operations, theme


def _of_operation(operation: Operation) -> Iterator[Named]:
    if operation.restricted:
        yield f"roles {operation.id}", (operation,), partial(restricted, operation=operation)
    if operation.filter or operation.narrowing:
        yield f"filters {operation.id}", (operation,), partial(filtered, lister=operation)
    if operation.replaced_by and " " not in operation.replaced_by:
        yield f"aliases {operation.id}", (operation,), partial(replaced, older=operation)
    if operation.job:
        yield f"jobs {operation.id}", (operation,), partial(run_through, start=operation)


def _reading(plan: Plan) -> Iterator[Named]:
    """What can be checked without writing as well."""
    for operation in plan.api.operations:
        if operation.pagination and (plan.writes or not operation.placeholders):
            yield f"pages {operation.id}", (operation,), partial(paged, lister=operation)
        if operation.expiring:
            yield f"links {operation.id}", (operation,), partial(followed, operation=operation)
        if operation.safe and not plan.writes and len(operation.placeholders) == 1:
            yield f"refusals {operation.id}", (operation,), partial(refused, operations=(operation,))
    first = next((o for o in plan.api.operations if o.safe and not o.placeholders and not o.restricted), None)
    if first is not None:
        yield "refusals authentication", (first,), partial(unauthenticated, operation=first)


def _tried(bench: Bench, *, name: str, operations: tuple[Operation, ...], theme: Theme) -> Iterator[Result]:
    trial = Trial(bench, name)
    yield from _merged(_guarded(trial, operations, theme))


def _guarded(trial: Trial, operations: tuple[Operation, ...], theme: Theme) -> Iterator[Result]:
    try:
        yield from theme(trial)
    except NotPossible as error:
        yield skipped(trial.unit, operations[0], str(error))
    except NoAnswer as error:
        yield unanswered(trial.unit, error)


def _merged(results: Iterable[Result]) -> Iterator[Result]:
    """One result for each check of an operation, or its first failures."""
    known: dict[str, list[Result]] = {}
    for result in results:
        same = known.setdefault(result.id, [])
        if result.status == FAILED:
            if all(result.detail != other.detail for other in same if other.status == FAILED):
                same.append(result)
        else:
            same.insert(0, result)
    for same in known.values():
        failures = [result for result in same if result.status == FAILED]
        passed = [result for result in same if result.status == PASSED]
        yield from failures[:_MOST_PER_CHECK] or [replace(one, count=len(same)) for one in (passed or same)[:1]]

"""The work items of this phase: one for each theme and its resource or operation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from ..api import Operation
from ..context import RunContext, WorkItem
from ..lifecycles import Lifecycle, list_lifecycles
from ..plan import Plan
from ..results import FAILED, PASSED, Result
from .aliases import check_alias, check_other_version, counterpart
from .check_run import PHASE, CheckRun, NoResponse, NotPossible, no_response, skip
from .checks.check import Check
from .checks.objects import REACHED
from .creation import check_creation
from .deletion import check_deletion
from .described_responses import check_responses
from .expiring_links import check_links
from .invalid_requests import check_invalid_requests, check_unauthenticated
from .jobs import check_job
from .lists.filters import check_filters
from .lists.pagination import check_pagination
from .lists.walks import check_walk
from .moments_of_change import check_moments
from .protocol.conditions import check_conditions, has_conditions
from .protocol.left_out import check_left_out, has_left_out
from .protocol.media_types import check_media_types
from .protocol.methods import check_methods
from .protocol.overrides import check_overrides
from .sequences import check_sequences
from .tenants import check_other_tenant, check_role, operations_on
from .updates import check_updates
from .uploads import check_uploads

Theme = Callable[[CheckRun], Iterator[Result]]
Named = tuple[str, tuple[Operation, ...], Theme]
_MOST_PER_CHECK = 5


def work_items(plan: Plan) -> Iterator[WorkItem]:
    """The work items of this phase."""
    for name, operations, theme in _themes(plan):
        wanted = any(plan.wants(check.id, check.name) for check in (REACHED, *_checks_of(theme)))
        if wanted and any(plan.chooses(operation) for operation in operations):
            yield WorkItem(
                phase=PHASE,
                name=name,
                run=partial(_run_theme, name=name, operations=operations, theme=theme),
                operations=tuple(operation.label for operation in operations if plan.chooses(operation)),
                checks=tuple(check.id for check in _checks_of(theme) if plan.wants(check.id, check.name)),
            )


def _checks_of(theme: Theme) -> Iterator[Check]:
    """The checks of a theme: those that its module imports."""
    about = theme.func if isinstance(theme, partial) else theme
    yield from (value for value in vars(sys.modules[about.__module__]).values() if isinstance(value, Check))


def _themes(plan: Plan) -> Iterator[Named]:
    if plan.writes:
        for lifecycle in list_lifecycles(plan.api):
            yield from _name_object_checks(plan, lifecycle)
        for operation in plan.api.operations:
            yield from _of_operation(operation)
        for name in dict.fromkeys(operation.resource for operation in plan.api.operations):
            operations = tuple(operation for operation in plan.api.operations if operation.resource == name)
            yield f"responses {name}", operations, partial(check_responses, operations=operations)
            yield f"errors {name}", operations, partial(check_invalid_requests, operations=operations)
            yield f"methods {name}", operations, partial(check_methods, operations=operations)
            if {415, 406} & {status for operation in operations for status in operation.statuses}:
                yield f"media types {name}", operations, partial(check_media_types, operations=operations)
    yield from _list_reading_checks(plan)


def _name_object_checks(plan: Plan, lifecycle: Lifecycle) -> Iterator[Named]:
    operations = lifecycle.operations
    yield f"creation {lifecycle.name}", operations, partial(check_creation, lifecycle=lifecycle)
    yield f"updates {lifecycle.name}", operations, partial(check_updates, lifecycle=lifecycle)
    yield f"times {lifecycle.name}", operations, partial(check_moments, lifecycle=lifecycle)
    if has_conditions(lifecycle):
        yield f"conditions {lifecycle.name}", operations, partial(check_conditions, lifecycle=lifecycle)
    if has_left_out(plan.api.name, lifecycle):
        yield f"left out {lifecycle.name}", operations, partial(check_left_out, lifecycle=lifecycle)
    if lifecycle.shower is not None and lifecycle.destroyer is not None:
        yield f"overrides {lifecycle.name}", operations, partial(check_overrides, lifecycle=lifecycle)
    yield f"deletion {lifecycle.name}", operations, partial(check_deletion, lifecycle=lifecycle)
    if lifecycle.shower is not None and lifecycle.destroyer is not None:
        yield f"sequences {lifecycle.name}", operations, partial(check_sequences, lifecycle=lifecycle)
    reached = (*operations, *operations_on(plan.api, lifecycle))
    yield f"tenants {lifecycle.name}", reached, partial(check_other_tenant, lifecycle=lifecycle)
    if any(setting.kind == "file" for setting in lifecycle.creator.settable):
        yield f"uploads {lifecycle.name}", (lifecycle.creator,), partial(check_uploads, creator=lifecycle.creator)
    for other in (other for other in plan.others if counterpart(plan.api, lifecycle.shower, other)):
        theme = partial(check_other_version, lifecycle=lifecycle, other=other)
        yield f"versions {lifecycle.name} {other.name}", operations, theme


def _of_operation(operation: Operation) -> Iterator[Named]:
    if operation.restricted:
        yield f"roles {operation.id}", (operation,), partial(check_role, operation=operation)
    if operation.kind == "list":
        yield f"walk {operation.id}", (operation,), partial(check_walk, lister=operation)
    if operation.filter or operation.narrowing:
        yield f"filters {operation.id}", (operation,), partial(check_filters, lister=operation)
    if operation.replaced_by and " " not in operation.replaced_by:
        yield f"aliases {operation.id}", (operation,), partial(check_alias, older=operation)
    if operation.job:
        yield f"jobs {operation.id}", (operation,), partial(check_job, start=operation)


def _list_reading_checks(plan: Plan) -> Iterator[Named]:
    """Themes that need no writing."""
    for operation in plan.api.operations:
        if operation.pagination and (plan.writes or not operation.placeholders):
            yield f"pages {operation.id}", (operation,), partial(check_pagination, lister=operation)
        if operation.expiring:
            yield f"links {operation.id}", (operation,), partial(check_links, operation=operation)
        if operation.safe and not plan.writes and len(operation.placeholders) == 1:
            yield f"errors {operation.id}", (operation,), partial(check_invalid_requests, operations=(operation,))
    first = next((o for o in plan.api.operations if o.safe and not o.placeholders and not o.restricted), None)
    if first is not None:
        yield "errors authentication", (first,), partial(check_unauthenticated, operation=first)


def _run_theme(context: RunContext, *, name: str, operations: tuple[Operation, ...], theme: Theme) -> Iterator[Result]:
    run = CheckRun(context, name)
    yield from _merge(_run_guarded(run, operations, theme))


def _run_guarded(run: CheckRun, operations: tuple[Operation, ...], theme: Theme) -> Iterator[Result]:
    try:
        yield from theme(run)
    except NotPossible as error:
        yield skip(run.theme, operations[0], str(error), needs=error.needs)
    except NoResponse as error:
        yield no_response(run.theme, error)


def _merge(results: Iterable[Result]) -> Iterator[Result]:
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

"""The work items of fuzzing: each operation alone, and all in sequence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..api import Operation
from ..context import RunContext, WorkItem
from ..plan import Plan
from ..results import Result
from .collector import PHASE, ResultCollector
from .engine import AUTHORIZATION, CHECK_NAMES, Fuzzing, check_id

SEQUENCES = "sequences"


def work_items(plan: Plan) -> Iterator[WorkItem]:
    """One work item for each operation, and one for sequences of them if objects may be created."""
    if not any(plan.wants(check_id(name), name.replace("_", " ")) for name in CHECK_NAMES):
        return
    for operation in plan.operations:
        yield _make_item(plan, operation.id, (operation,), in_sequence=False)
    if plan.writes:
        yield _make_item(plan, SEQUENCES, plan.operations, in_sequence=True)


def _make_item(plan: Plan, name: str, operations: tuple[Operation, ...], *, in_sequence: bool) -> WorkItem:
    checks = (name for name in CHECK_NAMES if plan.wants(check_id(name), name.replace("_", " ")))
    return WorkItem(
        phase=PHASE,
        name=name,
        run=partial(_fuzz, operations=operations, in_sequence=in_sequence),
        operations=tuple(operation.label for operation in operations),
        checks=tuple(check_id(name) for name in checks if plan.second or name != AUTHORIZATION),
    )


def _fuzz(context: RunContext, *, operations: tuple[Operation, ...], in_sequence: bool) -> Iterator[Result]:
    fuzzing = Fuzzing(plan=context.plan, url=context.caller.url, operations=operations, in_sequence=in_sequence)
    collector = ResultCollector(context, in_sequence=in_sequence)
    for event in fuzzing.stream(context):
        collector.add_event(event)
        if context.plan.is_over:
            break
    yield from collector.results()

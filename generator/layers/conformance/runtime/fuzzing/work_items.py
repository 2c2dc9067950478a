"""The work items of fuzzing: each operation alone, and all in sequence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..api import Operation
from ..context import RunContext, WorkItem
from ..plan import Plan
from ..results import Result
from .collector import PHASE, ResultCollector
from .engine import CHECK_NAMES, Fuzzing, check_id

SEQUENCES = "sequences"


def work_items(plan: Plan) -> Iterator[WorkItem]:
    """One work item for each operation, and one for sequences of them if objects may be created."""
    if not any(plan.wants(check_id(name), name.replace("_", " ")) for name in CHECK_NAMES):
        return
    for operation in plan.operations:
        yield WorkItem(phase=PHASE, name=operation.id, run=partial(_fuzz, operations=(operation,), in_sequence=False))
    if plan.writes:
        yield WorkItem(phase=PHASE, name=SEQUENCES, run=partial(_fuzz, operations=plan.operations, in_sequence=True))


def _fuzz(context: RunContext, *, operations: tuple[Operation, ...], in_sequence: bool) -> Iterator[Result]:
    fuzzing = Fuzzing(plan=context.plan, url=context.caller.url, operations=operations, in_sequence=in_sequence)
    collector = ResultCollector(context, in_sequence=in_sequence)
    for event in fuzzing.stream(context):
        collector.add_event(event)
        if context.plan.is_over:
            break
    yield from collector.results()

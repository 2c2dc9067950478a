"""The work items of a run: those of every phase, or those of earlier failures."""

from __future__ import annotations

from collections.abc import Iterator

from .. import stateful
from ..attacks import runner as attacks
from ..context import WorkItem
from ..fuzzing import work_items as fuzzing
from ..fuzzing.earlier_failures import replay_items
from ..plan import Plan

_PHASES = (attacks, stateful, fuzzing)


def work_items(plan: Plan) -> Iterator[WorkItem]:
    """The work items of a run, in their order."""
    if plan.replayed:
        yield from _earlier_failures(plan)
        return
    for phase in _PHASES:
        yield from (item for item in phase.work_items(plan) if not plan.units or item.id in plan.units)


def _earlier_failures(plan: Plan) -> Iterator[WorkItem]:
    """The work items of earlier failures; generated requests are sent as they were."""
    whole = {result.unit for result in plan.replayed if result.case is None}
    for phase in _PHASES:
        yield from (item for item in phase.work_items(plan) if item.id in whole)
    yield from replay_items(plan.replayed)

"""The units of the schema layer: each operation by itself, and all in sequence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..context import Bench, Unit
from ..description import Operation
from ..plan import Plan
from ..results import Result
from .collector import LAYER, Harvest
from .engine import CHECK_NAMES, Fuzzing, check_id

SEQUENCES = "sequences"


def units(plan: Plan) -> Iterator[Unit]:
    """One unit for each operation, and one for sequences of them where objects may be made."""
    if not any(plan.wants(check_id(name), name.replace("_", " ")) for name in CHECK_NAMES):
        return
    for operation in plan.operations:
        yield Unit(layer=LAYER, name=operation.id, run=partial(_fuzzed, operations=(operation,), in_sequence=False))
    if plan.writes:
        yield Unit(layer=LAYER, name=SEQUENCES, run=partial(_fuzzed, operations=plan.operations, in_sequence=True))


def _fuzzed(bench: Bench, *, operations: tuple[Operation, ...], in_sequence: bool) -> Iterator[Result]:
    fuzzing = Fuzzing(plan=bench.plan, url=bench.caller.url, operations=operations, in_sequence=in_sequence)
    harvest = Harvest(bench, in_sequence=in_sequence)
    for event in fuzzing.stream(bench):
        harvest.take(event)
        if bench.plan.is_over:
            break
    yield from harvest.results()

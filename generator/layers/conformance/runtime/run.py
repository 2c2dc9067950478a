"""A whole run: the units of every layer one after the other, tidying up, one report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from . import models
from .bench import Bench, Unit, furnished
from .caller import CannotRun
from .plan import Plan
from .preflight import check_server
from .results import Report, Result, ordered
from .schemas import units as schemas
from .signatures import cells as signatures

LAYERS = (signatures, models, schemas)
Progress = Callable[[str, int, int], None]


def run(plan: Plan, folder: Path, progress: Progress) -> Report:
    """Run everything; raises CannotRun where no verdict is possible. Own objects are removed in any case."""
    started, clock = datetime.now(UTC), time.monotonic()
    bench = furnished(plan, folder)
    check_server(bench.caller)
    try:
        results = [result for unit in _progressing(plan, progress) for result in tried(unit, bench)]
    finally:
        notes = [f"not removed: {sentence}" for sentence in bench.objects.remove()]
    _check_still_there(bench)
    notes = [*_refused(bench), *notes]
    return Report(
        api=plan.api.name,
        title=plan.api.title,
        url=bench.masker.text(bench.caller.url),
        profile=plan.profile,
        seed=plan.seed,
        max_examples=plan.max_examples,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 2),
        operations=tuple(operation.label for operation in plan.operations),
        results=ordered(results),
        notes=tuple(bench.masker.text(note) for note in notes),
    )


def units(plan: Plan) -> Iterator[Unit]:
    """Everything that a run does, in its order."""
    for layer in LAYERS:
        yield from layer.units(plan)


def tried(unit: Unit, bench: Bench) -> Iterator[Result]:
    """The results of a unit, without secrets."""
    bench.objects.begin(unit.id)
    for result in unit.run(bench):
        yield replace(bench.masker.result(result), unit=unit.id)


def _progressing(plan: Plan, progress: Progress) -> Iterator[Unit]:
    todo = list(units(plan))
    for done, unit in enumerate(todo):
        progress(unit.layer, done, len(todo))
        yield unit
    progress("", len(todo), len(todo))


def _check_still_there(bench: Bench) -> None:
    """What a server that is gone did not answer says nothing about the server."""
    try:
        check_server(bench.caller)
    except CannotRun as error:
        raise CannotRun(f"the server stopped answering during the run, so there is no verdict: {error}") from None


def _refused(bench: Bench) -> list[str]:
    return [
        f"{operation} refused the description's own example ({answer.status}): its objects were tested as absent ones"
        for operation, answer in bench.objects.refusals.items()
    ]

"""A whole run: the units of every layer one after the other, tidying up, one report."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from .. import stateful
from ..attacks import runner as attacks
from ..context import Bench, Unit, furnished
from ..description import Operation, source_of
from ..errors import CannotRun
from ..fuzzing import work_items as fuzzing
from ..fuzzing.earlier_failures import replays
from ..http.clock_skew import remark
from ..http.rate_limit import TIME_IS_UP
from ..plan import Plan
from ..results import FAILED, PASSED, SKIPPED, Report, Result, crashed, ordered
from .clean import check_unused
from .preflight import Busy, check_server
from .users import check_users

LAYERS = (attacks, stateful, fuzzing)
Progress = Callable[[str, int, int], None]
_TRIES = 3


@dataclass(slots=True, kw_only=True)
class Work:
    """What was done so far, by this process or by others."""

    results: list[Result] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    clock: float = field(default_factory=time.monotonic)


def run(plan: Plan, folder: Path, progress: Progress) -> Report:
    """Run everything; raises CannotRun where no verdict is possible. Own objects are removed in any case."""
    check_unused(folder)
    bench, work = furnished(plan, folder), Work()
    check_users(bench)
    todo = list(units(plan))
    with _tidying(bench, work):
        for done, unit in enumerate(todo):
            progress(unit.layer, done, len(todo))
            work.results += tried(unit, bench)
        progress("", len(todo), len(todo))
        bench.journal.check()
    return reported(bench, work)


@contextmanager
def _tidying(bench: Bench, work: Work) -> Iterator[None]:
    """Remove what was made in any case; an error has a note for whatever stayed that no journal names."""
    try:
        yield
    except BaseException as error:
        for note in _stayed(bench):
            if bench.journal.fault:
                error.add_note(note)
        raise
    work.notes += tidied(bench)


def units(plan: Plan) -> Iterator[Unit]:
    """Everything that a run does, in its order."""
    if plan.replayed:
        yield from _again(plan)
        return
    for layer in LAYERS:
        yield from (unit for unit in layer.units(plan) if not plan.units or unit.id in plan.units)


def tried(unit: Unit, bench: Bench) -> Iterator[Result]:
    """The results of a unit, without secrets; one that says so where the time is up. Raises CannotRun."""
    bench.journal.check()
    bench.objects.begin(unit.id)
    if bench.pace.is_gone:
        raise CannotRun(f"the server stopped answering during the run, so there is no verdict: {bench.caller.url}")
    again = {result.id for result in bench.plan.replayed}
    for result in [_untried(unit)] if bench.plan.is_over else _completed(unit, bench):
        check, _, _ = result.id.partition(" ")
        if (not again or result.id in again) and (result.id[:3] == "RUN" or bench.plan.wants(check, result.check)):
            yield replace(bench.masker.result(result), unit=unit.id)


def _completed(unit: Unit, bench: Bench) -> Iterator[Result]:
    """The results of a unit; one more where it failed through a fault of the suite, since the others still count."""
    try:
        yield from unit.run(bench)
    except CannotRun:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told
        yield crashed(unit.layer, unit.name, _place_of(error))


def _place_of(error: Exception) -> str:
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"


def tidied(bench: Bench) -> list[str]:
    """Remove what was made; sentences about what stayed, what could not be made at all, and what was not sent."""
    stayed = _stayed(bench)
    refused = [
        f"{operation} refused the description's own example ({answer.status}): its objects were tested as absent ones"
        for operation, answer in bench.objects.refusals.items()
    ]
    busy = (
        f"the server took no more requests (429): {bench.pace.throttled} were given up, and skipped what they were for"
    )
    throttled = [f"{busy}; --rate makes fewer of them at a time"] if bench.pace.throttled else []
    return [*(bench.masker.text(note) for note in refused), *stayed, *throttled]


def _stayed(bench: Bench) -> list[str]:
    bench.pace.tidying = True
    return [bench.masker.text(f"not removed: {sentence}") for sentence in bench.objects.remove()]


def reported(bench: Bench, work: Work) -> Report:
    """The report, where the server is still there: what one that is gone did not answer says nothing about it."""
    tried_any = any(result.status in (PASSED, FAILED) for result in work.results)
    bench.pace.tidying = True
    try:
        _check_still_there(bench)
    except Busy as error:
        if not tried_any:
            raise CannotRun(f"nothing could be tried: {error}") from None
    if not work.results:
        raise CannotRun("nothing was checked: the options leave no check.")
    if bench.plan.is_over and not tried_any:
        raise CannotRun("the time was up before anything was tried: give --time more.")
    plan = bench.plan
    return Report(
        api=plan.api.name,
        title=plan.api.title,
        url=bench.masker.text(bench.caller.url),
        profile=plan.profile,
        seed=plan.seed,
        max_examples=plan.max_examples,
        started=work.started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - work.clock, 2),
        operations=tuple(operation.label for operation in plan.operations),
        results=ordered(work.results),
        coverage=tuple(bench.coverage.reached(_tried_ones(plan))),
        sources={operation.label: source_of(plan.api, operation) for operation in plan.operations},
        notes=tuple(_once([*work.notes, *_unfinished(work.results), *_clock(bench)])),
    )


def _tried_ones(plan: Plan) -> tuple[Operation, ...]:
    """The operations that the run is about: in a replay, those of what failed."""
    again = {result.operation for result in plan.replayed}
    return tuple(o for o in plan.operations if not again or o.label in again)


def _check_still_there(bench: Bench) -> None:
    """One lost answer is no dead server."""
    for tries_left in reversed(range(_TRIES)):
        try:
            check_server(bench.caller)
        except Busy:
            raise
        except CannotRun as error:
            if not tries_left:
                told = f"the server stopped answering during the run, so there is no verdict: {error}"
                raise CannotRun(told) from None
        else:
            return


def _again(plan: Plan) -> Iterator[Unit]:
    """What failed before: cells by their ids, generated requests as they were."""
    whole = {result.unit for result in plan.replayed if result.case is None}
    for layer in LAYERS:
        yield from (unit for unit in layer.units(plan) if unit.id in whole)
    yield from replays(plan.replayed)


def _untried(unit: Unit) -> Result:
    return Result(
        id=f"RUN-000 {unit.name}",
        layer=unit.layer,
        check="begun in time",
        operation=unit.name,
        level="MUST",
        clause="",
        status=SKIPPED,
        observed=TIME_IS_UP,
    )


def _unfinished(results: Iterable[Result]) -> Iterator[str]:
    late = [result.id for result in results if result.observed.endswith(TIME_IS_UP)]
    if late:
        unbegun = sum(id_.startswith("RUN-000") for id_ in late)
        told = f"the time was up before {unbegun} pieces of work were begun, and {len(late) - unbegun} checks of others"
        yield f"{told}: what they would have found is not known"


def _clock(bench: Bench) -> Iterator[str]:
    if told := remark(bench.pace.offset_ms, bench.plan.api.scheme):
        yield f"{told}; the attacks on the timestamp went by the server's"


def _once(notes: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(notes)

"""A whole run: the work items of every phase, cleaning up, one report."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ..api import Operation, source_of
from ..context import RunContext, WorkItem, build_context
from ..errors import CannotRun
from ..http.clock_skew import describe_offset
from ..http.rate_limit import TIME_IS_UP
from ..plan import Plan
from ..results import FAILED, PASSED, SKIPPED, Report, Result, crash_result, sort_results
from .clean import check_unused
from .needs import find_needs
from .phases import work_items
from .preflight import Busy, check_server
from .users import check_users

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
    """Run everything; raises CannotRun if no verdict is possible. Own objects are always removed."""
    check_unused(folder)
    context, work = build_context(plan, folder), Work()
    check_users(context)
    todo = list(work_items(plan))
    with _remove_created(context, work):
        for done, item in enumerate(todo):
            progress(item.phase, done, len(todo))
            work.results += run_item(item, context)
        progress("", len(todo), len(todo))
        context.journal.check()
    return build_report(context, work)


@contextmanager
def _remove_created(context: RunContext, work: Work) -> Iterator[None]:
    """Always remove what was created; an error gets a note for whatever is left that no journal names."""
    try:
        yield
    except BaseException as error:
        for note in _remove_all(context):
            if context.journal.fault:
                error.add_note(note)
        raise
    work.notes += clean_up(context)


def run_item(item: WorkItem, context: RunContext) -> Iterator[Result]:
    """The results of a work item, without secrets; a skipped one if the time is up. Raises CannotRun."""
    context.journal.check()
    context.objects.start_item(item.id)
    if context.rate_limit.is_gone:
        raise CannotRun(f"the server stopped answering during the run, so there is no verdict: {context.caller.url}")
    replayed = {result.id for result in context.plan.replayed}
    for result in [_not_begun(item)] if context.plan.is_over else _run_guarded(item, context):
        check, _, _ = result.id.partition(" ")
        if (not replayed or result.id in replayed) and (
            result.id[:3] == "RUN" or context.plan.wants(check, result.check)
        ):
            yield replace(context.masker.result(result), unit=item.id)


def _run_guarded(item: WorkItem, context: RunContext) -> Iterator[Result]:
    """The results of a work item, and one for an error of the suite: the others still count."""
    try:
        yield from item.run(context)
    except CannotRun:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is reported
        yield crash_result(item.phase, item.name, _place_of(error))


def _place_of(error: Exception) -> str:
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"


def clean_up(context: RunContext) -> list[str]:
    """Remove what was created; sentences about what is left, what could not be created, and what was not sent."""
    stayed = _remove_all(context)
    refused = [
        f"{operation} refused the description's own example ({response.status}): its objects were tested as absent ones"
        for operation, response in context.objects.rejected.items()
    ]
    given_up = context.rate_limit.throttled
    busy = f"the server took no more requests (429): {given_up} were given up, and skipped what they were for"
    throttled = [f"{busy}; --rate makes fewer of them at a time"] if given_up else []
    return [*(context.masker.text(note) for note in refused), *stayed, *throttled]


def _remove_all(context: RunContext) -> list[str]:
    context.rate_limit.cleaning_up = True
    return [context.masker.text(f"not removed: {sentence}") for sentence in context.objects.remove_all()]


def build_report(context: RunContext, work: Work) -> Report:
    """The report; raises CannotRun if the server is gone, since missing responses are then no findings."""
    tried_any = any(result.status in (PASSED, FAILED) for result in work.results)
    context.rate_limit.cleaning_up = True
    try:
        _check_still_there(context)
    except Busy as error:
        if not tried_any:
            raise CannotRun(f"nothing could be tried: {error}") from None
    if not work.results:
        raise CannotRun("nothing was checked: the options leave no check.")
    if context.plan.is_over and not tried_any:
        raise CannotRun("the time was up before anything was tried: give --time more.")
    plan = context.plan
    coverage = tuple(context.coverage.summarize(plan, _operations_of(plan)))
    return Report(
        api=plan.api.name,
        title=plan.api.title,
        url=context.masker.text(context.caller.url),
        profile=plan.profile,
        seed=plan.seed,
        max_examples=plan.max_examples,
        started=work.started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - work.clock, 2),
        operations=tuple(operation.label for operation in plan.operations),
        results=sort_results(work.results),
        coverage=coverage,
        sources={operation.label: source_of(plan.api, operation) for operation in plan.operations},
        notes=tuple(_distinct([*work.notes, *_time_notes(work.results), *_clock_notes(context)])),
        needs=tuple(find_needs(plan, work.results, coverage)),
    )


def _operations_of(plan: Plan) -> tuple[Operation, ...]:
    """The operations of the run; in a replay, those of the failures."""
    operations = {result.operation for result in plan.replayed}
    return tuple(o for o in plan.operations if not operations or o.label in operations)


def _check_still_there(context: RunContext) -> None:
    """Raises CannotRun if the server does not respond to several tries."""
    for tries_left in reversed(range(_TRIES)):
        try:
            check_server(context.caller)
        except Busy:
            raise
        except CannotRun as error:
            if not tries_left:
                sentence = f"the server stopped answering during the run, so there is no verdict: {error}"
                raise CannotRun(sentence) from None
        else:
            return


def _not_begun(item: WorkItem) -> Result:
    return Result(
        id=f"RUN-000 {item.name}",
        layer=item.phase,
        check="begun in time",
        operation=item.name,
        level="MUST",
        clause="",
        status=SKIPPED,
        observed=TIME_IS_UP,
    )


def _time_notes(results: Iterable[Result]) -> Iterator[str]:
    late = [result.id for result in results if result.observed.endswith(TIME_IS_UP)]
    if late:
        unbegun = sum(id_.startswith("RUN-000") for id_ in late)
        sentence = (
            f"the time was up before {unbegun} pieces of work were begun, and {len(late) - unbegun} checks of others"
        )
        yield f"{sentence}: what they would have found is not known"


def _clock_notes(context: RunContext) -> Iterator[str]:
    if sentence := describe_offset(context.rate_limit.offset_ms, context.plan.api.scheme):
        yield f"{sentence}; the attacks on the timestamp went by the server's"


def _distinct(notes: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(notes)

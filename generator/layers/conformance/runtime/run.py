"""A whole run: signature layer, schema layer, tidying up, one report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from .caller import Caller, CannotRun
from .cells import Cells, planned
from .description import Api, Credentials, Operation
from .fuzzing import Fuzzing
from .harvest import Harvest
from .masking import Masker
from .objects import Objects
from .preflight import check_server
from .results import Report, Result, ordered

FULL = "full"
READ_ONLY = "read-only"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for. `second` is a user whom the first must not be mistaken for."""

    api: Api
    url: str
    credentials: Credentials
    second: Credentials | None
    profile: str
    seed: int
    max_examples: int

    @property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(o for o in self.api.operations if o.safe or self.profile == FULL)


def run(plan: Plan, progress: Progress) -> Report:
    """Run everything; raises CannotRun where no verdict is possible. Own objects are removed in any case."""
    started, clock = datetime.now(UTC), time.monotonic()
    caller = Caller(plan.api, plan.url, plan.credentials)
    check_server(caller)
    users = [plan.credentials] + ([plan.second] if plan.second else [])
    masker = Masker(plan.api, users)
    objects = Objects(caller, writes=plan.profile == FULL)
    try:
        results = [*_cells(plan, caller, objects, masker, progress), *_schema(plan, caller, objects, masker, progress)]
    finally:
        notes = _tidied(objects)
    _check_still_there(caller)
    notes = [*_refused(objects), *notes]
    return Report(
        api=plan.api.name,
        title=plan.api.title,
        url=masker.text(caller.url),
        profile=plan.profile,
        seed=plan.seed,
        max_examples=plan.max_examples,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 2),
        operations=tuple(operation.label for operation in plan.operations),
        results=ordered(masker.result(result) for result in results),
        notes=tuple(masker.text(note) for note in notes),
    )


def _check_still_there(caller: Caller) -> None:
    """What a server that is gone did not answer says nothing about the server."""
    try:
        check_server(caller)
    except CannotRun as error:
        raise CannotRun(f"the server stopped answering during the run, so there is no verdict: {error}") from None


def _cells(plan: Plan, caller: Caller, objects: Objects, masker: Masker, progress: Progress) -> Iterable[Result]:
    total = planned(plan.api, plan.operations, plan.second)
    for number, result in enumerate(Cells(caller, objects, masker, plan.second).run(plan.operations), start=1):
        progress("signatures", min(number, total), total)
        yield result


def _schema(plan: Plan, caller: Caller, objects: Objects, masker: Masker, progress: Progress) -> Iterable[Result]:
    fuzzing = Fuzzing(
        api=plan.api,
        url=caller.url,
        credentials=plan.credentials,
        seed=plan.seed,
        max_examples=plan.max_examples,
        writes=plan.profile == FULL,
    )
    harvest = Harvest(plan.api, masker)
    for number, event in enumerate(fuzzing.stream(objects), start=1):
        progress("schemas", number, 0)
        harvest.take(event)
    return harvest.results()


def _tidied(objects: Objects) -> list[str]:
    return [f"not removed: {sentence}" for sentence in objects.remove()]


def _refused(objects: Objects) -> list[str]:
    return [
        f"{operation} refused the description's own example ({answer.status}): its objects were tested as absent ones"
        for operation, answer in objects.refusals.items()
    ]

"""What a run did not try, and the options that would let it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..api import Credentials
from ..context import WorkItem
from ..plan import FULL_PROFILE, SECOND_USER, SUPERUSER, Plan
from ..results import FULL, SKIPPED, Need, Reached, Result
from .phases import work_items

_NOBODY = Credentials(token="", secret_key="")
_LONGER = "--time 1h"
_IDS = "--ids "  # may be given once, so that all of them are one line
_NOT_BEGUN, _ENDED_EARLY = "RUN-000", "MOD-000"
_OF_SUPERUSER = "it takes the credentials of a superuser"
_OF_PROFILE = "the profile sends nothing but GET"
_LEFT_OUT = "--operations, --include-check or --exclude-check leave checks of it out"

_REASONS = {
    SUPERUSER: _OF_SUPERUSER,
    FULL_PROFILE: _OF_PROFILE,
    _IDS: "it takes the ids of objects that the suite does not create",
    _LONGER: "the time was up",
}

Untried = tuple[str, str, str, str]  # options, why, operation, id of the check or nothing
Items = Mapping[str, WorkItem]


def find_needs(plan: Plan, results: Iterable[Result], coverage: Iterable[Reached]) -> Iterator[Need]:
    """What was not tried, by the options that it takes; at last what no option helps."""
    grouped: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
    ids = dict[str, None]()
    reasons = {**_REASONS, SECOND_USER: _name_second(plan)}
    for options, why, operation, check in _list_untried(plan, tuple(results), tuple(coverage)):
        ids |= dict.fromkeys(filter(None, options.removeprefix(_IDS).split(",") if options.startswith(_IDS) else ()))
        kind = _IDS if options.startswith(_IDS) else options
        reason = reasons.get(kind, why)  # what one line gives needs one reason
        checks = grouped.setdefault((kind, reason), {}).setdefault(operation, {})
        checks.update({check: None} if check else {})
    for (kind, why), untried in sorted(grouped.items(), key=lambda one: not one[0][0]):
        options = f"{_IDS}{','.join(filter(None, (plan.ids, *ids)))}" if kind == _IDS else kind
        yield Need(options=options, why=why, untried={name: tuple(checks) for name, checks in untried.items()})


def _name_second(plan: Plan) -> str:
    return f"it takes the credentials of {plan.api.stranger}"


def _list_untried(plan: Plan, results: tuple[Result, ...], coverage: tuple[Reached, ...]) -> Iterator[Untried]:
    silent = {reached.operation: reached for reached in coverage if not reached.exercised}
    for reached in silent.values():
        yield reached.needs, f"it never responded with success: {_strip_counts(reached.why)}", reached.operation, ""
    if plan.replayed:
        return
    begun = {item.id: item for item in work_items(plan)}
    tried = {(result.id.partition(" ")[0], result.operation) for result in results}
    for result in results:
        if result.status == SKIPPED:
            known = silent.get(result.operation)
            options = result.needs or (known.needs if known else "")
            yield from _read_skipped(replace(result, needs=options), begun.get(result.unit), tried)
    yield from _compare_plans(plan, begun)


def _read_skipped(result: Result, item: WorkItem | None, tried: set[tuple[str, str]]) -> Iterator[Untried]:
    """A skipped check; of a work item that was not begun or ended early, each of its checks that was not tried."""
    check = result.id.partition(" ")[0]
    if check not in (_NOT_BEGUN, _ENDED_EARLY) or item is None:
        yield result.needs, result.observed, result.operation, check
        return
    options = _LONGER if check == _NOT_BEGUN else result.needs
    why = result.observed.removeprefix(f"{result.detail}: ")
    for operation in item.operations:
        yield from ((options, why, operation, one) for one in item.checks if (one, operation) not in tried)


def _compare_plans(plan: Plan, begun: Items) -> Iterator[Untried]:
    """What other users, another profile and no choice of operations and checks would add."""
    if plan.second is None:
        yield from _compare(begun, replace(plan, second=_NOBODY), SECOND_USER, _name_second(plan))
    if plan.superuser is None:
        yield from _compare(begun, replace(plan, superuser=_NOBODY), SUPERUSER, _OF_SUPERUSER)
    if not plan.writes:
        yield from _compare(begun, replace(plan, profile=FULL), FULL_PROFILE, _OF_PROFILE)
    if plan.chosen or plan.included or plan.excluded:
        everything = work_items(replace(plan, chosen=(), included=(), excluded=()))
        left = dict.fromkeys(label for item in everything if item.id not in begun for label in item.operations)
        yield from (("", _LEFT_OUT, label, "") for label in left)


def _compare(begun: Items, other: Plan, options: str, why: str) -> Iterator[Untried]:
    """The checks that another plan would make besides."""
    for item in work_items(other):
        known = begun[item.id].checks if item.id in begun else ()
        for operation in item.operations:
            yield from ((options, why, operation, check) for check in item.checks if check not in known)


def _strip_counts(why: str) -> str:
    """Without the numbers of responses, so that equal reasons stand together."""
    return " ".join(word for word in why.split() if not word.startswith("("))

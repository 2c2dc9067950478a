"""What every check of a run needs, and the work items of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .api import Credentials
from .http.caller import Caller, base_url
from .http.masking import Masker
from .http.rate_limit import RateLimit
from .objects.journal import NAME, Journal
from .objects.pool import ObjectPool
from .plan import Plan
from .reports.coverage import Coverage
from .reproduce.recipe import Recipes
from .results import Phase, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """One server and the objects that this process created there.

    `caller` sends restricted operations as the superuser, if there is one; `second` is a
    user of another institute, and `doubts` are reasons against that. `coverage` and `rate_limit` see every request.
    """

    plan: Plan
    caller: Caller
    second: Caller | None
    journal: Journal
    objects: ObjectPool
    masker: Masker
    recipes: Recipes
    coverage: Coverage
    rate_limit: RateLimit
    doubts: list[str] = field(default_factory=list)

    def with_doubts(self, cause: str) -> str:
        """The likely cause of a finding about the second user, with the other possible causes."""
        return "; or ".join([cause.removesuffix("."), *self.doubts]) + "." * cause.endswith(".")

    def caller_for_user(self, credentials: Credentials) -> Caller:
        """A caller that sends every operation as this user."""
        return Caller(self.plan.api, self.plan.url, credentials, rate_limit=self.rate_limit, note=self.coverage.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """A part of a run that any process can do alone. `name` is stable between runs.

    `operations` are the labels of those that it is about, `checks` the ids of what it may check there.
    """

    phase: Phase
    name: str
    run: Callable[[RunContext], Iterator[Result]]
    operations: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.phase}/{self.name}"


def build_context(plan: Plan, folder: Path) -> RunContext:
    """The context of a plan; its journal lies in the folder."""
    coverage, rate_limit = Coverage(plan.api), RateLimit(plan.rate, plan.until)
    caller = Caller(
        plan.api, plan.url, plan.credentials, superuser=plan.superuser, rate_limit=rate_limit, note=coverage.note
    )
    second = Caller(plan.api, plan.url, plan.second, rate_limit=rate_limit, note=coverage.note) if plan.second else None
    journal = Journal(folder / NAME, api=plan.api.name, url=base_url(plan.url, plan.api))
    superuser = (
        Caller(plan.api, plan.url, plan.superuser, rate_limit=rate_limit, note=coverage.note)
        if plan.superuser
        else None
    )
    others = tuple(other for other in (second, superuser) if other)
    objects = ObjectPool(caller, journal, plan=plan, others=others)
    masker = Masker(plan.api, plan.users)
    return RunContext(
        plan=plan,
        caller=caller,
        second=second,
        journal=journal,
        objects=objects,
        masker=masker,
        recipes=Recipes(plan=plan, objects=objects, masker=masker),
        coverage=coverage,
        rate_limit=rate_limit,
    )

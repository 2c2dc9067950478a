"""What the units of a run work with, and the units themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .description import Credentials
from .http.caller import Caller, base_url
from .http.masking import Masker
from .http.rate_limit import Pace
from .objects.journal import NAME, Journal
from .objects.pool import Objects
from .plan import Plan
from .reports.coverage import Coverage
from .reproduce.recipe import Recipes
from .results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One server and the objects that this process made there.

    `caller` calls the operations that only some may call as the superuser, where there is one; `second` is a
    user of another institute, and `doubts` are what speaks against that. `coverage` and `pace` hear of every request.
    """

    plan: Plan
    caller: Caller
    second: Caller | None
    journal: Journal
    objects: Objects
    masker: Masker
    recipes: Recipes
    coverage: Coverage
    pace: Pace
    doubts: list[str] = field(default_factory=list)

    def doubted(self, cause: str) -> str:
        """The likely cause of a finding about the second user, with what else may be it."""
        return "; or ".join([cause.removesuffix("."), *self.doubts]) + "." * cause.endswith(".")

    def calling(self, credentials: Credentials) -> Caller:
        """A caller who is this user in every operation."""
        return Caller(self.plan.api, self.plan.url, credentials, pace=self.pace, seen=self.coverage.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A piece of work that can be done by itself, by any process of a run. `name` is stable between runs."""

    layer: str
    name: str
    run: Callable[[Bench], Iterator[Result]]

    @property
    def id(self) -> str:
        return f"{self.layer}/{self.name}"


def furnished(plan: Plan, folder: Path) -> Bench:
    """A bench for the plan; its journal lies in the folder."""
    coverage, pace = Coverage(plan.api), Pace(plan.rate, plan.until)
    caller = Caller(plan.api, plan.url, plan.credentials, superuser=plan.superuser, pace=pace, seen=coverage.seen)
    second = Caller(plan.api, plan.url, plan.second, pace=pace, seen=coverage.seen) if plan.second else None
    journal = Journal(folder / NAME, api=plan.api.name, url=base_url(plan.url, plan.api))
    superuser = Caller(plan.api, plan.url, plan.superuser, pace=pace, seen=coverage.seen) if plan.superuser else None
    others = tuple(other for other in (second, superuser) if other)
    objects = Objects(caller, journal, plan=plan, others=others)
    masker = Masker(plan.api, plan.users)
    return Bench(
        plan=plan,
        caller=caller,
        second=second,
        journal=journal,
        objects=objects,
        masker=masker,
        recipes=Recipes(plan=plan, objects=objects, masker=masker),
        coverage=coverage,
        pace=pace,
    )

"""What the units of a run work with, and the units themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .caller import Caller, base_url
from .description import Credentials
from .journal import NAME, Journal
from .masking import Masker
from .objects import Objects
from .plan import Plan
from .results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One server and the objects that this process made there.

    `caller` calls the operations that only some may call as the superuser, where there is one; `second` is a
    user of another institute.
    """

    plan: Plan
    caller: Caller
    second: Caller | None
    objects: Objects
    masker: Masker

    def calling(self, credentials: Credentials) -> Caller:
        """A caller who is this user in every operation."""
        return Caller(self.plan.api, self.plan.url, credentials)


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
    caller = Caller(plan.api, plan.url, plan.credentials, superuser=plan.superuser)
    journal = Journal(folder / NAME, api=plan.api.name, url=base_url(plan.url, plan.api))
    return Bench(
        plan=plan,
        caller=caller,
        second=Caller(plan.api, plan.url, plan.second) if plan.second else None,
        objects=Objects(caller, journal, writes=plan.writes, seed=plan.seed),
        masker=Masker(plan.api, plan.users),
    )

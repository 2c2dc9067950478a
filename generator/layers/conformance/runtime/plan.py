"""The plan of a run: which server, which users, which operations and checks, and how much."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .api import Api, Credentials, Operation
from .results import FULL, Profile, Result

# Options as they can be pasted, for what a run lacked.
SECOND_USER = "--second-token-env SECOND_TOKEN --second-secret-env SECOND_SECRET_KEY"
SUPERUSER = "--superuser-token-env SUPER_TOKEN --superuser-secret-env SUPER_SECRET_KEY"
FULL_PROFILE = "--profile full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run. `second` is a user of another institute, `superuser` one who may call the restricted operations.

    `chosen`, `included` and `excluded` are patterns such as `*Exam`, `SIG-*` or `replayed`: of operation ids,
    and of the ids and names of checks; `units` are the ids of the only work items to do, empty for all.
    `rate` is how many requests a second may be sent, `until` when the run ends, in seconds since 1970; 0 is
    no limit. `others` are the other versions of the API on the same server, `replayed` the only failures of an
    earlier run to try again. `database` is where failing examples are shared: a folder or the
    address of a Redis. `ids` is the option of that name, as it was given.
    """

    api: Api
    others: tuple[Api, ...] = ()
    url: str
    credentials: Credentials
    second: Credentials | None = None
    superuser: Credentials | None = None
    profile: Profile = FULL
    seed: int = 1
    max_examples: int = 25
    chosen: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rate: float = 0.0
    until: float = 0.0
    replayed: tuple[Result, ...] = ()
    database: str = ""
    ids: str = ""

    @property
    def writes(self) -> bool:
        """Whether anything may be created, changed and deleted."""
        return self.profile == FULL

    @property
    def users(self) -> tuple[Credentials, ...]:
        return tuple(user for user in (self.credentials, self.second, self.superuser) if user)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations to try."""
        return tuple(o for o in self.api.operations if (o.safe or self.writes) and self.chooses(o))

    @property
    def telling(self) -> Operation | None:
        """A creation whose response shows the institute of the caller, of an object that can be removed again."""
        creators = (o for o in self.api.operations if self.writes and o.destroyer and not o.placeholders)
        return next((o for o in creators if _tells(o) and not o.restricted), None)

    @property
    def is_over(self) -> bool:
        """Whether the time of the run is up."""
        return bool(self.until) and time.time() >= self.until

    def chooses(self, operation: Operation) -> bool:
        return not self.chosen or _matches(self.chosen, operation.id, operation.label)

    def find_options(self, operation: Operation, exercised: Collection[str] = ()) -> str:
        """The options, as they can be pasted, that give the suite what an operation asks for.

        `exercised` are the ids of the operations that succeeded: what these create need not be given.
        """
        if self.api.is_superusers(operation) and self.superuser is None:
            return SUPERUSER
        given, named = dict(operation.given), dict(operation.named)
        names = [name for name, creator in operation.named if not creator and name not in given]
        names += [name for name, value in operation.required_query if name not in named and name not in given]
        names += [
            placeholder.reference
            for placeholder in operation.placeholders
            if placeholder.given is None
            and operation.may_name(placeholder)
            and not (self.writes and placeholder.creator in exercised)
        ]
        return f"--ids {','.join(f'{name}=…' for name in dict.fromkeys(names))}" if names else ""

    def wants(self, check_id: str, name: str) -> bool:
        """Whether a check is wanted, by its id such as `SIG-009` and its name such as `replayed`."""
        if self.included and not _matches(self.included, check_id, name):
            return False
        return not _matches(self.excluded, check_id, name)


def _tells(creator: Operation) -> bool:
    """Whether the response names the institute, and the request need not."""
    return bool(creator.tenant) and creator.tenant not in {s.name for s in creator.settable if s.required}


def _matches(patterns: tuple[str, ...], *texts: str) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns for text in texts)

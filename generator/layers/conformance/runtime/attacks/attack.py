"""One attack: what is done to a request, and what a server must say to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..description import Operation
from ..http.signer import RIGHT, Forgery
from ..results import MUST
from ..target import Subject
from .outcome import Outcome
from .scenarios import once

REFUSED = (401, 403)
INVALID = (400, 401, 403, 422)  # a parameter that every request needs, and that a server may also call invalid
PASSES = ()

EVERYWHERE = 1
OFTEN = 3
SOMETIMES = 8
ONCE_PER_METHOD = 1000


def everything(_operation: Operation) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One way to call an operation. `id` and `name` are stable; `clause` is what the attack tries.

    A server must refuse with one of `refusals`, and should do so with `exact` where that is given; an attack
    without refusals is a right request, which must pass. `course` is how the requests follow one another. Of
    `spread` operations with one method one is attacked, if it `fits`; `cause` is the likely reason of a
    failure, in words for who wrote the server.
    """

    id: str
    name: str
    clause: str
    cause: str
    level: str = MUST
    forgery: Forgery = RIGHT
    course: Callable[[Subject, Forgery], Outcome] = once
    refusals: tuple[int, ...] = REFUSED
    exact: int = 0
    spread: int = SOMETIMES
    fits: Callable[[Operation], bool] = everything

    @property
    def must_pass(self) -> bool:
        return not self.refusals

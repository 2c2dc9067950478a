"""One attack: what is done to a request, and how a server must respond."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..api import Operation
from ..http.signer import CORRECT, SigningSteps
from ..results import MUST, Level
from ..target import Target
from .outcome import Outcome
from .scenarios import send_once

REFUSED = (401, 403)
INVALID = (400, 401, 403, 422)  # a parameter that every request needs, and that a server may also call invalid
PASSES = ()
# What has two readings may be refused instead, and so may what the description leaves open.
AMBIGUOUS = (400, 401, 403, 415, 422)

EVERYWHERE = 1
OFTEN = 3
SOMETIMES = 8
ONCE_PER_METHOD = 1000


def any_operation(_operation: Operation) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One way to call an operation. `id` and `name` are stable, `clause` is what is tried, and `cause` is the likely
    reason of a failure, in words for the author of the server.

    A server must answer with one of `error_statuses`. `exact` says what of the request is wrong: its token or its
    signature, for which the description may name one status, and then a server should answer with that. Without
    `error_statuses` the request is valid: it must succeed, or may get one of `open_statuses`.

    `scenario` sends the requests, by these `steps`. Of the operations with one method that it `fits`, every
    `spread`-th is attacked.
    """

    id: str
    name: str
    clause: str
    cause: str
    level: Level = MUST
    steps: SigningSteps = CORRECT
    scenario: Callable[[Target, SigningSteps], Outcome] = send_once
    error_statuses: tuple[int, ...] = REFUSED
    exact: Literal["token", "signature", ""] = ""
    open_statuses: tuple[int, ...] = ()
    spread: int = SOMETIMES
    fits: Callable[[Operation], bool] = any_operation

    @property
    def must_pass(self) -> bool:
        return not self.error_statuses

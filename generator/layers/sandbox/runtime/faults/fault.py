"""A named deviation as data: what it means, which clause it breaks, and the one seam that it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.types import ASGIApp

from ..http.accounts import User
from ..http.context import Handler
from ..model import Description, Operation, Token
from .lenient_verification import Slip

MUST, SHOULD = "MUST", "SHOULD"
Identify = Callable[[Connection, Token | None, Mapping[str, str]], User]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One deviation. `clause` names what it breaks in the words of the description, `level` how firmly that holds.

    `slip` is what the check of signed requests overlooks, `describes` what the sandbox believes of its
    description, `identifies` whom it takes for the caller, `behaves` what an operation does, `answers`
    what becomes of a whole answer, and `instead` an honest part with the one that takes its place.
    """

    clause: str
    meaning: str
    level: str = MUST
    slip: Slip | None = None
    describes: Callable[[Description], Description] | None = None
    identifies: Callable[[Description, Identify], Identify] | None = None
    behaves: Callable[[Operation, Handler], Handler] | None = None
    answers: Callable[[ASGIApp], ASGIApp] | None = None
    instead: tuple[type, type] | None = None

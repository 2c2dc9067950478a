"""A fault as data: its meaning, the clause it breaks, and the one part of the sandbox that it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection
from starlette.types import ASGIApp

from ..api import Description, Operation, Token
from ..http.accounts import User
from ..http.context import Handler
from .lenient_verification import Leniency

Level = Literal["MUST", "SHOULD"]
MUST: Final = "MUST"
SHOULD: Final = "SHOULD"
SETTINGS_WRITTEN = ("create", "update", "replace")  # by operations of these kinds
Identify = Callable[[Connection, Token | None, Mapping[str, str]], User]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One deviation. `clause` is the part of the description that it breaks, `level` how strict that is.

    `leniency` changes the verifier, `change_description` the description that the sandbox reads, `wrap_identify`
    the look-up of the user, `wrap_handler` a handler, `wrap_app` the ASGI application; `replaces` names a class
    and its replacement. `described_status` is one that an operation has to describe, or there is nothing to break.
    """

    clause: str
    meaning: str
    level: Level = MUST
    described_status: int | None = None
    leniency: Leniency | None = None
    change_description: Callable[[Description], Description] | None = None
    wrap_identify: Callable[[Description, Identify], Identify] | None = None
    wrap_handler: Callable[[Operation, Handler], Handler] | None = None
    wrap_app: Callable[[ASGIApp], ASGIApp] | None = None
    replaces: tuple[type, type] | None = None

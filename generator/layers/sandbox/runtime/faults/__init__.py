"""Named deviations of the sandbox from the description, to prove what a conformance check finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import TypeVar

from starlette.types import ASGIApp

from ..errors import SandboxError
from ..http.accounts import identify
from ..http.context import Handler
from ..http.verification import Verifier
from ..model import Description
from . import access, freshness, lists, responses, signatures, storage
from .fault import Fault, Identify
from .lenient_verification import Careless

SECURITY: Mapping[str, Fault] = {**signatures.FAULTS, **freshness.FAULTS, **access.FAULTS}
FAULTS: Mapping[str, Fault] = {**SECURITY, **lists.FAULTS, **storage.FAULTS, **responses.FAULTS}
_Value = TypeVar("_Value")
_Part = TypeVar("_Part")


class Chosen:
    """The faults that a sandbox has, put into its parts once; without any, every part is the honest one."""

    def __init__(self, names: Iterable[str]) -> None:
        """SandboxError names what is no fault."""
        chosen = dict.fromkeys(names)
        unknown = sorted(chosen.keys() - FAULTS.keys())
        if unknown:
            raise SandboxError(f"there is no fault {', '.join(unknown)} (there are: {', '.join(FAULTS)})")
        self._faults = tuple(FAULTS[name] for name in chosen)

    def description(self, honest: Description) -> Description:
        """What the sandbox believes of its description."""
        return _through((fault.describes for fault in self._faults), honest)

    def verifier(self, *, explained: bool) -> Verifier:
        slips = tuple(fault.slip for fault in self._faults if fault.slip)
        return Careless(slips, explained=explained) if slips else Verifier(explained=explained)

    def identify(self, description: Description) -> Identify:
        """Who calls, by the headers of a request."""
        found: Identify = identify
        for fault in self._faults:
            found = fault.identifies(description, found) if fault.identifies else found
        return found

    def handlers(
        self, description: Description, honest: Mapping[tuple[str, str], Handler]
    ) -> dict[tuple[str, str], Handler]:
        """What carries out each operation."""
        handlers = dict(honest)
        for fault in self._faults:
            for api in description.apis if fault.behaves else ():
                for operation in api.operations:
                    key = api.name, operation.id
                    handlers[key] = fault.behaves(operation, handlers[key]) if fault.behaves else handlers[key]
        return handlers

    def answering(self, app: ASGIApp) -> ASGIApp:
        """The application, with what becomes of its answers."""
        return _through((fault.answers for fault in self._faults), app)

    def part(self, honest: type[_Part]) -> type[_Part]:
        """The class that takes the place of an honest one."""
        exchanged = (fault.instead for fault in self._faults if fault.instead)
        return next((other for part, other in exchanged if part is honest), honest)


def table() -> Iterator[tuple[str, str, str, str]]:
    """Name, meaning, clause and level of each fault, in the order of the program."""
    for name, fault in FAULTS.items():
        yield name, fault.meaning, fault.clause, fault.level


def _through(changes: Iterable[Callable[[_Value], _Value] | None], value: _Value) -> _Value:
    return reduce(lambda held, change: change(held) if change else held, changes, value)

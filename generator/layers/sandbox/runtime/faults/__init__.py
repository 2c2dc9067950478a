"""Named deviations of the sandbox from the description, to prove what a conformance check finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import TypeVar

from starlette.types import ASGIApp

from ..api import Description
from ..errors import SandboxError
from ..http.accounts import identify
from ..http.context import Handler
from ..http.verification import Verifier
from . import (
    access,
    lists,
    media_types,
    messages,
    methods,
    orphans,
    repeated_members,
    responses,
    schemas,
    signatures,
    storage,
    timestamps,
    values,
)
from .fault import Fault, Identify
from .lenient_verification import Leniency, LenientVerifier

SECURITY: Mapping[str, Fault] = {**signatures.FAULTS, **timestamps.FAULTS, **access.FAULTS}
FAULTS: Mapping[str, Fault] = {
    **SECURITY,
    **lists.FAULTS,
    **storage.FAULTS,
    **schemas.FAULTS,
    **values.FAULTS,
    **responses.FAULTS,
    **messages.FAULTS,
    **methods.FAULTS,
    **orphans.FAULTS,
    **media_types.FAULTS,
    **repeated_members.FAULTS,
}
_Value = TypeVar("_Value")
_Part = TypeVar("_Part")


class EnabledFaults:
    """The faults that a sandbox was started with, applied to its parts once."""

    def __init__(self, names: Iterable[str]) -> None:
        """SandboxError names unknown faults."""
        chosen = dict.fromkeys(names)
        unknown = sorted(chosen.keys() - FAULTS.keys())
        if unknown:
            raise SandboxError(f"there is no fault {', '.join(unknown)} (there are: {', '.join(FAULTS)})")
        self._names = tuple(chosen)
        self._faults = tuple(FAULTS[name] for name in chosen)

    def description(self, honest: Description) -> Description:
        """The description with the faults applied; SandboxError names one that none of its schemes can have."""
        for name, fault in zip(self._names, self._faults, strict=True):
            if reason := _find_reason(fault, honest):
                raise SandboxError(f"the fault {name} has no effect: {reason} ({fault.clause})")
        return _apply_all((fault.change_description for fault in self._faults), honest)

    def verifier(self, *, explained: bool) -> Verifier:
        leniencies = tuple(fault.leniency for fault in self._faults if fault.leniency)
        return LenientVerifier(leniencies, explained=explained) if leniencies else Verifier(explained=explained)

    def identify(self, description: Description) -> Identify:
        """The function that finds the user of a request."""
        identify_user: Identify = identify
        for fault in self._faults:
            identify_user = fault.wrap_identify(description, identify_user) if fault.wrap_identify else identify_user
        return identify_user

    def handlers(
        self, description: Description, honest: Mapping[tuple[str, str], Handler]
    ) -> dict[tuple[str, str], Handler]:
        """The handlers with the faults applied."""
        handlers = dict(honest)
        for fault in self._faults:
            for api in description.apis if fault.wrap_handler else ():
                for operation in api.operations:
                    key = api.name, operation.id
                    handlers[key] = (
                        fault.wrap_handler(operation, handlers[key]) if fault.wrap_handler else handlers[key]
                    )
        return handlers

    def wrap_app(self, app: ASGIApp) -> ASGIApp:
        """The application, with the faults of its responses."""
        return _apply_all((fault.wrap_app for fault in self._faults), app)

    def replacement(self, honest: type[_Part]) -> type[_Part]:
        """The class that replaces this one, or itself."""
        exchanged = (fault.replaces for fault in self._faults if fault.replaces)
        return next((other for part, other in exchanged if part is honest), honest)


def _find_reason(fault: Fault, honest: Description) -> str:
    """Why a fault changes nothing: no operation, or no scheme, has what it is about. Empty if it changes something."""
    described = {response.status for api in honest.apis for one in api.operations for response in one.responses}
    if fault.described_status is not None and fault.described_status not in described:
        return f"no operation of this API describes {fault.described_status}"
    if fault.leniency is not None:
        has_effect = _concerns(fault.leniency, honest)
    else:
        changes = fault.change_description if fault.clause.startswith("x-signing") else None
        has_effect = changes is None or changes(honest) != honest
    return "" if has_effect else "no request of this API is signed so"


def _concerns(leniency: Leniency, description: Description) -> bool:
    """Whether a scheme of the description has what the leniency is about."""
    wholes = [api.request_scheme for api in description.apis if api.request_scheme is not None]
    return any(api.scheme is not None for api in description.apis) or any(
        leniency.whole is not None and leniency.breaks(scheme) for scheme in wholes
    )


def table() -> Iterator[tuple[str, str, str, str]]:
    """Name, meaning, clause and level of each fault, in the order of the program."""
    for name, fault in FAULTS.items():
        yield name, fault.meaning, fault.clause, fault.level


def _apply_all(changes: Iterable[Callable[[_Value], _Value] | None], value: _Value) -> _Value:
    return reduce(lambda value, change: change(value) if change else value, changes, value)

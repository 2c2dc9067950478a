"""Where generated requests are aimed: at the suite's own objects, and never at anybody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

from ..description import Api, Operation, Placeholder
from ..http.unknown_ids import absent_like, may_name
from ..objects.pool import Objects

# Of this many reading requests with a valid id, one keeps the id that was generated.
_KEPT_EVERY = 4


class Aim:
    """Puts real ids into generated requests. Without it most would end at 404, and a DELETE could hit a stranger's."""

    def __init__(self, api: Api, objects: Objects) -> None:
        self._api = api
        self._anywhere = {name: "" for operation in api.operations for name, _ in operation.references}
        self._objects = objects
        self._turn = 0

    def __call__(self, case: Case[Any]) -> None:
        operation = self._api.labelled(case.operation.label)
        if operation is None:
            return
        reads = operation.safe and case.method in ("GET", "HEAD")
        self._aim_path(operation, case, reads=reads)
        if not reads:
            self._aim_members(operation, case)

    def _aim_members(self, operation: Operation, case: Case[Any]) -> None:
        """What is set anew is taken for valid or not by its schema, so only what changes is."""
        query = self._aimed(operation, case.query, valid=_is_valid(case, ParameterLocation.QUERY))
        body = self._aimed(operation, case.body, valid=_is_valid(case, ParameterLocation.BODY))
        if query is not case.query:
            case.query = query
        if body is not case.body:
            case.body = body

    def _aim_path(self, operation: Operation, case: Case[Any], *, reads: bool) -> None:
        ids = case.path_parameters
        if all(self._is_own(operation, p, ids) for p in operation.placeholders):
            return
        if reads:
            aimed = _is_valid(case, ParameterLocation.PATH) and self._is_turn()
        else:
            # No object of anybody else may be meant, whatever a lenient server makes of the ids.
            aimed = not all(self._is_own(operation, p, ids) or _is_nonsense(p, ids) for p in operation.placeholders)
        if aimed:
            fresh = operation.method == "DELETE"
            case.path_parameters = {**ids, **self._objects.ids(operation, fresh=fresh)}

    def _aimed(self, operation: Operation, members: Any, *, valid: bool) -> Any:
        """A query or body that names no object of others: own ones where it is valid, or else such as nobody has."""
        named = {**self._anywhere, **dict(operation.references)}
        if not isinstance(members, dict) or not any(name in named and may_name(members[name]) for name in members):
            return members
        return {
            name: self._named(named[name], value, valid=valid) if name in named and may_name(value) else value
            for name, value in members.items()
        }

    def _named(self, creator: str, value: Any, *, valid: bool) -> Any:
        if valid:
            return self._objects.meant(creator, value)
        return value if self._objects.made(creator, value) else absent_like(value)

    def _is_own(self, operation: Operation, placeholder: Placeholder, ids: Mapping[str, object]) -> bool:
        """Whether an id names an object of the suite, and for what is to be deleted one that nothing else needs."""
        goes = operation.method == "DELETE" and placeholder == operation.placeholders[-1]
        return placeholder.name in ids and self._objects.owns(placeholder, ids[placeholder.name], fresh=goes)

    def _is_turn(self) -> bool:
        self._turn += 1
        return self._turn % _KEPT_EVERY != 0


def _is_nonsense(placeholder: Placeholder, ids: Mapping[str, object]) -> bool:
    named = placeholder.name in ids
    return named and placeholder.integer and not may_name(ids[placeholder.name])


def _is_valid(case: Case[Any], location: ParameterLocation) -> bool:
    component = case.meta.components.get(location) if case.meta else None
    return component is None or component.mode.is_positive

"""Ids in generated requests: those of the suite's own objects, and never those of anybody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

from ..api import Api, Operation, Placeholder
from ..http.unknown_ids import may_hold_id, unknown_id_like
from ..objects.pool import ObjectPool

# Of this many reads with a valid id, one keeps the id that was generated.
_KEPT_EVERY = 4


class PathIds:
    """Puts own ids into generated requests: others would end at 404, or a DELETE could remove somebody's object."""

    def __init__(self, api: Api, objects: ObjectPool) -> None:
        self._api = api
        self._anywhere = {name: "" for operation in api.operations for name, _ in operation.named}
        self._objects = objects
        self._turn = 0

    def __call__(self, case: Case[Any]) -> None:
        operation = self._api.by_label(case.operation.label)
        if operation is None:
            return
        reads = operation.safe and case.method in ("GET", "HEAD")
        self._set_path(operation, case, reads=reads)
        if not reads:
            self._set_members(operation, case)

    def _set_members(self, operation: Operation, case: Case[Any]) -> None:
        """The engine judges again whether a part that is set is valid, so only a changed part is set."""
        query = self._replace_ids(operation, case.query, valid=_is_valid(case, ParameterLocation.QUERY))
        body = self._replace_ids(operation, case.body, valid=_is_valid(case, ParameterLocation.BODY))
        if query is not case.query:
            case.query = query
        if body is not case.body:
            case.body = body

    def _set_path(self, operation: Operation, case: Case[Any], *, reads: bool) -> None:
        ids = case.path_parameters
        if all(self._is_own(operation, p, ids) for p in operation.placeholders):
            return
        if reads:
            aimed = _is_valid(case, ParameterLocation.PATH) and self._uses_own()
        else:
            # No id may name an object of anybody else, however leniently a server reads it.
            aimed = not all(self._is_own(operation, p, ids) or _is_nonsense(p, ids) for p in operation.placeholders)
        if aimed:
            case.path_parameters = {**ids, **self._objects.ids(operation, fresh=operation.removes)}

    def _replace_ids(self, operation: Operation, members: Any, *, valid: bool) -> Any:
        """A query or body that names own objects if it is to be valid, and otherwise no object at all."""
        named = {**self._anywhere, **dict(operation.named)}
        if not isinstance(members, dict) or not any(name in named and may_hold_id(members[name]) for name in members):
            return members
        return {
            name: self._replace_id(named[name], value, valid=valid) if name in named and may_hold_id(value) else value
            for name, value in members.items()
        }

    def _replace_id(self, creator: str, value: Any, *, valid: bool) -> Any:
        if valid:
            return self._objects.own_id_for(creator, value)
        return value if self._objects.is_own(creator, value) else unknown_id_like(value)

    def _is_own(self, operation: Operation, placeholder: Placeholder, ids: Mapping[str, object]) -> bool:
        """Whether an id names an own object; for a deletion one that nothing else needs."""
        goes = operation.removes and placeholder == operation.placeholders[-1]
        return placeholder.name in ids and self._objects.owns(placeholder, ids[placeholder.name], fresh=goes)

    def _uses_own(self) -> bool:
        self._turn += 1
        return self._turn % _KEPT_EVERY != 0


def _is_nonsense(placeholder: Placeholder, ids: Mapping[str, object]) -> bool:
    named = placeholder.name in ids
    return named and placeholder.integer and not may_hold_id(ids[placeholder.name])


def _is_valid(case: Case[Any], location: ParameterLocation) -> bool:
    component = case.meta.components.get(location) if case.meta else None
    return component is None or component.mode.is_positive

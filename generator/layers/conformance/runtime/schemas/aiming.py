"""Where generated requests are aimed: at the suite's own objects, and never at anybody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemathesis import Case
from schemathesis.core.parameters import ParameterLocation

from ..description import Api, Operation, Placeholder
from ..objects import Objects

# Of this many reading requests with a valid id, one keeps the id that was generated.
_KEPT_EVERY = 4


class Aim:
    """Puts real ids into generated requests. Without it most would end at 404, and a DELETE could hit a stranger's."""

    def __init__(self, api: Api, objects: Objects) -> None:
        self._api = api
        self._objects = objects
        self._turn = 0

    def __call__(self, case: Case[Any]) -> None:
        operation = self._api.labelled(case.operation.label)
        if operation is None or not operation.placeholders:
            return
        if operation.safe and case.method in ("GET", "HEAD"):
            aimed = _is_valid(case) and self._is_turn()
        else:
            aimed = not self._is_harmless(operation, case.path_parameters)
        if aimed:
            fresh = operation.method == "DELETE"
            case.path_parameters = {**case.path_parameters, **self._objects.ids(operation, fresh=fresh)}

    def _is_turn(self) -> bool:
        self._turn += 1
        return self._turn % _KEPT_EVERY != 0

    def _is_harmless(self, operation: Operation, ids: Mapping[str, object]) -> bool:
        """Whether no object of anybody else can be meant, whatever a lenient server makes of the ids."""
        return all(p.name in ids and self._names_no_stranger(p, ids[p.name]) for p in operation.placeholders)

    def _names_no_stranger(self, placeholder: Placeholder, value: object) -> bool:
        if self._objects.owns(placeholder, value):
            return True
        return placeholder.integer and not any(char.isnumeric() for char in str(value))


def _is_valid(case: Case[Any]) -> bool:
    component = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    return component is None or component.mode.is_positive

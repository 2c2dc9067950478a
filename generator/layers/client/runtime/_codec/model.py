"""What the models of all versions have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from typing import Any, Self

from .._errors.exceptions import InvalidArgument
from .encoding import to_json
from .unset import UNSET

EXTRA = "additional_properties"
IS_OPEN = "is_open"
TAGS = "tags"
_WIRE = "wire"
_WIRE_NAMES: dict[type[Any], tuple[tuple[str, str], ...]] = {}


class Model:
    """An object of the API. What the description does not name is in `additional_properties`."""

    __slots__ = ()
    additional_properties: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The object as JSON data; members that are unset are left out."""
        data: dict[str, Any] = to_json(self.additional_properties)
        for name, wire in _wire_names(type(self)):
            value = getattr(self, name)
            if value is not UNSET:
                data[wire] = to_json(value)
        return data

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """The object from JSON data; what does not fit the description is kept as it came."""
        from .annotations import objects_of
        from .reading import Reading

        given: object = src_dict
        if not isinstance(given, Mapping):
            found = type(given).__name__
            raise InvalidArgument(
                f"{cls.__name__}.from_dict takes the members of one object, not a value of type {found}"
            )
        result: Self = objects_of(cls).read(dict(src_dict), Reading())
        return result

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """The members, for every protocol of pickle."""
        return None, {member.name: getattr(self, member.name) for member in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def _adopt(cls, values: Any) -> Self:
        """The object of the values that are attributes of `values`, without any check."""
        raise NotImplementedError


def wire_name(member: Field[Any]) -> str:
    """The name of a member in JSON."""
    return str(member.metadata.get(_WIRE, member.name))


def _wire_names(model: type[Any]) -> tuple[tuple[str, str], ...]:
    """The attributes of a model and their names in JSON, looked up once."""
    if model not in _WIRE_NAMES:
        named = ((member.name, wire_name(member)) for member in fields(model) if member.name != EXTRA)
        _WIRE_NAMES[model] = tuple(named)
    return _WIRE_NAMES[model]

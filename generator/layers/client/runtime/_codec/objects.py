"""How the objects of a model are read: checked in one go if they fit, member by member if they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from msgspec import Struct, ValidationError, convert, defstruct

from .kinds import Anything, Kind, read_member
from .reading import Reading, json_type
from .unset import UNSET

_MOST_SHAPES = 1000
_NOT_IN_STRUCTS = frozenset('"\\')


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a model: its attribute, its name in JSON, its kind, and whether it must be there."""

    name: str
    wire: str
    kind: Kind
    is_required: bool


class Objects:
    """The objects of one model. `adopt` makes one of the values that are attributes of what it is passed."""

    name = "an object"
    takes = frozenset((dict,))
    checked = dict
    is_final = False

    def __init__(self, adopt: Callable[[Any], Any]) -> None:
        self._adopt = adopt
        self._members: Sequence[Member] = ()
        self._unread: Sequence[Member] = ()
        self._wires: frozenset[str] = frozenset()
        self._rest: Kind = Anything()
        self._checker: type[Struct] | None = None
        self._shapes: dict[tuple[str, ...], tuple[str, ...]] = {}

    def define(self, members: Sequence[Member], rest: Kind) -> None:
        """Say what members the objects have, and of what kind all others are."""
        self._members = members
        self._unread = [member for member in members if not member.kind.is_final]
        self._wires = frozenset(member.wire for member in members)
        self._rest = rest
        if all(member.wire.isprintable() and not _NOT_IN_STRUCTS & {*member.wire} for member in members):
            self._checker = defstruct(
                "Checked",
                [(one.name, one.kind.checked, *(() if one.is_required else (UNSET,))) for one in members],
                rename={member.name: member.wire for member in members},
                kw_only=True,
                gc=False,
            )

    def read(self, value: Any, reading: Reading) -> Any:
        try:
            made = self._adopt(convert(value, self._checker or int))
        except ValidationError:
            if type(value) is not dict:
                reading.note(self.name, json_type(value))
                return value
            made = self._adopt(SimpleNamespace(**dict(self._values(value, reading))))
        else:
            for member in self._unread:
                if member.wire in value:
                    setattr(made, member.name, read_member(member.kind, member.wire, value[member.wire], reading))
        shape = tuple(value)
        unknown = self._shapes.get(shape)
        if unknown is None:
            unknown = self._add_shape(shape)
        made.additional_properties = self._read_rest(unknown, value, reading) if unknown else {}
        return made

    def _values(self, value: dict[str, Any], reading: Reading) -> Iterator[tuple[str, Any]]:
        for member in self._members:
            if member.wire in value:
                yield member.name, read_member(member.kind, member.wire, value[member.wire], reading)
            else:
                yield member.name, UNSET
                if member.is_required:
                    reading.note(member.kind.name, "nothing", member.wire)

    def _add_shape(self, shape: tuple[str, ...]) -> tuple[str, ...]:
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()
        unknown = self._shapes[shape] = tuple(name for name in shape if name not in self._wires)
        return unknown

    def _read_rest(self, names: tuple[str, ...], value: dict[str, Any], reading: Reading) -> dict[str, Any]:
        if type(self._rest) is not Anything:
            return {name: read_member(self._rest, name, value[name], reading) for name in names}
        if self._members:  # an object without any described member is free
            reading.count_unknown(names, value)
        return {name: value[name] for name in names}

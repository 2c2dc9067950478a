"""How the objects of a model are read: in one go if they fit, member by member if they do not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from msgspec import DecodeError, Raw, defstruct
from msgspec.json import Decoder

from .kinds import Anything, Kind, read_member
from .parsing import parse_json
from .reading import Reading, json_type
from .unset import UNSET

_MOST_LEARNT = 100
_NOT_IN_STRUCTS = frozenset('"\\')


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a model: its attribute, its name in JSON, its kind, and whether it must be there.

    `tags` are the values by which it says that an object is of the model, if it is a discriminator.
    """

    name: str
    wire: str
    kind: Kind
    is_required: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fast:
    """How to read in one go. `learnt` are members that the model does not know: attribute and name."""

    decoder: Decoder[Any]
    learnt: tuple[tuple[str, str], ...]


class Objects(Kind):
    """The objects of one model. `adopt` makes one of the values that are attributes of what it is passed.

    Members that responses have and the description does not are learnt, so that the next such
    object is read in one go too.
    """

    name = "an object"
    takes = frozenset((dict,))
    checked = Raw
    is_final = False

    def __init__(self, adopt: Callable[[Any], Any]) -> None:
        self._adopt = adopt
        self._members: Sequence[Member] = ()
        self._unfinished: Sequence[Member] = ()
        self._rest: Kind = Anything()
        self._is_free = True
        self._fast: Fast | None = None
        self._lock = threading.Lock()

    def define(self, members: Sequence[Member], rest: Kind) -> None:
        """Say what members the objects have, and of what kind all others are."""
        self._members = members
        self._unfinished = [member for member in members if not member.kind.is_final]
        self._rest = rest
        self._is_free = not members or not isinstance(rest, Anything)  # it may have members of any name
        if not self._is_free and all(_is_plain(member.wire) for member in members):
            self._fast = self._reader(())

    def read_text(self, text: bytes | Raw, reading: Reading) -> Any:
        fast = self._fast
        if fast is None or reading.is_slow:
            return self.read(parse_json(text, reading), reading)
        try:
            checked = fast.decoder.decode(text)
        except (DecodeError, UnicodeDecodeError):
            return self.read(parse_json(text, reading), reading)
        made = self._adopt(checked)
        for member in self._unfinished:
            value = getattr(checked, member.name)
            if value:  # an empty list is read, and so is UNSET
                setattr(made, member.name, read_member(member.kind.finish, member.wire, value, reading))
        made.additional_properties = rest = {}
        for attribute, name in fast.learnt:
            value = getattr(checked, attribute)
            if value is not UNSET:
                reading.note_unknown(name, value)
                rest[name] = value
        return made

    def has_tags(self) -> bool:
        return any(member.tags for member in self._members)

    def is_tagged(self, data: Any) -> bool:
        return any(data.get(member.wire) in member.tags for member in self._members if member.tags)

    def finish(self, value: Any, reading: Reading) -> Any:
        return self.read_text(value, reading)

    def read(self, data: Any, reading: Reading) -> Any:
        if type(data) is not dict:
            reading.note(self.name, json_type(data))
            return data
        rest = dict(data)
        made = self._adopt(SimpleNamespace(**dict(self._values(rest, reading))))
        made.additional_properties = {
            name: read_member(self._rest.read, name, value, reading) for name, value in rest.items()
        }
        if rest and not self._is_free:
            for name, value in rest.items():
                reading.note_unknown(name, value)
            self._learn(rest)
        return made

    def _values(self, rest: dict[str, Any], reading: Reading) -> Iterator[tuple[str, Any]]:
        """The members by attribute; they are taken out of `rest`."""
        for member in self._members:
            if member.wire in rest:
                yield member.name, read_member(member.kind.read, member.wire, rest.pop(member.wire), reading)
            else:
                yield member.name, UNSET
                if member.is_required:
                    reading.note(member.kind.name, "nothing", member.wire)

    def _learn(self, names: dict[str, Any]) -> None:
        with self._lock:
            known = [name for _, name in self._fast.learnt] if self._fast else []
            new = [name for name in names if name not in known and _is_plain(name)]
            if self._fast and new and len(known) + len(new) <= _MOST_LEARNT:
                self._fast = self._reader((*known, *new))

    def _reader(self, learnt: Sequence[str]) -> Fast:
        others = [(f"_{index}", name) for index, name in enumerate(learnt)]  # no member has such an attribute
        checker = defstruct(
            "Checked",
            [
                *((one.name, one.kind.checked, *(() if one.is_required else (UNSET,))) for one in self._members),
                *((attribute, Any, UNSET) for attribute, _ in others),
            ],
            rename={**{member.name: member.wire for member in self._members}, **dict(others)},
            kw_only=True,
            gc=False,
            forbid_unknown_fields=True,
        )
        return Fast(Decoder(checker), tuple(others))


def _is_plain(name: str) -> bool:
    """Whether msgspec takes it for the name of a member."""
    return name.isprintable() and not _NOT_IN_STRUCTS & {*name}

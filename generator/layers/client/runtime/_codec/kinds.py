"""The kinds of value that an annotation allows, and how each is read from JSON.

Text that fits is read in one go by msgspec. What does not is parsed and looked at value by value:
it stays as it came, and each deviation is noted.
"""

from __future__ import annotations

import datetime
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Annotated, Any
from uuid import UUID

from msgspec import DecodeError, Meta, Raw
from msgspec.json import Decoder

from .moments import DATE, DATE_TIME, parse_moment
from .parsing import parse_json
from .reading import JSON_TYPES, Reading, json_type

_LONGEST = 60
_NONE = object()
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOMENT = Annotated[datetime.datetime, Meta(tz=True)]
_FIRST_BYTES: Mapping[int, type] = {
    **dict.fromkeys(b"tf", bool), ord("n"): type(None), ord('"'): str, ord("["): list, ord("{"): dict,
}  # fmt: skip


class Kind(ABC):
    """One kind of value.

    `takes` are the JSON types that it reads, `checked` is the msgspec type of it. What msgspec
    returns is final where `is_final`; elsewhere it holds JSON text, and `finish` reads that.
    """

    name: str
    takes: frozenset[type]
    checked: Any
    is_final: bool = True

    @cached_property
    def _decoder(self) -> Decoder[Any]:
        return Decoder(self.checked)

    def read_text(self, text: bytes | Raw, reading: Reading) -> Any:
        """The value of JSON text; raises ValueError if it is no JSON."""
        if reading.is_slow:
            return self.read(parse_json(text, reading), reading)
        try:
            value = self._decoder.decode(text)
        except (DecodeError, UnicodeDecodeError):
            return self.read(parse_json(text, reading), reading)
        return value if self.is_final else self.finish(value, reading)

    def finish(self, value: Any, reading: Reading) -> Any:
        """The value of what msgspec returned."""
        raise NotImplementedError

    def has_tags(self) -> bool:
        """Whether objects of this kind say so, as a discriminator asks."""
        return False

    def is_tagged(self, data: Any) -> bool:  # noqa: ARG002  # only objects have tags
        """Whether the data say that they are of this kind."""
        return False

    @abstractmethod
    def read(self, data: Any, reading: Reading) -> Any:
        """The value of JSON data."""


class Anything(Kind):
    """Whatever comes."""

    name = "any value"
    takes = frozenset(JSON_TYPES)
    checked = Any

    def read(self, data: Any, reading: Reading) -> Any:  # noqa: ARG002  # nothing deviates from it
        return data


class Plain(Kind):
    """A JSON type that is a Python type: text, a boolean, a number or null."""

    def __init__(self, kind: type) -> None:
        self.name = JSON_TYPES[kind]
        self.takes = frozenset((int, float) if kind in (int, float) else (kind,))
        self.checked = int | float if kind is float else kind
        self._kind = kind

    def read(self, data: Any, reading: Reading) -> Any:
        if type(data) is self._kind or (self._kind is float and type(data) is int):
            return data
        if self._kind is int and type(data) is float and data.is_integer():
            return int(data)  # JSON does not tell 5.0 from 5
        reading.note(self.name, json_type(data))
        return data


class Text(Kind):
    """Text that says something else: a moment, a day, an identifier."""

    takes = frozenset((str,))

    def __init__(
        self, name: str, checked: Any, parse: Callable[[str], Any], form: re.Pattern[str], *, hidden: bool
    ) -> None:
        self.name = name
        self.checked = checked
        self._parse = parse
        self._form = form
        self._hidden = hidden

    def read(self, data: Any, reading: Reading) -> Any:
        parsed = _attempt(self._parse, data) if type(data) is str else None
        if parsed is None or not self._form.fullmatch(data):
            reading.note(self.name, _excerpt(data, hidden=self._hidden))
        return data if parsed is None else parsed


class Words(Kind):
    """The values of an enum, or those of a literal."""

    def __init__(self, checked: Any, values: Mapping[Any, Any], *, hidden: bool) -> None:
        kinds = {type(word) for word in values}
        self.takes = frozenset(kinds)
        self.checked = checked if kinds in ({str}, {int}) else Raw
        self.is_final = self.checked is not Raw
        self.name = " ".join(map(repr, values)) if len(values) == 1 else "one of " + ", ".join(map(str, values))
        self._values = {(type(word), word): value for word, value in values.items()}
        self._hidden = hidden

    def finish(self, value: Any, reading: Reading) -> Any:
        return self.read(parse_json(value, reading), reading)

    def read(self, data: Any, reading: Reading) -> Any:
        known = self._values.get((type(data), data), _NONE) if type(data) in self.takes else _NONE
        if known is not _NONE:
            return known
        reading.note(self.name, _excerpt(data, hidden=self._hidden))
        return data


class Items(Kind):
    """A list."""

    name = "a list"
    takes = frozenset((list,))

    def __init__(self, item: Kind) -> None:
        self.is_final = item.is_final
        self.checked = list[item.checked if item.is_final else Raw]  # type: ignore[misc]
        self._item = item

    def finish(self, value: Any, reading: Reading) -> Any:
        return self._read(self._item.read_text, value, reading)

    def read(self, data: Any, reading: Reading) -> Any:
        if type(data) is list:
            return self._read(self._item.read, [*data], reading)
        reading.note(self.name, json_type(data))
        return data

    def _read(self, read: Callable[[Any, Reading], Any], items: list[Any], reading: Reading) -> list[Any]:
        path, before = reading.path, reading.enter(0)
        for index, item in enumerate(items):
            path[-1] = index
            items[index] = read(item, reading)
        reading.leave(before)
        return items


class Table(Kind):
    """An object whose members are all of one kind, under names of their own."""

    name = "an object"
    takes = frozenset((dict,))

    def __init__(self, item: Kind) -> None:
        self.is_final = item.is_final
        self.checked = dict[str, item.checked if item.is_final else Raw]  # type: ignore[misc]
        self._item = item

    def finish(self, value: Any, reading: Reading) -> Any:
        return {name: read_member(self._item.read_text, name, item, reading) for name, item in value.items()}

    def read(self, data: Any, reading: Reading) -> Any:
        if type(data) is dict:
            return {name: read_member(self._item.read, name, item, reading) for name, item in data.items()}
        reading.note(self.name, json_type(data))
        return data


class Choice(Kind):
    """One of several kinds: the one that fits best, of those that take the value's JSON type."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.name = " or ".join(dict.fromkeys(kind.name for kind in kinds))
        self.takes = frozenset[type]().union(*(kind.takes for kind in kinds))
        self._by_type = {one: [kind for kind in kinds if one in kind.takes] for one in self.takes}
        self.is_final = all(kind.is_final for kind in kinds) and all(len(one) == 1 for one in self._by_type.values())
        self.checked = Raw
        if self.is_final:
            self.checked = kinds[0].checked
            for kind in kinds[1:]:
                self.checked |= kind.checked

    def finish(self, value: Any, reading: Reading) -> Any:
        kinds = self._by_type.get(_FIRST_BYTES.get(bytes(value)[0], int), ())
        if len(kinds) == 1:
            return kinds[0].read_text(value, reading)
        return self.read(parse_json(value, reading), reading)

    def read(self, data: Any, reading: Reading) -> Any:
        kinds = self._by_type.get(type(data), ())
        if len(kinds) > 1 and all(kind.has_tags() for kind in kinds):
            kinds = [kind for kind in kinds if kind.is_tagged(data)]
        if not kinds:
            reading.note(self.name, json_type(data))
            return data
        kind = kinds[0] if len(kinds) == 1 else min(kinds, key=lambda kind: _misfit(kind, data))
        return kind.read(data, reading)


def read_member(read: Callable[[Any, Reading], Any], name: str, value: Any, reading: Reading) -> Any:
    """The value of a member; the notes hold its place."""
    before = reading.enter(name)
    result = read(value, reading)
    reading.leave(before)
    return result


def moments(*, hidden: bool) -> Text:
    """The kind of `date-time`."""
    return Text("a date-time with an offset (RFC 3339)", _MOMENT, parse_moment, DATE_TIME, hidden=hidden)


def days(*, hidden: bool) -> Text:
    """The kind of `date`."""
    return Text("a date (RFC 3339)", datetime.date, datetime.date.fromisoformat, DATE, hidden=hidden)


def identifiers(*, hidden: bool) -> Text:
    """The kind of `uuid`."""
    return Text("a UUID", UUID, UUID, _UUID, hidden=hidden)


def enum_words(enum: type[Enum], *, hidden: bool) -> Words:
    """The kind of an enum."""
    return Words(enum, {member.value: member for member in enum}, hidden=hidden)


def _excerpt(data: Any, *, hidden: bool) -> str:
    """What is noted of a value: the start of its text, or its type alone if it is not to be shown."""
    if hidden or type(data) is not str:
        return json_type(data)
    return ascii(data if len(data) <= _LONGEST else f"{data[:_LONGEST]}…")


def _misfit(kind: Kind, data: Any) -> tuple[int, int]:
    """How badly the data fit: what deviates, then what is unknown."""
    trial = Reading()
    kind.read(data, trial)
    return len(trial.faults), len(trial.unknown)


def _attempt(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None

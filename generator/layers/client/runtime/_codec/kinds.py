"""The kinds of value that an annotation allows: what JSON each takes, and what it reads from it.

A kind never raises: a value that does not fit stays as it came and is noted.
"""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, Protocol
from uuid import UUID

from msgspec import Meta

from .moments import DATE, DATE_TIME, parse_moment
from .reading import JSON_TYPES, Reading, json_type

_LONGEST = 60


class Kind(Protocol):
    """One kind of value.

    `takes` are the JSON types that it reads. `checked` is the type by which msgspec checks a value
    in one go; the value that it returns is final where `is_final`, else `read` does the rest.
    """

    @property
    def name(self) -> str: ...
    @property
    def takes(self) -> frozenset[type]: ...
    @property
    def checked(self) -> Any: ...
    @property
    def is_final(self) -> bool: ...

    def read(self, value: Any, reading: Reading) -> Any:
        """The value of JSON data."""


class Anything:
    """Whatever comes."""

    name = "any value"
    takes = frozenset(JSON_TYPES)
    checked = Any
    is_final = True

    def read(self, value: Any, reading: Reading) -> Any:
        return value


class Plain:
    """A JSON type that is a Python type: text, a boolean, a number or null."""

    is_final = True

    def __init__(self, kind: type) -> None:
        self.name = JSON_TYPES[kind]
        self.takes = frozenset((int, float) if kind in (int, float) else (kind,))
        self.checked: Any = int | float if kind is float else kind
        self._kind = kind

    def read(self, value: Any, reading: Reading) -> Any:
        if type(value) is self._kind or (self._kind is float and type(value) is int):
            return value
        if self._kind is int and type(value) is float and value.is_integer():
            return int(value)  # JSON does not tell 5.0 from 5
        reading.note(self.name, json_type(value))
        return value


class Text:
    """Text that says something else: a moment, a day, an identifier."""

    takes = frozenset((str,))
    is_final = True

    def __init__(
        self, name: str, checked: Any, parse: Callable[[str], Any], form: re.Pattern[str], *, hidden: bool
    ) -> None:
        self.name = name
        self.checked = checked
        self._parse = parse
        self._form = form
        self._hidden = hidden

    def read(self, value: Any, reading: Reading) -> Any:
        parsed = _attempt(self._parse, value) if type(value) is str else None
        if parsed is None or not self._form.fullmatch(value):
            reading.note(self.name, shown(value, hidden=self._hidden))
        return value if parsed is None else parsed


class Words:
    """The values of an enum, or the single value of a constant."""

    def __init__(self, checked: Any, values: Mapping[Any, Any], *, hidden: bool) -> None:
        self.checked = checked
        self.is_final = len({type(word) for word in values}) == 1 and type(next(iter(values))) in (str, int)
        self.checked = checked if self.is_final else Any
        self.takes = frozenset(type(word) for word in values)
        self.name = "one of " + ", ".join(map(str, values)) if len(values) > 1 else " ".join(map(repr, values))
        self._values = {(type(word), word): value for word, value in values.items()}
        self._hidden = hidden

    def read(self, value: Any, reading: Reading) -> Any:
        known = self._values.get((type(value), value), _NONE) if type(value) in self.takes else _NONE
        if known is not _NONE:
            return known
        reading.note(self.name, shown(value, hidden=self._hidden))
        return value


class Items:
    """A list."""

    name = "a list"
    takes = frozenset((list,))

    def __init__(self, item: Kind) -> None:
        self.is_final = item.is_final
        self.checked: Any = list[item.checked] if item.is_final else list  # type: ignore[name-defined]
        self._item = item

    def read(self, value: Any, reading: Reading) -> Any:
        if type(value) is not list:
            reading.note(self.name, json_type(value))
            return value
        read, path, before = self._item.read, reading.path, reading.enter(0)
        for index, item in enumerate(value):  # in its place, so that the JSON of each item is freed at once
            path[-1] = index
            value[index] = read(item, reading)
        reading.leave(before)
        return value


class Table:
    """An object whose members all are of one kind, under names of their own."""

    name = "an object"
    takes = frozenset((dict,))

    def __init__(self, item: Kind) -> None:
        self.is_final = item.is_final
        self.checked: Any = dict[str, item.checked] if item.is_final else dict  # type: ignore[name-defined]
        self._item = item

    def read(self, value: Any, reading: Reading) -> Any:
        if type(value) is not dict:
            reading.note(self.name, json_type(value))
            return value
        return {name: read_member(self._item, name, item, reading) for name, item in value.items()}


class Choice:
    """One of several kinds: the one that fits best, of those that take the value's JSON type."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.name = " or ".join(dict.fromkeys(kind.name for kind in kinds))
        self.takes = frozenset().union(*(kind.takes for kind in kinds))
        is_clear = len([one for kind in kinds for one in kind.takes]) == len(self.takes)
        self.is_final = is_clear and all(kind.is_final for kind in kinds)
        self.checked: Any = Any
        if is_clear:
            self.checked = kinds[0].checked
            for kind in kinds[1:]:
                self.checked |= kind.checked
        self._by_type = {one: [kind for kind in kinds if one in kind.takes] for one in self.takes}

    def read(self, value: Any, reading: Reading) -> Any:
        kinds = self._by_type.get(type(value), ())
        if not kinds:
            reading.note(self.name, json_type(value))
            return value
        kind = kinds[0] if len(kinds) == 1 else min(kinds, key=lambda kind: _misfit(kind, value))
        return kind.read(value, reading)


def read_member(kind: Kind, name: str, value: Any, reading: Reading) -> Any:
    """The value of a member, of which the notes tell the place."""
    before = reading.enter(name)
    result = kind.read(value, reading)
    reading.leave(before)
    return result


def shown(value: Any, *, hidden: bool) -> str:
    """What is noted of a value: the start of its text, or its type alone if it is not to be shown."""
    if hidden or type(value) is not str:
        return json_type(value)
    return ascii(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…")


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


def _misfit(kind: Kind, value: Any) -> tuple[int, int]:
    """How badly the value fits: what deviates, then what is unknown."""
    trial = Reading()
    kind.read(copy.deepcopy(value), trial)
    return len(trial.faults), len(trial.unknown)


def _attempt(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None


_NONE = object()
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MOMENT = Annotated[datetime.datetime, Meta(tz=True)]

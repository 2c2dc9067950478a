"""One response while it is read: the place reached, and what deviated from the description so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

JSON_TYPES: Mapping[type[Any], str] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}
UNKNOWN_MEMBER = "no such member"


@dataclass(slots=True)
class Note:
    """One deviation: where it came first, what the description says, what came instead, how often.

    `pattern` is the pointer with a star for every index.
    """

    pointer: str
    pattern: str
    expected: str
    seen: str
    count: int = 1


@dataclass(slots=True)
class Reading:
    """Where the reader is in a response, and what it noted.

    `is_slow` says that each value is looked at, also where msgspec would take the text in one go.

    `path` leads to the value that is being read, its last step may be an index; `pattern` is
    the same as a pointer with a star for every index.
    """

    is_slow: bool = False
    path: list[str | int] = field(default_factory=list)
    pattern: str = ""
    faults: list[Note] = field(default_factory=list)
    unknown: dict[tuple[str, str], Note] = field(default_factory=dict)

    def note(self, expected: str, seen: str, *member: str) -> None:
        """Note a deviation of the value that is being read, or of a member of it."""
        last = pointer(member)
        self.faults.append(Note(pointer(self.path) + last, self.pattern + last, expected, seen))

    def note_unknown(self, name: str, value: object) -> None:
        """Note a member that the description does not name."""
        found = self.unknown.get((name, self.pattern))
        if found is not None:
            found.count += 1
            return
        last = pointer((name,))
        note = Note(pointer(self.path) + last, self.pattern + last, UNKNOWN_MEMBER, json_type(value))
        self.unknown[name, self.pattern] = note

    def enter(self, step: str | int) -> str:
        """Go down to a member or an item; pass what is returned to `leave`."""
        before = self.pattern
        self.path.append(step)
        self.pattern = f"{before}/*" if isinstance(step, int) else before + pointer((step,))
        return before

    def leave(self, before: str) -> None:
        """Go back up."""
        self.path.pop()
        self.pattern = before

    def notes(self) -> Iterator[Note]:
        """Everything that was noted."""
        yield from self.faults
        yield from self.unknown.values()


def pointer(steps: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of the steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def json_type(value: object) -> str:
    """The JSON type of a value, in words."""
    return JSON_TYPES.get(type(value), "another value")

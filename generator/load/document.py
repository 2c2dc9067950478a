"""The bundled document, and a cursor that walks it without losing the place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.errors import SpecError

if TYPE_CHECKING:
    from generator.load.reading import SourceFile

Pointer = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source file; lines count from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Document:
    """One bundled description: its name, its content, the position of each pointer in it, and the files it was in."""

    name: str
    content: dict[str, object]
    positions: Mapping[Pointer, Position]
    files: tuple[SourceFile, ...]

    def position(self, pointer: Pointer) -> Position:
        """Where the value was written, or the nearest value around it."""
        for end in range(len(pointer), 0, -1):
            if pointer[:end] in self.positions:
                return self.positions[pointer[:end]]
        return self.positions[()]

    def fault(self, pointer: Pointer, message: str, hint: str) -> SpecError:
        """A fault at that pointer, with file and line."""
        place = self.position(pointer)
        return SpecError(file=place.file, line=place.line, pointer=text_of(pointer), message=message, hint=hint)

    def node(self, *pointer: str | int) -> Node:
        """The cursor at that pointer; KeyError where the document has no such place."""
        value: object = self.content
        for part in pointer:
            value = _member(value, part)
        return Node(self, pointer, value)


def text_of(pointer: Pointer) -> str:
    """The pointer as RFC 6901 writes it."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


@lru_cache(maxsize=4096)  # the references of a description name the same components again and again
def pointer_of(text: str) -> Pointer:
    """The parts of an RFC 6901 pointer."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def _member(value: object, key: str | int) -> object:
    if isinstance(value, list):
        return value[int(key)]
    if isinstance(value, dict) and key in value:
        return value[key]
    raise KeyError(key)


class Node:
    """A value of the document and its pointer. References are followed by `resolved`."""

    __slots__ = ("document", "pointer", "value")

    def __init__(self, document: Document, pointer: Pointer, value: object) -> None:
        self.document = document
        self.pointer = pointer
        self.value = value

    def __getitem__(self, key: str | int) -> Node:
        return Node(self.document, (*self.pointer, key), _member(self.value, key))

    def get(self, key: str) -> Node | None:
        """The member of that name, or None."""
        return self[key] if isinstance(self.value, dict) and key in self.value else None

    def has(self, key: str) -> bool:
        """Whether there is a member of that name."""
        return isinstance(self.value, dict) and key in self.value

    def text(self, key: str, default: str = "") -> str:
        """The member as text."""
        return str(self.value[key]) if isinstance(self.value, dict) and key in self.value else default

    def flag(self, key: str) -> bool:
        """Whether the member is `true`."""
        return isinstance(self.value, dict) and self.value.get(key) is True

    def texts(self, key: str) -> tuple[str, ...]:
        """The member, a list, as texts; empty where it is missing."""
        return tuple(str(item.value) for item in self.each(key))

    def each(self, key: str) -> Iterator[Node]:
        """The items of a list member; nothing where it is missing."""
        member = self.get(key)
        if member is not None and isinstance(member.value, list):
            yield from (member[index] for index in range(len(member.value)))

    def fields(self, key: str) -> Iterator[tuple[str, Node]]:
        """The name and value of each entry of a mapping member."""
        member = self.get(key)
        yield from member.members() if member is not None else ()

    def members(self) -> Iterator[tuple[str, Node]]:
        """The name and value of each entry of this mapping; nothing where it is none."""
        if isinstance(self.value, dict):
            yield from ((name, self[name]) for name in self.value)

    def reference(self) -> str:
        """The text of `$ref`, or nothing."""
        return self.text("$ref")

    def resolve(self) -> Node:
        """The value that a reference leads to, or the node itself."""
        node = self
        while reference := node.reference():
            node = self.document.node(*pointer_of(reference.removeprefix("#")))
        return node

    def parts(self) -> tuple[Node, ...]:
        """The schemas that `allOf` makes this one of, at any depth, each once, and what it says itself as the last."""
        found: dict[Pointer, Node] = {}
        _collect_parts(self.resolve(), found, set())
        return tuple(found.values())

    def fault(self, message: str, hint: str) -> SpecError:
        """A fault at this place."""
        return self.document.fault(self.pointer, message, hint)


def _collect_parts(schema: Node, found: dict[Pointer, Node], seen: set[Pointer]) -> None:
    if schema.pointer not in seen:
        seen.add(schema.pointer)
        for member in schema.each("allOf"):
            _collect_parts(member.resolve(), found, seen)
        found[schema.pointer] = schema

"""OpenAPI Overlays (1.0): changes to a description that somebody else writes, made before it is checked.

What an overlay adds keeps the file and line of the overlay, so that a fault names the file where the text stands.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import SpecError
from generator.load.document import Document, Pointer, Position
from generator.load.reading import Faulty, SourceFile

if TYPE_CHECKING:  # dear to import, and most runs have no overlay
    import jsonpath

_KEYS = frozenset(("target", "description", "update", "remove"))


@dataclass(frozen=True, slots=True)
class Action:
    """One change: what it is made to, and the update, or that it is removed."""

    source: SourceFile
    pointer: Pointer
    query: jsonpath.JSONPath | jsonpath.CompoundJSONPath
    update: object
    remove: bool

    def fault(self, message: str, hint: str) -> SpecError:
        """A fault at the target of the action."""
        place = (*self.pointer, "target")
        return self.source.fault(self.source.position(place).line, place, message, hint)


def read_overlays(paths: Iterable[Path]) -> tuple[list[Action], list[SpecError]]:
    """The actions of all overlays, in order, and what is wrong with them."""
    actions: list[Action] = []
    faults: list[SpecError] = []
    for path in paths:
        try:
            source = SourceFile(path)
        except Faulty as error:
            faults.append(error.fault)
            continue
        faults += source.faults
        for one in _read(source):
            (actions if isinstance(one, Action) else faults).append(one)  # type: ignore[arg-type]  # one list of each
    return actions, faults


def apply_overlays(documents: list[Document], actions: list[Action]) -> tuple[list[Document], list[SpecError]]:
    """The documents after all actions; an action that hits nothing in any of them is a fault."""
    import jsonpath

    edits = [_Edit(document) for document in documents]
    faults = []
    for action in actions:
        try:
            hits = sum([edit.apply(action) for edit in edits])
        except jsonpath.JSONPathError as error:
            faults.append(action.fault(f"the target cannot be followed: {_first_line(error)}", "see RFC 9535"))
            continue
        if not hits:
            hint = "compare it with the description; keys differ in capital letters"
            faults.append(action.fault("the target hits nothing", hint))
    return [edit.document() for edit in edits], faults


def _read(source: SourceFile) -> Iterator[Action | SpecError]:
    data = source.data
    if not isinstance(data, dict) or not str(data.get("overlay", "")).startswith("1."):
        yield source.fault(1, (), "this is no OpenAPI Overlay", "begin it with `overlay: 1.0.0`")
        return
    actions = data.get("actions")
    if not isinstance(actions, list) or not actions:
        line = source.position(("actions",)).line
        yield source.fault(line, ("actions",), "the overlay has no actions", "list at least one under `actions`")
        return
    for index, action in enumerate(actions):
        yield _read_action(source, ("actions", index), action)


def _read_action(source: SourceFile, pointer: Pointer, action: Any) -> Action | SpecError:
    line = source.position(pointer).line
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        return source.fault(line, pointer, "the action has no target", "write a JSONPath such as `target: $.info`")
    unknown = [key for key in action if key not in _KEYS and not key.startswith("x-")]
    if unknown:
        line = source.position((*pointer, unknown[0])).line
        hint = f"its keys are {', '.join(sorted(_KEYS))}"
        return source.fault(line, pointer, f"an action has no {unknown[0]!r}", hint)
    if ("update" in action) is (action.get("remove") is True):
        return source.fault(line, pointer, "an action either updates or removes", "write `update`, or `remove: true`")
    import jsonpath

    try:
        query = jsonpath.compile(action["target"])
    except jsonpath.JSONPathError as error:
        line = source.position((*pointer, "target")).line
        return source.fault(line, pointer, f"the target is no JSONPath: {_first_line(error)}", "see RFC 9535")
    return Action(source, pointer, query, action.get("update"), action.get("remove") is True)


class _Edit:
    """A document that is being changed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._content: Any = copy.deepcopy(document.content)
        self._positions = dict(document.positions)

    def document(self) -> Document:
        return replace(self._document, content=self._content, positions=self._positions)

    def apply(self, action: Action) -> int:
        """Make the change wherever its target fits; says how often."""
        pointers: list[Pointer] = [tuple(match.parts) for match in action.query.finditer(self._content)]
        for pointer in reversed(pointers):
            if action.remove:
                self._remove(pointer)
            else:
                self._update(pointer, action)
        return len(pointers)

    def _update(self, pointer: Pointer, action: Action) -> None:
        value, origin = self._value(pointer), (*action.pointer, "update")
        if isinstance(value, list):
            self._insert((*pointer, len(value)), action.update, action.source, origin)
        else:
            self._merge(pointer, action.update, action.source, origin)

    def _merge(self, pointer: Pointer, update: object, source: SourceFile, origin: Pointer) -> None:
        value = self._value(pointer)
        if isinstance(value, dict) and isinstance(update, dict):
            for key, inner in update.items():
                if key in value:
                    self._merge((*pointer, key), inner, source, (*origin, key))
                else:
                    self._insert((*pointer, key), inner, source, (*origin, key))
        elif isinstance(value, list) and isinstance(update, list):
            for index, inner in enumerate(update):
                self._insert((*pointer, len(value)), inner, source, (*origin, index))
        elif pointer:
            self._insert(pointer, update, source, origin)

    def _insert(self, pointer: Pointer, update: object, source: SourceFile, origin: Pointer) -> None:
        parent, key = self._value(pointer[:-1]), pointer[-1]
        new = copy.deepcopy(update)
        if isinstance(parent, list) and key == len(parent):
            parent.append(new)
        else:
            parent[key] = new
        for inner in _pointers(new, ()):
            self._positions[(*pointer, *inner)] = source.position((*origin, *inner))

    def _remove(self, pointer: Pointer) -> None:
        if not pointer:
            return
        parent: Any = self._value(pointer[:-1])
        is_list = isinstance(parent, list)
        del parent[pointer[-1]]
        if is_list:
            self._close_gap(pointer)

    def _close_gap(self, gone: Pointer) -> None:
        """The places of what stood behind an item that is gone."""
        depth, index = len(gone) - 1, gone[-1]
        moved: dict[Pointer, Position] = {}
        for pointer, position in self._positions.items():
            if len(pointer) > depth and pointer[:depth] == gone[:depth] and isinstance(index, int):
                own = pointer[depth]
                if own == index:
                    continue
                if isinstance(own, int) and own > index:
                    pointer = (*pointer[:depth], own - 1, *pointer[depth + 1 :])
            moved[pointer] = position
        self._positions = moved

    def _value(self, pointer: Pointer) -> Any:
        value = self._content
        for part in pointer:
            value = value[part]
        return value


def _pointers(value: object, above: Pointer) -> Iterator[Pointer]:
    yield above
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _pointers(inner, (*above, key))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]

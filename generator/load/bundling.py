"""Many files to one document: references to other files become components of the bundle."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import unquote

from generator.errors import SpecError
from generator.load.document import Document, Pointer, Position, pointer_of, text_of
from generator.load.places import Place, below, what_at
from generator.load.reading import ROOT_NAMES, Faulty, SourceFile, label

LIFTED = frozenset(
    ("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links")
)
_KINDS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "header": "headers",
    "requestBody": "requestBodies",
    "securityScheme": "securitySchemes",
}
_LONGEST = 60
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def bundle(root: Path) -> tuple[Document, list[SpecError]]:
    """The description as one document, and the faults met on the way."""
    document, faults, unread = outline(root)
    return document, [*faults, *unread]


def outline(root: Path) -> tuple[Document, list[SpecError], list[SpecError]]:
    """The same, with the faults apart that leave a document to compare: nothing stands for what was not read."""
    run = _Bundle(root)
    run.build()
    name = root.absolute().parent.name if root.name in ROOT_NAMES else root.stem
    document = Document(name=name, content=run.content, positions=run.positions, files=run.list_files())
    return document, run.faults, run.unread


MISSING = object()


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference leads to."""

    source: SourceFile
    pointer: Pointer

    @property
    def value(self) -> object:
        value: object = self.source.data
        for part in self.pointer:
            if isinstance(value, dict) and part in value:
                value = value[part]
            elif isinstance(value, list) and str(part).isdecimal() and int(part) < len(value):
                value = value[int(part)]
            else:
                return MISSING
        return value


class _Bundle:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.boundary = self.root.parent.parent if root.name in ROOT_NAMES else self.root.parent
        self.content: dict[str, object] = {}
        self.positions: dict[Pointer, Position] = {(): Position(label(root), 1)}
        self.faults: list[SpecError] = []
        self.unread: list[SpecError] = []
        self._files: dict[Path, SourceFile | None] = {}
        self._paths: dict[tuple[Path, str], Path] = {}
        self._lifted: dict[tuple[str, str], object] = {}
        self._names: dict[tuple[str, str], Target] = {}
        self._inlining: list[Target] = []

    def build(self) -> None:
        try:
            source = SourceFile(self.root)
        except Faulty as error:
            self.faults.append(error.fault)
            return
        self.unread += source.faults
        self._files[self.root] = source
        if not isinstance(source.data, dict):
            self.faults.append(source.fault(1, (), "a description is a mapping", "start it with `openapi: 3.1.0`"))
            return
        self._reserve(source, source.data)
        self.content = dict(self._object(source, (), source.data, (), Place.OBJECT))
        components = self.content.setdefault("components", {}) if self._lifted else {}
        for (kind, name), value in self._lifted.items():
            kept = components.setdefault(kind, {}) if isinstance(components, dict) else None
            if isinstance(kept, dict):  # anything else is a fault of the structure
                kept[name] = value

    def list_files(self) -> tuple[SourceFile, ...]:
        """The files that were read, without those that cannot be."""
        return tuple(file for file in self._files.values() if file is not None)

    def _reserve(self, source: SourceFile, data: dict[str, object]) -> None:
        """Give the names of the root's own components to what they stand for."""
        components = data.get("components")
        for kind, entries in components.items() if isinstance(components, dict) else ():
            for name, entry in entries.items() if isinstance(entries, dict) else ():
                pointer = ("components", kind, name)
                reference = entry.get("$ref") if isinstance(entry, dict) else None
                target = self._target(source, pointer, reference) if isinstance(reference, str) else None
                outside = target is not None and target.source is not source
                self._names[(kind, name)] = target if target and outside else Target(source, pointer)

    def _copy(self, source: SourceFile, place: Pointer, value: object, out: Pointer, kind: Place) -> object:
        self.positions.setdefault(out, source.position(place))
        if isinstance(value, list):
            return [
                self._copy(source, (*place, index), item, (*out, index), below(kind, index, item))
                for index, item in enumerate(value)
            ]
        if not isinstance(value, dict):
            return value
        if kind is Place.OBJECT and isinstance(value.get("$ref"), str):
            return self._reference(source, place, value, out)
        return self._object(source, place, value, out, kind)

    def _object(
        self, source: SourceFile, place: Pointer, value: dict[str, object], out: Pointer, kind: Place
    ) -> dict[str, object]:
        return {
            key: self._copy(source, (*place, key), item, (*out, key), below(kind, key, item))
            for key, item in value.items()
        }

    def _reference(self, source: SourceFile, place: Pointer, value: dict[str, object], out: Pointer) -> object:
        target = self._target(source, (*place, "$ref"), str(value["$ref"]))
        if target is None:
            return {}
        outside = target.source.path != self.root
        component = _component(target, out)
        whole = (out[:1] == ("paths",) and len(out) == 2) or (out[:1] == ("components",) and len(out) == 3 and outside)
        if whole or (outside and component is None):
            return self._inline(source, place, target, out)
        siblings = {key: item for key, item in value.items() if key != "$ref"}
        name = self._lift(source, place, target, *component) if outside and component else text_of(target.pointer)
        return {"$ref": "#" + name, **self._object(source, place, siblings, out, Place.OBJECT)}

    def _inline(self, source: SourceFile, place: Pointer, target: Target, out: Pointer) -> object:
        if target in self._inlining:
            self._fault(source, place, "this reference leads back to itself", "write the value out here")
            return {}
        if out[0] == "components":
            self.positions[out] = target.source.position(target.pointer)
        self._inlining.append(target)
        copied = self._copy(target.source, target.pointer, target.value, out, Place.OBJECT)
        self._inlining.pop()
        return copied

    def _lift(self, source: SourceFile, place: Pointer, target: Target, kind: str, name: str) -> str:
        for (taken_kind, taken_name), owner in self._names.items():
            if owner == target and taken_kind == kind:
                return text_of(("components", kind, taken_name))
        if (kind, name) in self._names:
            other = self._names[(kind, name)]
            where = other.source.position(other.pointer)
            message = f"two different {kind} are called {name}; the other is at {where.file}:{where.line}"
            self.unread.append(self._at(source, place, message, "rename one of them"))
            name = next(free for free in (f"{name}_{n}" for n in count(2)) if (kind, free) not in self._names)
        self._names[(kind, name)] = target
        out = ("components", kind, name)
        self._lifted[(kind, name)] = None
        self._lifted[(kind, name)] = self._copy(target.source, target.pointer, target.value, out, Place.OBJECT)
        return text_of(("components", kind, name))

    def _target(self, source: SourceFile, place: Pointer, reference: str) -> Target | None:
        file, _, fragment = reference.partition("#")
        other = self._file(source, place, file)
        if other is None:
            return None
        pointer = pointer_of(unquote(fragment))
        target = Target(other, pointer)
        if target.value is MISSING:
            self._fault(source, place, f"the reference {reference!r} leads nowhere", _nearest(other, pointer))
            return None
        if self._is_endless(target):
            self._fault(source, place, f"the reference {reference!r} leads only to references", "write the value out")
            return None
        return target

    def _is_endless(self, target: Target) -> bool:
        """Whether references follow each other from there and come back, with no value on the way."""
        met: list[Target] = []
        while target not in met:
            met.append(target)
            reference = target.value.get("$ref") if isinstance(target.value, dict) else None
            file, _, fragment = reference.partition("#") if isinstance(reference, str) else ("", "", "")
            source = self._file(target.source, (*target.pointer, "$ref"), file)
            if not isinstance(reference, str) or source is None:
                return False
            target = Target(source, pointer_of(unquote(fragment)))
        return True

    def _file(self, source: SourceFile, place: Pointer, name: str) -> SourceFile | None:
        if not name:
            return source
        if "://" in name:
            hint = "references over the network are not followed"
            self.unread.append(self._at(source, place, f"{name!r} is not a file", hint))
            return None
        path = self._path(source, name)
        if path is None:
            self._fault(
                source, place, f"no file can be read as {_shorten(name)!r}", "check the spelling of the reference"
            )
            return None
        if not path.is_relative_to(self.boundary):
            self._fault(source, place, f"{name!r} lies outside the description's folder", "copy the file into it")
            return None
        if path not in self._files:
            self._files[path] = None
            try:
                self._files[path] = SourceFile(path)
            except Faulty as error:
                missing = not path.exists()
                if missing:
                    self._fault(source, place, f"there is no file {name!r}", "check the spelling of the reference")
                else:
                    self.faults.append(error.fault)
            found = self._files[path]
            self.unread += found.faults if found else []
        return self._files[path]

    def _path(self, source: SourceFile, name: str) -> Path | None:
        """The path of a reference; None if the system takes no such name."""
        if (source.path, name) not in self._paths:
            try:
                path = (source.path.parent / unquote(name)).resolve()
                path.exists()
            except (OSError, ValueError, RuntimeError):  # too long; NUL; a circle of links
                return None
            self._paths[(source.path, name)] = path
        return self._paths[(source.path, name)]

    def _fault(self, source: SourceFile, place: Pointer, message: str, hint: str) -> None:
        self.faults.append(self._at(source, place, message, hint))

    def _at(self, source: SourceFile, place: Pointer, message: str, hint: str) -> SpecError:
        return source.fault(source.position(place).line, place, message, hint)


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"


def _component(target: Target, out: Pointer) -> tuple[str, str] | None:
    """The kind and name of the component that a target becomes; None where it is written out at its place."""
    if len(target.pointer) >= 2 and target.pointer[-2] in LIFTED:
        return str(target.pointer[-2]), str(target.pointer[-1])
    kind = _KINDS.get(what_at(out))
    name = str(target.pointer[-1]) if target.pointer else target.source.path.stem
    return (kind, _NO_NAME.sub("_", name)) if kind else None


def _nearest(source: SourceFile, pointer: Pointer) -> str:
    parent = Target(source, pointer[:-1]).value
    names = [str(key) for key in parent] if isinstance(parent, dict) else []
    close = difflib.get_close_matches(str(pointer[-1]) if pointer else "", names, 1)
    return f"did you mean {close[0]!r}?" if close else "check the spelling of the reference"

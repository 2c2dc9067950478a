"""One YAML or JSON file to plain data and the line of each value.

The YAML is read with JSON's values only: no dates, no octal numbers, no `yes` and `no`.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import yaml

from generator.errors import SpecError, ToolkitError
from generator.load.document import Pointer, Position, text_of

ROOT_NAMES = ("openapi.yaml", "openapi.yml", "openapi.json")
LARGEST = 500_000  # values in one file after its aliases are expanded


def descriptions(path: Path) -> list[Path]:
    """The root files under a path: the file itself, its openapi.yaml, or one in each subfolder."""
    try:
        is_folder = not path.is_file()
        is_missing = is_folder and not path.is_dir()
    except OSError as error:
        raise ToolkitError(f"{str(path)[:60]}…: {error.strerror} (name a description or a folder of them)") from None
    if not is_folder:
        return [path]
    if is_missing:
        raise ToolkitError(f"{path}: there is no such file or folder (name a description or a folder of them)")
    folders = (path, *sorted(child for child in path.iterdir() if child.is_dir()))
    found = [folder / name for folder in folders for name in ROOT_NAMES if (folder / name).is_file()]
    if not found:
        raise ToolkitError(f"{path}: no openapi.yaml in this folder or in the folders in it (name the root file)")
    return found


_READS: ContextVar[dict[Path, str] | None] = ContextVar("reads", default=None)


@contextmanager
def record_reads() -> Iterator[dict[Path, str]]:
    """Gather the files that are asked for inside, each with the digest of its content; empty if it cannot be read."""
    reads: dict[Path, str] = {}
    token = _READS.set(reads)
    try:
        yield reads
    finally:
        _READS.reset(token)


def digest(path: Path) -> str:
    """The digest of a file's content; empty if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


class Faulty(Exception):
    """The file cannot be read; carries the one fault that says why."""

    def __init__(self, fault: SpecError) -> None:
        super().__init__(str(fault))
        self.fault = fault


_TOO_DEEP = ("the file is nested too deeply", "flatten it, with references")
_NESTING_OF_LIBYAML = "exceeded maximum nesting depth"


class SourceFile:
    """A file as read: `data`, `lines` by pointer, and the number of lines in all."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.label = label(path)
        self.lines: dict[Pointer, int] = {(): 1}
        self.line_count = 0
        self.faults: list[SpecError] = []
        try:
            root = self._compose()
            self.data = self._value(root, (), ()) if root is not None else None
        except RecursionError:
            raise Faulty(self.fault(1, (), *_TOO_DEEP)) from None

    def position(self, pointer: Pointer) -> Position:
        """The place of a pointer in this file."""
        return Position(self.label, self.lines.get(pointer, 1))

    def fault(self, line: int, pointer: Pointer, message: str, hint: str) -> SpecError:
        """A fault in this file."""
        return SpecError(file=self.label, line=line, pointer=text_of(pointer), message=message, hint=hint)

    def _compose(self) -> yaml.Node | None:
        if self.path.exists() and not self.path.is_file() and not self.path.is_dir():
            raise Faulty(self.fault(1, (), "it is no file but a device or a pipe", "copy what it gives into a file"))
        reads = _READS.get()
        try:
            if reads is not None:
                reads[self.path] = ""
            content = self.path.read_bytes()
            if reads is not None:
                reads[self.path] = hashlib.sha256(content).hexdigest()
            text = content.decode("utf-8")
            self.line_count = len(text.splitlines())
            return yaml.compose(text, Loader=_Json)
        except UnicodeDecodeError:
            raise Faulty(self.fault(1, (), "the file is not UTF-8 text", "save it as UTF-8")) from None
        except OSError as error:
            reason = error.strerror or "it cannot be opened"
            raise Faulty(
                self.fault(1, (), f"the file cannot be read: {reason}", "check the path and its rights")
            ) from None
        except yaml.YAMLError as error:
            raise Faulty(self._syntax(error)) from None

    def _syntax(self, error: yaml.YAMLError) -> SpecError:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        if problem == _NESTING_OF_LIBYAML:
            return self.fault(line, (), *_TOO_DEEP)
        return self.fault(line, (), f"invalid YAML: {problem}", "mend the syntax at this line or just above it")

    def _value(self, node: yaml.Node, pointer: Pointer, above: tuple[int, ...]) -> object:
        self.lines.setdefault(pointer, node.start_mark.line + 1)
        if id(node) in above or len(self.lines) > LARGEST:
            why = "the alias contains itself" if id(node) in above else f"over {LARGEST:,} values"
            raise Faulty(self.fault(node.start_mark.line + 1, pointer, why, "write the value out instead"))
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, pointer, (*above, id(node)))
        if isinstance(node, yaml.SequenceNode):
            below = (*above, id(node))
            return [self._value(item, (*pointer, index), below) for index, item in enumerate(node.value)]
        return self._scalar(node, pointer)

    def _read_mapping(self, node: yaml.MappingNode, pointer: Pointer, above: tuple[int, ...]) -> dict[str, object]:
        result: dict[str, object] = {}
        for name, key, value in _entries(node):
            line = key.start_mark.line + 1
            if name is None:
                self.faults.append(self.fault(line, pointer, "a key is not plain text", "use text as the key"))
            elif name in result:
                hint = "keep one of them; YAML would silently take the last"
                self.faults.append(self.fault(line, (*pointer, name), f"the key {name!r} stands here twice", hint))
            else:
                self.lines[(*pointer, name)] = line
                result[name] = self._value(value, (*pointer, name), above)
        return result

    def _scalar(self, node: yaml.Node, pointer: Pointer) -> object:
        read = _SCALARS.get(node.tag)
        if read is None:
            fault = self.fault(node.start_mark.line + 1, pointer, f"the YAML tag {node.tag} is not known", "remove it")
            self.faults.append(fault)
            return None
        return read(node.value)


def label(path: Path) -> str:
    """The path as the user would write it: relative to the working folder where it lies in it."""
    absolute = path.absolute()
    return str(absolute.relative_to(Path.cwd())) if absolute.is_relative_to(Path.cwd()) else str(absolute)


def _entries(node: yaml.MappingNode) -> Iterator[tuple[str | None, yaml.Node, yaml.Node]]:
    for key, value in node.value:
        yield (key.value if isinstance(key, yaml.ScalarNode) else None), key, value


def _number(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


_YAML = "tag:yaml.org,2002:"
_SCALARS: dict[str, Callable[[str], object]] = {
    f"{_YAML}str": str,
    f"{_YAML}int": int,
    f"{_YAML}float": _number,
    f"{_YAML}bool": lambda text: text == "true",
    f"{_YAML}null": lambda _: None,
}


class _Json(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # PyYAML is built with or without libyaml
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # PyYAML's own attribute

    def descend_resolver(self, *_: object) -> None:
        """Keep no account of the place of each value, which only tags by path would need."""

    def ascend_resolver(self) -> None:
        """Keep none on the way back."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """The tag of a value; text in quotation marks is text."""
        is_quoted = kind is yaml.ScalarNode and not implicit[0]
        return f"{_YAML}str" if is_quoted else str(super().resolve(kind, value, implicit))


_NUMBER_STARTS = list("-+.0123456789")
_Json.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_Json.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Json.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]{1,300}$"), _NUMBER_STARTS)
_Json.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
    _NUMBER_STARTS,
)

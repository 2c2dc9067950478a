"""Rules about the files of a description, used or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.errors import SpecError
from generator.lint.rule import Rule
from generator.load import ROOT_NAMES, Document
from generator.load.bundling import LIFTED
from generator.load.document import Pointer, Position
from generator.load.reading import Faulty, SourceFile

LONGEST = 600


@dataclass(frozen=True, slots=True)
class Sources:
    """The files in the folders of a run, and the places that the bundled documents took something from."""

    files: tuple[SourceFile, ...]
    taken: frozenset[Position]


def sources(paths: Iterable[Path], documents: Iterable[Document]) -> Sources:
    """The files under the paths; what lies beside them may be used by another run."""
    taken = frozenset(position for document in documents for position in document.positions.values())
    files = {file.resolve() for path in paths for file in (path.rglob("*.y*ml") if path.is_dir() else (path,))}
    return Sources(tuple(filter(None, map(_read, sorted(files)))), taken)


def _read(path: Path) -> SourceFile | None:
    try:
        return SourceFile(path)
    except Faulty:
        return None  # part of a description? Then it is reported there


def _long(run: Sources) -> Iterator[SpecError]:
    for file in run.files:
        if file.line_count > LONGEST:
            yield file.fault(
                LONGEST + 1, (), f"the file has {file.line_count} lines", "give a part of it a file of its own"
            )


def _check_unused(run: Sources) -> Iterator[SpecError]:
    for file in run.files:
        if file.path.name not in ROOT_NAMES and isinstance(file.data, dict):
            for kind, entries in file.data.items():
                if kind in LIFTED or kind == "paths":
                    for name in entries if isinstance(entries, dict) else ():
                        yield from _unused_entry(run, file, (kind, name))


def _unused_entry(run: Sources, file: SourceFile, place: Pointer) -> Iterator[SpecError]:
    inside = (pointer for pointer in file.lines if pointer[: len(place)] == place)
    if not any(file.position(pointer) in run.taken for pointer in inside):
        line = file.lines[place]
        yield file.fault(line, place, f"{place[0]}: {place[1]} is used by nothing", "refer to it, or remove it")


RULES = (
    Rule(name="unused", asks="every path and every component of a file is used", check=_check_unused),
    Rule(name="file-length", asks=f"no file is longer than {LONGEST} lines", check=_long),
)

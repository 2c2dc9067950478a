"""Rules about the files of a description, used or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import SpecError
from generator.lint.rule import Rule
from generator.load import ROOT_NAMES, Document
from generator.load.bundling import LIFTED
from generator.load.document import Position
from generator.load.reading import Faulty, SourceFile

LONGEST = 600


@dataclass(frozen=True, slots=True)
class Sources:
    """The files in the folders of a run, and the places that the bundled documents took something from."""

    files: tuple[SourceFile, ...]
    taken: frozenset[Position]


def sources(paths: Iterable[Path], documents: Sequence[Document]) -> Sources:
    """The files under the paths; what lies beside them may be used by another run."""
    taken = frozenset(position for document in documents for position in document.positions.values())
    files = {file.resolve() for path in paths for file in (path.rglob("*.y*ml") if path.is_dir() else (path,))}
    read = {file.path: file for document in documents for file in document.files}
    return Sources(tuple(filter(None, (_read(path, read) for path in sorted(files)))), taken)


def _read(path: Path, read: Mapping[Path, SourceFile]) -> SourceFile | None:
    try:
        return read.get(path) or SourceFile(path)
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
            used = {pointer[:2] for pointer in file.lines if file.position(pointer) in run.taken}
            for kind, entries in file.data.items():
                if kind in LIFTED or kind == "paths":
                    for name in entries if isinstance(entries, dict) else ():
                        if (kind, name) not in used:
                            yield _report_unused(file, (kind, name))


def _report_unused(file: SourceFile, place: tuple[str, str]) -> SpecError:
    message = f"{place[0]}: {place[1]} is used by nothing"
    return file.fault(file.lines[place], place, message, "refer to it, or remove it")


RULES = (
    Rule(name="unused", asks="every path and every component of a file is used", check=_check_unused),
    Rule(name="file-length", asks=f"no file is longer than {LONGEST} lines", check=_long),
)

"""Two states of a description, read from files or from a revision of git, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from generator.compare.revisions import checked_out
from generator.diff import Difference, Policy, differences
from generator.errors import SpecError, SpecErrors
from generator.ir import Project
from generator.load import Document, Position, outlines
from generator.lower import outline

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed, and the faults of the descriptions that did not hinder the comparison."""

    differences: tuple[Difference, ...]
    faults: tuple[SpecError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    project: Project
    faults: tuple[SpecError, ...]


def compare(old: Path, new: Path, policy: Policy, revision: str = "") -> Comparison:
    """The changes from the older description to the newer one; with a revision, the older one is taken from git."""
    states: list[_State] = []
    hindering: list[SpecError] = []
    for path, at in ((old, revision), (new, "")):
        try:
            states.append(_read(path, at))
        except SpecErrors as error:
            hindering += error.faults
    if hindering:
        raise SpecErrors(hindering)
    before, after = states
    found = differences(before.project, after.project, policy)
    return Comparison(differences=found, faults=(*before.faults, *after.faults))


def _read(path: Path, revision: str) -> _State:
    with _placed(path, revision) as (place, folder):
        try:
            documents, faults = outlines([place])
        except SpecErrors as error:
            raise SpecErrors(_renamed(fault, folder, revision) for fault in error.faults) from None
        named = (_relabelled(document, folder, revision) for document in documents)
        return _State(project=outline(named), faults=tuple(_renamed(fault, folder, revision) for fault in faults))


@contextmanager
def _placed(path: Path, revision: str) -> Iterator[tuple[Path, Path | None]]:
    """Where the description lies, and the folder that a revision was written into."""
    if not revision:
        yield path, None
        return
    with checked_out(revision, path) as (place, folder):
        yield place, folder


def _relabelled(document: Document, folder: Path | None, revision: str) -> Document:
    if folder is None:
        return document
    positions = {
        pointer: Position(_name(place.file, folder, revision), place.line)
        for pointer, place in document.positions.items()
    }
    return replace(document, positions=positions)


def _renamed(fault: SpecError, folder: Path | None, revision: str) -> SpecError:
    return replace(fault, file=_name(fault.file, folder, revision)) if folder else fault


def _name(file: str, folder: Path, revision: str) -> str:
    """The file as git calls it."""
    return f"{revision}:{Path(file).relative_to(folder)}" if Path(file).is_relative_to(folder) else file

"""Two states of a description, read from files or from a revision of git, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from generator.compare.revisions import check_out_revision
from generator.diff import Difference, Policy, State, Unbuilt, differences
from generator.diff.python.surface import Surface
from generator.errors import LayerError, SpecError, SpecErrors
from generator.ir import Api, Project
from generator.layers.client.surface import surface
from generator.load import Document, Position, outlines
from generator.lower import connect, outline

__all__ = ["Comparison", "build_state", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed, and the faults of the descriptions that did not hinder the comparison."""

    differences: tuple[Difference, ...]
    faults: tuple[SpecError, ...]


def compare(old: Path, new: Path, policy: Policy, revision: str = "", overlays: Sequence[Path] = ()) -> Comparison:
    """The changes from the older description to the newer one; with a revision, the older one is taken from git."""
    states: list[tuple[State, tuple[SpecError, ...]]] = []
    hindering: list[SpecError] = []
    for path, at in ((old, revision), (new, "")):
        try:
            states.append(_read(path, at, overlays))
        except SpecErrors as error:
            hindering += error.faults
    if hindering:
        raise SpecErrors(hindering)
    (before, odd), (after, odd_too) = states
    return Comparison(differences=differences(before, after, policy), faults=(*odd, *odd_too))


def _read(path: Path, revision: str, overlays: Sequence[Path]) -> tuple[State, tuple[SpecError, ...]]:
    with _locate(path, revision) as (place, folder):
        try:
            documents, faults = outlines([place], overlays)
        except SpecErrors as error:
            raise SpecErrors(_rename_file(fault, folder, revision) for fault in error.faults) from None
        named = [_with_revision(document, folder, revision) for document in documents]
    return build_state(named), tuple(_rename_file(fault, folder, revision) for fault in faults)


def build_state(documents: Iterable[Document]) -> State:
    """One side of a comparison: the model, and the Python client of each version as far as there can be one."""
    project, unnamed = outline(documents)
    return State(project=project, surfaces=dict(_surfaces(project, unnamed)))


def _surfaces(project: Project, unnamed: tuple[SpecError, ...]) -> Iterator[tuple[str, Surface | Unbuilt]]:
    try:
        if unnamed:
            raise SpecErrors(unnamed)
        connected = replace(project, apis=tuple(map(connect, project.apis)))
    except Exception as error:  # noqa: BLE001  # as below
        yield from ((api.name, _unbuilt(error)) for api in project.apis)
        return
    for api in connected.apis:
        yield api.name, _surface(connected, api)


def _surface(project: Project, api: Api) -> Surface | Unbuilt:
    try:
        return surface(project, api)
    except Exception as error:  # noqa: BLE001  # a client that cannot be made is no reason not to compare the rest
        return _unbuilt(error)


def _unbuilt(error: Exception) -> Unbuilt:
    if isinstance(error, SpecErrors):
        more = f" and {len(error.faults) - 1} more" if len(error.faults) > 1 else ""
        return Unbuilt(f"{error.faults[0]}{more}")
    return Unbuilt(str(error) if isinstance(error, LayerError) else f"{type(error).__name__}: {error}")


@contextmanager
def _locate(path: Path, revision: str) -> Iterator[tuple[Path, Path | None]]:
    """Where the description lies, and the folder that a revision was written into."""
    if not revision:
        yield path, None
        return
    with check_out_revision(revision, path) as (place, folder):
        yield place, folder


def _with_revision(document: Document, folder: Path | None, revision: str) -> Document:
    if folder is None:
        return document
    positions = {
        pointer: Position(_name(place.file, folder, revision), place.line)
        for pointer, place in document.positions.items()
    }
    return replace(document, positions=positions)


def _rename_file(fault: SpecError, folder: Path | None, revision: str) -> SpecError:
    return replace(fault, file=_name(fault.file, folder, revision)) if folder else fault


def _name(file: str, folder: Path, revision: str) -> str:
    """The file as git calls it."""
    return f"{revision}:{Path(file).relative_to(folder)}" if Path(file).is_relative_to(folder) else file

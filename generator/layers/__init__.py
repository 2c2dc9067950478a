"""The layers, one folder each. A layer exists by being a folder here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from generator.format import format_files
from generator.ir import Project
from generator.tree import File, add_header, check_owned


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer: its name, the one folder it owns, and what it renders."""

    name: str
    output: str
    render: Callable[[Project], Iterator[File]]


def names() -> tuple[str, ...]:
    """The names of all layers, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg))


def load(name: str) -> Layer:
    """The layer of that name."""
    module = importlib.import_module(f"{__name__}.{name}")
    return Layer(name=name, output=module.OUTPUT, render=module.render)


def render_files(
    chosen: Iterable[Layer],
    project: Project,
    step: Callable[[str], None],
    formatted: dict[File, File] | None = None,
) -> list[File]:
    """All files of these layers as they are written; `step` is told what is done, `formatted` keeps them."""
    files = [file for layer in chosen for file in _render(layer, project, step)]
    step("formatting")
    return format_files(files, formatted)


def _render(layer: Layer, project: Project, step: Callable[[str], None]) -> Iterator[File]:
    step(f"rendering {layer.name}")
    for file in check_owned(layer.render(project), layer.output):
        yield add_header(file)

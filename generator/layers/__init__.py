"""The layers, one folder each. A layer exists by being a folder here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.ir import Project
from generator.tree import File


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

"""The description as the packages with a runtime have it: the classes of the model, and the model as one JSON file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import ir
from generator.ir import Project
from generator.ir.serialization import dump
from generator.tree import File, copy_tree

_CLASSES = Path(ir.__file__).parent


def embed_description(project: Project, package: str) -> Iterator[File]:
    """The package `description` below another one."""
    yield from copy_tree(_CLASSES, f"{package}/description")
    yield File(f"{package}/description/project.json", dump(project))

"""One side of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.diff.python.surface import Surface
from generator.ir import Project


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """There can be no Python client of a version of the API, and why."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The model, and the Python client of each version by its name; it is not compared where there is none."""

    project: Project
    surfaces: Mapping[str, Surface | Unbuilt] = field(default_factory=dict)

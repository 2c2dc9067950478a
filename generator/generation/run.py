"""One run of the generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generator.errors import SpecError
from generator.layers import Layer, render_files
from generator.lint import findings
from generator.load import load
from generator.lower import lower
from generator.tree import Drift, drift, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be generated: from which descriptions and overlays, which layers, into which folder."""

    specs: tuple[Path, ...]
    overlays: tuple[Path, ...]
    layers: tuple[Layer, ...]
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the disk differed, the number of files that were rendered, and what the house rules found."""

    drift: Drift
    count: int
    findings: tuple[SpecError, ...]


def generate(order: Order, step: Callable[[str], None], *, check: bool = False) -> Outcome:
    """Write the files, or with `check` only compare them; `step` is told what is being done.

    Raises SpecErrors with the faults of the description, LayerError and OutputError. What the house rules find
    is no fault here; it is not looked for with `check`.
    """
    step("reading the description")
    documents = load(order.specs, order.overlays)
    files = render_files(order.layers, lower(documents), step)
    step("comparing" if check else "writing")
    compare = drift if check else write
    found = compare(files, order.out, [layer.output for layer in order.layers])
    step("looking for lint faults")
    warnings = () if check else tuple(findings(list(order.specs), documents))
    return Outcome(drift=found, count=len(files), findings=warnings)

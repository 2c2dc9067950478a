"""One run of the generator."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.generation.memory import Memory
from generator.layers import Layer, render_files
from generator.load import Document, load
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
    """How the disk differed, the number of files that were rendered, and the descriptions that they were made of."""

    drift: Drift
    count: int
    documents: tuple[Document, ...]


def generate(
    order: Order, step: Callable[[str], None], *, check: bool = False, memory: Memory | None = None
) -> Outcome:
    """Write the files, or with `check` only compare them; `step` is told what is being done.

    `memory` keeps what the next run of the process can use.

    Raises SpecErrors with the faults of the description, LayerError and OutputError. What the house rules find
    is no fault here.
    """
    step("reading the description")
    memory = memory or Memory()
    memory.refresh()
    documents = load(order.specs, order.overlays, memory.descriptions)
    files = render_files(order.layers, lower(documents), step, memory.formatted)
    step("comparing" if check else "writing")
    compare = drift if check else write
    with _interrupted_later():
        found = compare(files, order.out, [layer.output for layer in order.layers])
    return Outcome(drift=found, count=len(files), documents=documents)


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Ctrl-C ends the program after this, so that no file of a run is written without the others."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt

"""Copies of the description, one fault in each, and what the three linters say of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generator.errors import SpecError, SpecErrors
from generator.lint import findings
from generator.load import load
from generator.lower import lower
from tests.lint.faults import Fault
from tests.lint.node import ROOT, Seen, redocly, spectral

SPEC = ROOT / "spec"
NEAR, FAR, NOT = "yes", "elsewhere", "-"
PORTION = 60  # copies in one run of a program for Node, which takes long to start


@dataclass(frozen=True)
class Copy:
    """A copy with a fault: its folder, and the place to blame."""

    fault: Fault
    folder: Path
    line: int

    @property
    def file(self) -> Path:
        return self.folder / self.fault.file

    @property
    def root(self) -> Path:
        return self.folder / self.fault.api / "openapi.yaml"


def seed_fault(fault: Fault, folder: Path) -> Copy:
    """A copy of the description with the fault in it."""
    shutil.copytree(SPEC, folder)
    path = folder / fault.file
    before = path.read_text(encoding="utf-8").splitlines()
    lines = list(before)
    line = fault.edit(lines) + 1
    assert lines != before, "the edit changes nothing"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Copy(fault, folder.resolve(), line)


def ours(path: Path) -> tuple[SpecError, ...]:
    """What `procwise-toolkit lint` reports."""
    try:
        documents = load([path])
        lower(documents)
        return tuple(findings([path], documents))
    except SpecErrors as error:
        return error.faults


@cache
def lint_copy(copy: Copy) -> tuple[SpecError, ...]:
    """The same of a copy, once for all who ask."""
    return ours(copy.root.parent)


def verdict(copy: Copy, places: Iterable[tuple[Path, int]]) -> str:
    """Whether a linter saw the fault at its place: Redocly and Spectral may name the value below its key."""
    found = set(places)
    if any((copy.file, line) in found for line in (copy.line, copy.line + 1)):
        return NEAR
    return FAR if found else NOT


def node_verdicts(copies: Sequence[Copy]) -> list[tuple[str, str]]:
    """The verdicts of Redocly and Spectral on each copy; two of them work at a time."""
    portions = [copies[start : start + PORTION] for start in range(0, len(copies), PORTION)]
    with ThreadPoolExecutor(2) as pool:
        work = {linter: [pool.submit(_verdicts, linter, part) for part in portions] for linter in (redocly, spectral)}
        first, second = ([one for part in parts for one in part.result()] for parts in work.values())
    return list(zip(first, second, strict=True))


def _verdicts(linter: Callable[[Sequence[Path]], Iterable[Seen]], copies: Sequence[Copy]) -> list[str]:
    seen = list(linter([copy.root for copy in copies]))
    return [
        verdict(copy, ((one.file, one.line) for one in seen if one.file.is_relative_to(copy.folder))) for copy in copies
    ]

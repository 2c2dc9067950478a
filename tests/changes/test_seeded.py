"""Breaking edits of this project's own description are all seen as such, and harmless ones never are."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.diff import Policy, Severity, State, differences
from generator.layers.client.surface import surface
from generator.load import bundle
from generator.lower import lower
from tests.changes.seeds import BREAKING, HARMLESS, Seed


@pytest.fixture(scope="module")
def state(root: Path) -> State:
    return _read(root / "spec")


def test_there_are_enough_seeds() -> None:
    assert len({seed.what for seed in BREAKING}) == len(BREAKING) >= 37
    assert len({seed.what for seed in HARMLESS}) == len(HARMLESS) >= 14


def mark_most_slow(seeds: tuple[Seed, ...]) -> list[Any]:
    """Each reads the whole description: every eighteenth shows that it does; the rules have pairs of small ones."""
    return [
        pytest.param(seed, id=seed.what, marks=[pytest.mark.slow] if number % 18 else [])
        for number, seed in enumerate(seeds)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", mark_most_slow(BREAKING))
def test_what_breaks_is_seen(seed: Seed, root: Path, tmp_path: Path, state: State) -> None:
    (found,) = differences(state, _read_edited(seed, root, tmp_path))
    assert seed.rule in {change.rule for change in found.changes if change.severity is Severity.BREAKING}


@pytest.mark.slow
@pytest.mark.parametrize("seed", mark_most_slow(HARMLESS))
def test_what_does_not_break_raises_no_alarm(seed: Seed, root: Path, tmp_path: Path, state: State) -> None:
    (found,) = differences(state, _read_edited(seed, root, tmp_path), Policy.TOLERANT)
    assert found.bump != "major"
    assert seed.rule in ({change.rule for change in found.changes} or {""})


def _read_edited(seed: Seed, root: Path, folder: Path) -> State:
    shutil.copytree(root / "spec", folder / "spec")
    path = folder / "spec" / seed.file
    before = path.read_text(encoding="utf-8").splitlines()
    lines = list(before)
    seed.edit(lines)
    assert lines != before
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return _read(folder / "spec")


def _read(spec: Path) -> State:
    """The current version alone, in which all seeds are; unchecked, since checking takes longer than all the rest."""
    document, faults = bundle(spec / "v3" / "openapi.yaml")
    assert not faults
    project = lower([document])
    return State(project=project, surfaces={api.name: surface(project, api) for api in project.apis})

"""What holds of every layer: its signature, its folder, its header, the same twice."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import layers
from generator.ir import Project
from generator.tree import HEADER, File, add_header, check_owned
from tests.proofs import mark_most_slow
from tests.spec import read_project

NAMES = layers.names()


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project()


def test_the_layers_are_the_folders(root: Path) -> None:
    folders = {path.parent.name for path in (root / "generator/layers").glob("*/__init__.py")}
    assert set(NAMES) == folders == {"client", "conformance", "docs", "openapi", "sandbox", "typescript"}


@pytest.mark.parametrize("name", NAMES)
def test_signature(name: str) -> None:
    signature = inspect.signature(layers.load(name).render, eval_str=True)
    assert [(p.name, p.annotation) for p in signature.parameters.values()] == [("project", Project)]
    assert signature.return_annotation == Iterator[File]


@pytest.mark.parametrize("name", mark_most_slow(NAMES, 3))
def test_files_stay_inside_and_are_the_same_twice(name: str, project: Project) -> None:
    layer = layers.load(name)
    first = list(check_owned(layer.render(project), layer.output))
    second = list(layer.render(project))
    assert first
    assert [file.path for file in first] == [file.path for file in second]
    assert first == second
    assert all(HEADER in add_header(file).text[:1000] for file in first)


def test_no_two_layers_share_a_folder() -> None:
    outputs = [layers.load(name).output for name in NAMES]
    for output in outputs:
        assert [other for other in outputs if Path(other).is_relative_to(output)] == [output]


@pytest.mark.slow
def test_what_is_committed_is_what_the_description_says(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "generator", "generate", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr

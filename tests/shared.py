"""What takes long to make is made once, for all processes of a test run."""

from __future__ import annotations

import compileall
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programs import PROGRAMS


def share_folder(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """A folder that the first process fills which asks for it; the others wait, and find it filled."""
    own = factory.getbasetemp()
    place = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, filled = place / name, place / f"{name}.filled"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not filled.exists():
            folder.mkdir()
            fill(folder)
            filled.touch()
    return folder


def make_environment(packages: Path, **variables: str) -> dict[str, str]:
    """An environment in which these generated packages are imported."""
    path = os.pathsep.join(str(packages / name) for name in ("client", "sandbox", "conformance"))
    return {**os.environ, "PYTHONPATH": path, **variables}


def generate(spec: Path, folder: Path, *layers: str, overlay: Path | None = None) -> Path:
    """The folder of the packages that are generated from a description, compiled; of all layers, if none is named."""
    chosen = [word for layer in layers for word in ("--layer", layer)]
    chosen += ["--overlay", str(overlay)] if overlay else []
    ended = PROGRAMS("generator", "generate", "--spec", str(spec), "--out", str(folder), *chosen)
    assert ended.code == 0, ended.err
    compileall.compile_dir(folder / "generated", quiet=1)
    return folder / "generated"

"""Programs of JavaScript that import the generated package by its name, as users do."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "generated/typescript"
PROGRAMS = Path(__file__).parent / "programs"


def install(folder: Path, package: Path = PACKAGE) -> Path:
    """The folder with the programs of these tests in it, and the package where Node looks for it."""
    shutil.copytree(PROGRAMS, folder, dirs_exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "node_modules").mkdir()
    (folder / "node_modules/procwise").symlink_to(package)
    return folder


def run_node(folder: Path, *arguments: str, **environment: str) -> str:
    """What a program prints; fails with all that it printed if it fails."""
    call: Sequence[str] = ["node", *arguments]
    variables = {**os.environ, **environment}
    done = subprocess.run(call, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

"""What tests need of the machine is installed by CI, and named where it is missing."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import PACKAGES


def test_ci_installs_every_program_that_a_test_needs(root: Path) -> None:
    modules = [path.read_text("utf-8") for path in (root / "tests").rglob("*.py")]
    needed = {program for text in modules for program in re.findall(r'mark\.needs\("([\w-]+)"\)', text)}
    assert {"ruby", "chromium", "psql"} <= needed
    installed = set(re.findall(r"=([\w-]+)", (root / ".ci" / "run").read_text("utf-8").partition("\ninstall ")[2]))
    packages = {package for program in needed for package in PACKAGES.get(program, program).split()}
    assert packages <= installed

"""Redocly's score of the bundled descriptions stays at 90 or more."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.lint.node import PROGRAMS
from tests.proofs import mark_most_slow


@pytest.mark.slow
@pytest.mark.needs("npm")
@pytest.mark.parametrize("api", mark_most_slow(["v1", "v3"], 2))
def test_score(root: Path, api: str) -> None:
    call = [PROGRAMS / "redocly", "score", f"generated/openapi/{api}.yaml"]
    done = subprocess.run(call, cwd=root, capture_output=True, text=True, check=False)
    found = re.search(r"Agent Readiness:\s+([\d.]+)/100", done.stdout + done.stderr)
    assert found, done.stdout + done.stderr
    assert float(found[1]) >= 90

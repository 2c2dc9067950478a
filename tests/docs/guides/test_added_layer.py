"""The layer that the guide makes, made: in a copy of the generator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.counts import COUNTS
from tests.docs.snippets import snippets


@pytest.mark.slow
def test_the_layer_of_the_guide(root: Path, tmp_path: Path) -> None:
    blocks = snippets(root / "docs/guides/layer.md")
    shutil.copytree(root / "generator", tmp_path / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    for title, text in blocks.items():
        if title.startswith("generator/"):
            (tmp_path / title).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / title).write_text(text, "utf-8")
    tree = tmp_path / "generator/tree.py"
    written = tree.read_text("utf-8")
    tree.write_text(written.replace('".txt"), ("# "', '".txt", ".csv"), ("# "'), "utf-8")
    assert tree.read_text("utf-8") != written
    (tmp_path / "spec").symlink_to(root / "spec")
    command = blocks["Generate the new layer alone"].split()
    assert command[0] == "procwise-toolkit"
    done = subprocess.run(
        [sys.executable, "-m", "generator", *command[1:]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for api, count in COUNTS.items():
        assert len((tmp_path / f"generated/limits/{api}.csv").read_text("utf-8").splitlines()) == count + 2
    beginning = blocks["The beginning of generated/limits/v3.csv"]
    assert (tmp_path / "generated/limits/v3.csv").read_text("utf-8").startswith(beginning)

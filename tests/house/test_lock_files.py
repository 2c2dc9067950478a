"""Lock files are the same wherever they were made."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["constraints.txt", "package-lock.json"])
def test_a_lock_file_names_no_host(root: Path, name: str) -> None:
    """npm adds `funding` and old forms of `license`, which installs do not need: take them out."""
    lines = (root / name).read_text("utf-8").splitlines()
    assert [line for line in lines if "://" in line] == []

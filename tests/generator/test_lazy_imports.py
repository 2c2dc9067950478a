"""A command loads what it needs: libraries of other commands take longer than it does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.proofs import mark_slow

_PROGRAM = """
import sys
from generator.cli import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    print(*(name for name in sys.modules), file=sys.stdout)
"""
OF_LAYERS = {"jinja2", "openapi_python_client", "httpx", "anyio", "generator.layers.client"}
OF_WATCHING = {"watchfiles"}
OF_RELEASES = {"generator.release.plan", "generator.reports"}


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {"openapi_spec_validator", "pydantic", *OF_LAYERS, *OF_WATCHING, *OF_RELEASES}),
        (["lint", "spec.yaml"], OF_LAYERS | OF_WATCHING | OF_RELEASES),
        mark_slow(["generate", "--spec", "spec.yaml", "--layer", "openapi"], OF_LAYERS | OF_WATCHING | OF_RELEASES),
        (["generate", "--spec", "spec.yaml", "--layer", "client"], OF_WATCHING | OF_RELEASES),
        mark_slow(["diff", "spec.yaml", "spec.yaml"], OF_WATCHING | {"generator.release.plan"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_commands_load_what_they_need(
    tmp_path: Path, write: Callable[..., Path], small: str, arguments: list[str], unwanted: set[str]
) -> None:
    write("spec.yaml", small)
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    loaded = {*done.stdout.splitlines()[-1].split()}
    assert "generator.cli" in loaded, done.stderr
    assert not loaded & unwanted

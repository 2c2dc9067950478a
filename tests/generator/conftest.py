"""Small descriptions in a folder of their own, and the command run on them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.running import Run

SMALL = """\
openapi: 3.1.0
info: {title: Small, version: "1"}
servers: [{url: https://api.example/v9}]
paths:
  /things/{id}:
    get:
      operationId: showThing
      x-client: {resource: things, method: show}
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        "200":
          description: The thing.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Thing"}
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: integer}
"""


@pytest.fixture
def toolkit(tmp_path: Path) -> Callable[..., Run]:
    """Run `procwise-toolkit` in a folder of its own."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> Run:
        call = [sys.executable, "-m", "generator", *arguments]
        done = subprocess.run(
            call, cwd=tmp_path, input=stdin, capture_output=True, text=True, check=False, env=_environment(environment)
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run


def _environment(extra: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **extra}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file below the test's folder."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture
def small() -> str:
    """A description of one operation."""
    return SMALL

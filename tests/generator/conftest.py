"""Small descriptions in a folder of their own, and the command run on them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from generator import cli
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
def toolkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run `procwise-toolkit` in a folder of its own; in this process, since starting one takes a second."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> Run:
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["procwise-toolkit", *arguments])
            patch.setattr(
                sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="ascii")
            )  # which `sign` does not mind
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                cli.run()
        out.flush()
        return Run(int(end.value.code or 0), out.buffer.getvalue().decode(), err.getvalue())

    return run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Run]:
    """Run it as a process of its own."""

    def run(*arguments: str, stdin: str = "") -> Run:
        call = [sys.executable, "-m", "generator", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(
            call, cwd=tmp_path, input=stdin, capture_output=True, text=True, check=False, env=environment
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run


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

"""Ruff over the whole tree: the only step that alters rendered text."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from generator import PYTHONS
from generator.errors import LayerError
from generator.tree import File, make_folders

_TARGET = f"target-version='py{PYTHONS[0].replace('.', '')}'"
_OPTIONS = ("--isolated", "--no-cache", "--quiet", "--config", "line-length=120", "--config", _TARGET)
_IMPORTS = ("check", "--fix", "--exit-zero", "--select", "I", "--config", "lint.isort.combine-as-imports=true")
_PACKAGES = ("--config", "lint.isort.known-first-party=['procwise', 'procwise_sandbox', 'procwise_conformance']")


def format_files(files: Sequence[File], known: dict[File, File] | None = None) -> list[File]:
    """The files with their Python formatted and its imports sorted; `known` keeps what was made before.

    Raises LayerError where a file is no Python; the raw text is then kept for the reader.
    """
    known = {} if known is None else known
    unknown = [file for file in files if file not in known]
    made = dict(zip(unknown, _format(unknown), strict=True)) if unknown else {}
    found = {file: known.get(file) or made[file] for file in files}
    known.clear()
    known.update(found)
    return [found[file] for file in files]


def _format(files: Sequence[File]) -> list[File]:
    folder = Path(tempfile.mkdtemp(prefix="procwise-"))
    python = [file for file in files if file.path.endswith(".py")]
    make_folders(folder, (file.path for file in python))
    for file in python:
        (folder / file.path).write_text(file.text, encoding="utf-8", newline="\n")
    for command in ((*_IMPORTS, *_PACKAGES), ("format",)):
        _ruff(command, folder)
    texts = {file.path: (folder / file.path).read_text(encoding="utf-8") for file in python}
    shutil.rmtree(folder)
    return [File(file.path, texts.get(file.path, file.text)) for file in files]


def _ruff(command: Sequence[str], folder: Path) -> None:
    call = [sys.executable, "-m", "ruff", command[0], *_OPTIONS, *command[1:], "."]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # our own ruff, no text of the description
    if done.returncode != 0:
        what = (done.stderr or done.stdout).strip()
        raise LayerError(f"a layer rendered something that is no Python; the raw text is in {folder}:\n{what}")

"""The suite's command for a shell, where its package was generated and not installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def offer_command(folder: Path) -> str:
    """The search path of a shell that finds the command `procwise-conformance` in this folder first."""
    program = folder / "procwise-conformance"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m procwise_conformance "$@"\n', "utf-8")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"

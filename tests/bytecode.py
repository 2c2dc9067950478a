"""Compiled modules for packages that tests write: most of their files are the same, and are compiled once."""

from __future__ import annotations

import importlib.util
import marshal
from functools import cache
from pathlib import Path

_UNCHECKED = (1).to_bytes(4, "little")  # as PEP 552 has it: by its hash, which is not compared when it is imported


def compile_package(folder: Path) -> None:
    """Write the compiled modules of a package beside it; a warning of the compiler fails the test, as any other."""
    for path in folder.rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(str(path)))
        compiled.parent.mkdir(exist_ok=True)
        compiled.write_bytes(_compile(path.read_bytes()))


@cache
def _compile(source: bytes) -> bytes:
    code = marshal.dumps(compile(source, "<made up>", "exec", dont_inherit=True))  # importing sets the name of the file
    return importlib.util.MAGIC_NUMBER + _UNCHECKED + importlib.util.source_hash(source) + code

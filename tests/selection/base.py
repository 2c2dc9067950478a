"""`python -m tests.selection.base PATH…`: the tests of a revision that depended on files that are gone now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.selection.changed import select_tests
from tests.selection.dependencies import ROOT, Dependencies, read_git


def select_by_base(base: str, gone: Iterable[str]) -> list[str]:
    """The test files of a revision that depended on some of its files, by the rules of this checkout."""
    with tempfile.TemporaryDirectory() as folder:
        unpack_revision(base, Path(folder))
        packages = Dependencies(list_files(Path(folder))).packages.values()
        paths = os.pathsep.join(str(Path(folder, package).parent) for package in packages)
        call = [sys.executable, "-m", "tests.selection.base", *gone]
        environment = {**os.environ, "PYTHONPATH": paths}
        done = subprocess.run(call, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()


def unpack_revision(revision: str, folder: Path) -> None:
    """Write the files of a revision into a folder, with the rules of this checkout."""
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        read_git("archive", "--output", file.name, revision)
        with tarfile.open(file.name) as archive:
            archive.extractall(folder, filter="data")
    rules = folder / "tests/selection"
    shutil.rmtree(rules, ignore_errors=True)
    shutil.copytree(ROOT / "tests/selection", rules, ignore=shutil.ignore_patterns("__pycache__"))


def list_files(folder: Path) -> frozenset[str]:
    return frozenset(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


if __name__ == "__main__":
    print("\n".join(select_tests(sys.argv[1:], Dependencies(list_files(ROOT)))))

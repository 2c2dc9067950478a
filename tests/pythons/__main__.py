"""Holds the promise of `generator.PYTHONS`: wheels of all that is pinned, and a client that each Python at hand runs.

Asks the package index, and installs what the client needs for each Python into a folder that goes again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator import PYTHONS
from tests.pythons.wheels import CONSTRAINTS, install_needed, read_pins, resolve_wheels

ROOT = CONSTRAINTS.parent
SCRIPT = Path(__file__).parent / "client.py"
VECTORS = ROOT / "tests" / "signing" / "vectors.json"
CLIENT = ROOT / "generated" / "client"
PYODIDE = ROOT / "node_modules" / "pyodide" / "pyodide-lock.json"


@dataclass(frozen=True)
class Interpreter:
    """A Python at hand: how it runs a script with folders on its path, and the options that pip takes for it."""

    name: str
    python: str
    call: tuple[str, ...]
    options: tuple[str, ...] = ()
    in_arguments: bool = False

    def run(self, *folders: Path) -> subprocess.CompletedProcess[str]:
        """Run the script with warnings as errors."""
        places = [str(folder) for folder in folders]
        path = {} if self.in_arguments else {"PYTHONPATH": os.pathsep.join(places)}
        call = [*self.call, str(SCRIPT), str(VECTORS), *(places if self.in_arguments else ())]
        environment = {**os.environ, **path, "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(call, env=environment, capture_output=True, text=True, check=False)


def find_interpreters(python: str) -> Iterator[Interpreter]:
    """The interpreters of that version: on the PATH, of pyenv, and of Node."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = [shutil.which(f"python{python}"), *map(str, versions.glob(f"{python}.*/bin/python{python}"))]
    for path in filter(None, named):
        asked = subprocess.run([path, "-c", "import sys; print(sys.version)"], capture_output=True, text=True)
        if asked.returncode == 0:
            yield Interpreter(f"CPython {asked.stdout.split()[0]}", python, (path, "-W", "error"))
            break
    if shutil.which("node") and PYODIDE.exists():
        info = json.loads(PYODIDE.read_text("utf-8"))["info"]
        if info["python"].startswith(f"{python}."):
            platform = f"pyemscripten_{info['abi_version']}_{info['arch']}"
            call = ("node", str(Path(__file__).parent / "pyodide.mjs"))
            yield Interpreter(f"Pyodide's {info['python']}", python, call, ("--platform", platform), in_arguments=True)


def find_faults(python: str, folder: Path) -> Iterator[str]:
    """What does not hold for that version; prints what does."""
    complaint = resolve_wheels(CONSTRAINTS, python, folder / "nowhere", "--dry-run")
    if complaint:
        yield complaint
    else:
        print(f"{python}: wheels of all {len(read_pins())} libraries")
    interpreters = list(find_interpreters(python))
    if not interpreters:
        print(f"{python}: no interpreter at hand")
    for number, interpreter in enumerate(interpreters):
        libraries = folder / f"{python}-{number}"
        complaint = install_needed("procwise", python, libraries, *interpreter.options)
        if complaint:
            yield f"{interpreter.name}: {complaint}"
            continue
        done = interpreter.run(CLIENT, libraries)
        if done.returncode:
            yield f"{interpreter.name}: {done.stderr[-2000:]}"
            continue
        printed = json.loads(done.stdout)
        without = f", {', '.join(printed['without'])} left out" if printed["without"] else ""
        print(
            f"{interpreter.name}: {printed['modules']} modules imported{without}, {printed['vectors']} vectors signed"
        )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        faults = [f"{python}: {fault}" for python in PYTHONS for fault in find_faults(python, Path(folder))]
    if os.environ.get("REQUIRE_ALL") == "1" and not PYODIDE.exists():
        faults.append("Pyodide is missing: install the packages nodejs npm")
    print(*faults, sep="\n", file=sys.stderr, end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

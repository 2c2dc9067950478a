"""What is pinned, and the wheels of it for other Pythons than the one that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


def read_pins() -> dict[str, str]:
    """The lines of each library that is pinned, by its name."""
    blocks = re.split(r"\n(?=\S)", CONSTRAINTS.read_text("utf-8").strip())
    return {canonicalize_name(re.split("[ =]", block, maxsplit=1)[0]): block for block in blocks}


def list_needed(distribution: str) -> set[str]:
    """The libraries that it needs when it runs, its command among it, and those that they need."""
    names, waiting = set[str](), [distribution]
    while waiting:
        extra = {"extra": "cli" if (one := waiting.pop()) == distribution else ""}
        for requirement in map(Requirement, requires(one) or []):
            name = canonicalize_name(requirement.name)
            is_asked_for = requirement.marker is None or requirement.marker.evaluate(extra)
            if is_asked_for and name not in names:
                names.add(name)
                waiting.append(name)
    return names


def resolve_wheels(requirements: Path, python: str, folder: Path, *options: str) -> str:
    """Have pip find or install the wheels for that Python; what it complains of."""
    call = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wheels_alone = ["--only-binary=:all:", "--require-hashes", "--python-version", python, "--target", str(folder)]
    done = subprocess.run(
        [*call, *wheels_alone, *options, "-r", str(requirements)], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else "\n".join(line for line in done.stderr.splitlines() if "ERROR" in line)


def install_needed(distribution: str, python: str, folder: Path, *options: str) -> str:
    """Install what a package needs when it runs; what pip complains of."""
    blocks = read_pins()
    chosen = folder.parent / f"{folder.name}.txt"
    names = sorted(list_needed(distribution) & blocks.keys())
    chosen.write_text("".join(f"{blocks[name]}\n" for name in names), "utf-8")
    return resolve_wheels(chosen, python, folder, *options)

"""A workflow of GitHub read as data, and the scripts of its steps run as a runner does: with what the host hands on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
_HANDED_ON = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
_EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")


def read_workflow(text: str) -> dict[str, Any]:
    """The workflow; its `on`, a boolean for YAML 1.1, under its own name."""
    content: dict[Any, Any] = yaml.safe_load(text)
    return {"on" if key is True else key: value for key, value in content.items()}


def read_file(name: str) -> dict[str, Any]:
    """A workflow of this repository."""
    return read_workflow((FOLDER / name).read_text("utf-8"))


def defaults(workflow: Mapping[str, Any]) -> dict[str, str]:
    """What the inputs of a reusable workflow are if the caller gives none."""
    inputs = workflow["on"]["workflow_call"]["inputs"]
    return {f"inputs.{name}": yaml.safe_dump(one["default"]).split("\n")[0].strip("'") for name, one in inputs.items()}


@dataclass
class Runner:
    """Runs the steps of one job in a folder; `known` are the values of expressions."""

    workflow: Mapping[str, Any]
    job: str
    folder: Path
    temporary: Path
    known: dict[str, str] = field(default_factory=dict)
    programs: str = str(Path(sys.executable).parent)

    def __post_init__(self) -> None:
        self.temporary.mkdir(exist_ok=True)
        for name in _HANDED_ON:
            (self.temporary / name).touch()

    def step(self, name: str) -> dict[str, Any]:
        """The step of that name."""
        (found,) = (one for one in self.workflow["jobs"][self.job]["steps"] if one.get("name") == name)
        return found

    def run(self, name: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the script of a step, with other values of its environment if some are given."""
        step = self.step(name)
        levels = (self.workflow, self.workflow["jobs"][self.job], step)
        given = {key: self._fill(str(value)) for level in levels for key, value in level.get("env", {}).items()}
        host = {key: value for key, value in os.environ.items() if not key.startswith(("GIT", "PROCWISE"))}
        host |= {key: str(self.temporary / key) for key in _HANDED_ON}
        host |= {"RUNNER_TEMP": str(self.temporary), "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=self.folder, env=host | given | settings, capture_output=True,
            text=True, check=False, timeout=300,
        )  # fmt: skip

    def read(self, name: str) -> str:
        """What steps wrote to a file of the host."""
        return (self.temporary / name).read_text("utf-8")

    def _fill(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.known[found[1]], text)


def git(folder: Path, *arguments: str) -> str:
    """Run git there, as somebody."""
    call = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    """Commit all that lies there; the revision."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
    return git(folder, "rev-parse", "HEAD")

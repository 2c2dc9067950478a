"""The files that the guide prints fit the workflows and hooks that they name."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.snippets import snippets
from tests.workflows.steps import FOLDER, ROOT, commit, read_file, read_workflow

PAGE = snippets(ROOT / "docs/guides/description-in-ci.md")
CALLERS = [title for title in PAGE if title.startswith(".github/")]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def read_call(title: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The caller, its job that calls, and the workflow that is called."""
    caller = read_workflow(PAGE[title])
    (job,) = (one for one in caller["jobs"].values() if "uses" in one)
    name = re.fullmatch(r"OWNER/procwise-toolkit/\.github/workflows/([\w-]+\.yml)@\w+", job["uses"])
    assert name
    return caller, job, read_file(name[1])


@pytest.mark.parametrize("title", CALLERS)
def test_a_caller_gives_inputs_that_there_are(title: str) -> None:
    _, job, workflow = read_call(title)
    inputs = workflow["on"]["workflow_call"]["inputs"]
    types = {"string": str, "boolean": bool, "number": int}
    assert job["with"]
    for name, value in job["with"].items():
        assert type(value) is types[inputs[name]["type"]]


@pytest.mark.parametrize("title", CALLERS)
def test_a_caller_grants_what_the_called_jobs_ask_for(title: str) -> None:
    caller, _, workflow = read_call(title)
    asked: dict[str, str] = dict(workflow["permissions"])
    for job in workflow["jobs"].values():
        asked |= job.get("permissions", {})
    assert {name: caller["permissions"].get(name) for name in asked} == asked


def test_the_guide_lists_every_input(root: Path) -> None:
    text = (root / "docs/guides/description-in-ci.md").read_text("utf-8")
    rows = {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([\w-]+)`", line.split("|")[1])
    }
    assert rows == set(read_file("description.yml")["on"]["workflow_call"]["inputs"])


def test_what_is_published_is_what_was_built() -> None:
    for publish in (read_workflow(PAGE[".github/workflows/publish.yml"]), read_file("release.yml")):
        (fetched,) = (one["with"]["name"] for one in publish["jobs"]["publish"]["steps"] if "with" in one)
        kept = {
            one["with"]["name"]
            for one in read_file("packages.yml")["jobs"]["packages"]["steps"]
            if "upload" in one.get("uses", "")
        }
        assert fetched in kept
        assert publish["jobs"]["publish"]["permissions"] == {"id-token": "write"}


def scripts() -> list[Any]:
    """Every script of every workflow, those of the guide among them."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))} | {
        t: PAGE[t] for t in CALLERS
    }
    jobs = [(name, job) for name, text in texts.items() for job in read_workflow(text)["jobs"].values()]
    steps = [(name, step) for name, job in jobs for step in job.get("steps", ()) if "run" in step]
    return [pytest.param(step["run"], id=f"{name}-{step.get('name', step['run'][:20])}") for name, step in steps]


@pytest.mark.needs("shellcheck")
@pytest.mark.parametrize("script", scripts())
def test_scripts_have_no_fault_of_the_shell(script: str) -> None:
    call = ["shellcheck", "--shell=bash", "--exclude=SC2086", "-"]  # $PROJECTS is a list of words
    done = subprocess.run(call, input=script, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def run_hook(name: str, folder: Path) -> int:
    """As pre-commit runs a hook whose files are among those of the commit; it fails if it changes one."""
    (hook,) = (one for one in HOOKS if one["id"] == name)
    assert hook["pass_filenames"] is False
    assert hook["language"] == "python"  # pip installs this repository
    call = shlex.split(hook["entry"])
    program = Path(sys.executable).parent / call[0]
    done = subprocess.run([program, *call[1:]], cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=folder, capture_output=True, text=True, check=True)
    return done.returncode or int(bool(changed.stdout))


def test_the_guide_names_hooks_that_there_are() -> None:
    (repository,) = yaml.safe_load(PAGE[".pre-commit-config.yaml"])["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in HOOKS]


@pytest.mark.parametrize(
    ("name", "file", "runs"),
    [
        ("procwise-lint", "spec/v1/openapi.yaml", True),
        ("procwise-lint", "docs/spec/a.yaml", False),
        ("procwise-lint", "spec/notes.md", False),
        ("procwise-generate", "spec/v1/openapi.yaml", True),
        ("procwise-generate", "generated/client/README.md", True),
        ("procwise-generate", "tests/generated/a.py", False),
    ],
)
def test_a_hook_runs_for_its_files(name: str, file: str, runs: bool) -> None:
    (hook,) = (one for one in HOOKS if one["id"] == name)
    assert bool(re.search(hook["files"], file)) is runs


@pytest.mark.slow
def test_the_lint_hook_stops_a_faulty_description(repository: Path) -> None:
    assert run_hook("procwise-lint", repository) == 0
    path = repository / "spec/v1/openapi.yaml"
    path.write_text(path.read_text("utf-8").replace("operationId: listThings", "summery: x"), encoding="utf-8")
    commit(repository)
    assert run_hook("procwise-lint", repository) == 1


@pytest.mark.slow
def test_the_generate_hook_stops_what_does_not_follow(repository: Path) -> None:
    assert run_hook("procwise-generate", repository) == 1
    commit(repository)
    assert run_hook("procwise-generate", repository) == 0

"""The jobs for GitHub and GitLab, run as they are printed: each step in its shell, with what the host hands on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.snippets import snippets

ROOT = Path(__file__).parents[3]
REPORTS = {"report.html", "report.md", "junit.xml", "report.sarif", "report.json"}
SERVER = "procwise-sandbox --port 0"


def read_job(title: str) -> dict[str, Any]:
    """The only job of a file that the guide prints."""
    # `on` is a boolean for YAML 1.1, and of no matter here
    workflow = yaml.safe_load(snippets(ROOT / "docs/guides/ci.md")[title])
    job: dict[str, Any] = workflow["jobs"]["conformance"] if "jobs" in workflow else workflow["conformance"]
    return job


def make_environment(folder: Path) -> dict[str, str]:
    """What a runner gives to a step, with the commands of this environment."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PROCWISE_")}
    handed_on = {name: str(folder / name) for name in ("GITHUB_ENV", "GITHUB_STEP_SUMMARY")}
    for path in handed_on.values():
        Path(path).touch()
    return known | handed_on | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def run_on_github(job: dict[str, Any], folder: Path) -> tuple[bool, list[str]]:
    """Whether the job passes, and the names of the steps that ran."""
    environment, passes, ran = make_environment(folder), True, []
    for step in (step for step in job["steps"] if "run" in step):
        if not passes and step.get("if") != "always()":
            continue
        pairs = (line.partition("=") for line in Path(environment["GITHUB_ENV"]).read_text("utf-8").splitlines())
        call = ["bash", "-e", "-c", step["run"]]
        done = subprocess.run(
            call, cwd=folder, env=environment | {name: value for name, _, value in pairs}, check=False, timeout=300,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        passes = passes and done.returncode == 0
        ran.append(step["name"])
    return passes, ran


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "passes"), [("", True), (" --fault nonce-reuse-accepted", False)])
def test_the_job_of_github(tmp_path: Path, fault: str, passes: bool) -> None:
    job = read_job(".github/workflows/conformance.yml")
    for step in job["steps"]:
        step["run"] = step.get("run", "").replace(SERVER, SERVER + fault)
    job["steps"] = [step for step in job["steps"] if step["run"]]
    assert run_on_github(job, tmp_path) == (passes, [step["name"] for step in job["steps"]])
    assert {path.name for path in (tmp_path / "report").iterdir()} >= REPORTS
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text("utf-8")
    assert summary.startswith("## ✅ The server conforms" if passes else "## ❌ The server does not conform")
    assert "2" in json.loads((tmp_path / "report/report.sarif").read_text("utf-8"))["version"]


@pytest.mark.slow
def test_the_job_of_gitlab(tmp_path: Path) -> None:
    job = read_job(".gitlab-ci.yml")
    call = ["sh", "-e", "-c", "\n".join(job["script"])]
    done = subprocess.run(
        call, cwd=tmp_path, env=make_environment(tmp_path), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).is_file()
    assert {path.name for path in (tmp_path / job["artifacts"]["paths"][0]).iterdir()} >= REPORTS


@pytest.mark.parametrize("title", [".github/workflows/conformance.yml", ".gitlab-ci.yml"])
def test_the_steps_are_shell_and_keep_the_reports_of_a_failure(title: str) -> None:
    job = read_job(title)
    scripts = [step["run"] for step in job.get("steps", ()) if "run" in step] or ["\n".join(job["script"])]
    for script in scripts:
        subprocess.run(["bash", "-n", "-c", script], check=True, capture_output=True)
    kept = [step.get("if", "") for step in job.get("steps", ()) if "upload" in step.get("uses", "")]
    assert all(condition.startswith("always()") for condition in kept)
    assert kept or job["artifacts"]["when"] == "always"

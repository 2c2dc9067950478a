"""The commands of the guides to the description and to CI, as they are printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.snippets import snippets

ROOT = Path(__file__).parents[3]
GIT = "git init -q . && git add spec && git -c user.name=a -c user.email=a@a.example commit -qm first"


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A script in a shell with the commands of this environment."""
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROCWISE_")}
    call = ["sh", "-ec", script]
    environment |= {"PATH": commands}
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600)


def hide_versions(text: str) -> str:
    """The page shows those of the day when it was written."""
    return re.sub(r"\b\d+\.\d+\.\d+\b", "VERSION", text)


@pytest.mark.slow
def test_a_setting_is_added_to_the_description(tmp_path: Path) -> None:
    page = snippets(ROOT / "docs/guides/description.md")
    folder = tmp_path / "clone"
    (folder / "spec").mkdir(parents=True)
    assert run_script(f"cp -r {ROOT}/spec . && {GIT}", folder).returncode == 0
    path = folder / "spec/v3/exam_settings.yaml"
    before, marker, after = path.read_text(encoding="utf-8").partition("    properties:\n")
    assert "  ExamUpdate:" in before
    path.write_text(f"{before}{marker}{page['room.yaml']}{after}", encoding="utf-8")
    for title in ("Look for faults", "Compare with the last commit"):
        done = run_script(page[title], folder)
        assert hide_versions(page[f"{title} prints"]) in hide_versions(done.stdout + done.stderr)


@pytest.mark.slow
def test_the_job_of_ci_passes_and_leaves_its_reports(tmp_path: Path) -> None:
    done = run_script(snippets(ROOT / "docs/guides/ci.md")["conformance.sh"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    names = {path.name for path in (tmp_path / "report").iterdir()}
    assert {"report.html", "junit.xml", "report.sarif", "report.json"} <= names
    assert json.loads((tmp_path / "report/report.json").read_text(encoding="utf-8"))

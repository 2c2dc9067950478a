"""The commands of the guide do what it says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from procwise_sandbox import running
from tests.conformance.conftest import ROOT
from tests.conformance.observe.conftest import record, save
from tests.docs.snippets import snippets

GUIDE = ROOT / "docs/guides/observing.md"
FOLDER_OF_COMMANDS = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def run_script(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A shell script with the commands of this environment, and the exit code of its last line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROCWISE_")}
    environment = {**kept, **variables, "PATH": FOLDER_OF_COMMANDS}
    call = ["bash", "-c", script]
    return subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.slow
def test_a_recording_is_judged_and_its_signatures_verified(tmp_path: Path) -> None:
    steps = snippets(GUIDE)
    with record(files=tmp_path / "files") as (sandbox, users, passed):
        users("demo").call("GET", "/exams")
    save(tmp_path / "exams.har", passed)
    keys = {"PROCWISE_TOKEN": sandbox.token, "PROCWISE_SECRET_KEY": sandbox.secret_key}
    plain = run_script(steps["Judge a recording"], tmp_path)
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "the signatures of 1 requests were not verified" in plain.stdout
    export, _, command = steps["Verify signatures"].partition("\n")
    assert export == "export PROCWISE_TOKEN=… PROCWISE_SECRET_KEY=…"
    verified = run_script(command, tmp_path, **keys)
    assert verified.returncode == 0
    assert "verified" not in verified.stdout


@pytest.mark.slow
def test_what_passes_is_judged(tmp_path: Path) -> None:
    steps = snippets(GUIDE)
    names = ("Start the proxy", "Call the API through it", "Stop it, and read the report")
    start, call, stop = (steps[name] for name in names)
    wait = "for _ in $(seq 100); do grep -q base_url started && break; sleep 0.1; done"
    # A script has no job control.
    lines = [start.strip().replace(" &", " > started &"), "PROXY=$!", wait, call, stop.replace("%1", "$PROXY")]
    with running(files=tmp_path / "files") as sandbox:
        keys = {"PROCWISE_TOKEN": sandbox.token, "PROCWISE_SECRET_KEY": sandbox.secret_key}
        script = "\n".join(lines).replace("http://127.0.0.1:8080", sandbox.base_url).replace("8081", str(find_port()))
        done = run_script(script, tmp_path, **keys)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "GET /exams: 1 times 200" in (tmp_path / "started").read_text("utf-8")
    assert (tmp_path / "observed" / "report.html").exists()

"""What the pages let the reader run does what they say."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from procwise import ErrorCode
from procwise_sandbox import Running, running
from tests.docs.snippets import snippets

ROOT = Path(__file__).parents[2]
FOLDER_OF_COMMANDS = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(scope="module")
def shell(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a text as a shell script, with the commands of this environment, stopping at the first failure."""
    folder = tmp_path_factory.mktemp("shell")

    def run(script: str, cwd: Path = folder) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PATH": FOLDER_OF_COMMANDS}
        environment = {name: value for name, value in environment.items() if not name.startswith("PROCWISE_")}
        call = ["bash", "-e", "-c", script]
        return subprocess.run(call, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)

    return run


@pytest.mark.slow
def test_the_quick_start_as_a_whole(root: Path, tmp_path: Path, shell: Callable[..., Any]) -> None:
    steps = snippets(root / "docs/quick-start.md")
    install = steps.pop("Install the three packages")
    assert re.findall(r"\./generated/\w+", install) == [
        "./generated/client",
        "./generated/sandbox",
        "./generated/conformance",
    ]
    (tmp_path / "first_call.py").write_text(steps.pop("first_call.py"))
    stop = steps.pop("Stop the sandbox").replace("%1", "$SANDBOX")  # a script has no job control
    start = steps.pop("Start the sandbox").replace("8080", str(_free_port()))
    rest = "\n".join(steps.values())
    done = shell(f"{start}\nSANDBOX=$!\ntrap '{stop.strip()}' EXIT\n{rest}", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is in state draft" in done.stdout
    assert "is Ada Example" in done.stdout
    assert "And there is no exam 4711: " in done.stdout
    assert {path.name for path in (tmp_path / "report").iterdir()} >= {"report.json", "report.html", "junit.xml"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def vectors(root: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((root / "tests/signing/vectors.json").read_text(encoding="utf-8"))["vectors"]
    return {vector["name"]: vector for vector in found}


def test_the_worked_example_is_a_shared_vector(root: Path, vectors: dict[str, dict[str, Any]]) -> None:
    page = root / "docs/guides/signing.md"
    steps, vector = snippets(page), vectors["keys_all_student_fields"]
    assert steps["base string"].strip() == vector["base_string"]
    assert steps["signature"].strip() == vector["signature"]
    assert vector["secret"] in page.read_text()
    digest = hmac.new(vector["secret"].encode(), steps["base string"].strip().encode(), hashlib.sha256).hexdigest()
    assert digest == vector["signature"]


def test_signing_by_hand(root: Path, tmp_path: Path, vectors: dict[str, dict[str, Any]]) -> None:
    vector = vectors["keys_all_student_fields"]
    assert _run_snippet(snippets(root / "docs/guides/signing.md")["sign_by_hand.py"]) == [
        vector["base_string"],
        vector["signature"],
    ]


def test_signing_with_the_client(root: Path, vectors: dict[str, dict[str, Any]]) -> None:
    vector = vectors["doc_show_exam_id_1"]
    assert _run_snippet(snippets(root / "docs/guides/signing.md")["sign_with_the_client.py"]) == [
        vector["base_string"],
        vector["signature"],
    ]


@pytest.mark.slow
def test_signing_by_command(root: Path, vectors: dict[str, dict[str, Any]], shell: Callable[..., Any]) -> None:
    vector = vectors["doc_show_exam_id_1"]
    done = shell(snippets(root / "docs/guides/command-line.md")["Sign by command"], cwd=root)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"base_string": vector["base_string"], "signature": vector["signature"]}


@pytest.mark.slow
def test_the_commands_of_the_client(root: Path, sandbox: Running, tmp_path: Path, shell: Callable[..., Any]) -> None:
    page = snippets(root / "docs/guides/command-line.md")
    names = {"BASE_URL": sandbox.base_url, "TOKEN": sandbox.token, "SECRET_KEY": sandbox.secret_key}
    exports = "".join(f"export PROCWISE_{name}={value}\n" for name, value in names.items())
    done = shell(exports + page["Exams in the terminal"], cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert '"name": "Statics II"' in done.stdout
    assert (tmp_path / "documents.zip").exists()
    done = shell(page["Explain a base string"], cwd=tmp_path)
    assert (done.returncode, "sort them by name: id, nonce, timestamp" in done.stdout) == (0, True)


@pytest.mark.slow
def test_the_comparison_with_the_last_commit(root: Path, tmp_path: Path, shell: Callable[..., Any]) -> None:
    shutil.copytree(root / "spec", tmp_path / "spec")
    git = "git -c user.name=a -c user.email=a@a.example"
    commit = f"git init -q . && git add spec && {git} commit -qm first\n"
    snippet = snippets(root / "docs/guides/command-line.md")["What changed since the last commit"]
    done = shell(commit + snippet, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^v3 [\d.]+: no changes$", done.stdout, re.MULTILINE)


def _run_snippet(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(files=tmp_path_factory.mktemp("files"), job_seconds=0.01) as found:
        yield found


def test_why_a_call_was_refused(root: Path, sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCWISE_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("PROCWISE_TOKEN", sandbox.token)
    monkeypatch.setenv("PROCWISE_SECRET_KEY", sandbox.secret_key)
    known = ErrorCode.PARAMETER_MISSING
    program = snippets(root / "docs/guides/errors.md")["why_refused.py"]
    assert _run_snippet(program) == [known.meaning, known.hint, "True"]

"""The Dockerfile without Docker: its commands run as they are printed, on what it copies."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest

from tests.lint.node import list_other_faults
from tests.workflows.steps import ROOT

BIN = Path(sys.executable).parent


def read_instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with what they say; lines that go on are one."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE))
    return [(word, said) for word, _, said in (line.partition(" ") for line in text.splitlines() if line)]


def read_stage(name: str) -> list[tuple[str, str]]:
    """The instructions of one stage."""
    found: list[tuple[str, str]] = []
    inside = False
    for word, said in read_instructions():
        inside = said.endswith(f" AS {name}") if word == "FROM" else inside
        found += [(word, said)] if inside else []
    return found


def test_what_is_copied_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = [said.split()[0] for word, said in read_stage("build") if word == "COPY"]
    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored


def test_no_program_runs_as_root() -> None:
    stages = [said for word, said in read_instructions() if word == "FROM"]
    assert [said.partition(" AS ")[0] for said in stages[-2:]] == ["programs", "programs"]
    assert [said for word, said in read_stage("programs") if word == "USER"] == ["10001"]
    assert not [said for name in ("conformance", "sandbox") for word, said in read_stage(name) if word == "USER"]
    assert stages[-1].endswith(" AS sandbox")  # what is built if no target is named


def test_every_library_is_pinned(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_bytes((ROOT / "constraints.txt").read_bytes())
    (pin, *_) = (said for word, said in read_stage("build") if word == "RUN")
    subprocess.run(["sh", "-e", "-c", pin], cwd=tmp_path, check=True, timeout=60)
    lines = (tmp_path / "pinned.txt").read_text("utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines}
    assert all(re.fullmatch(r"[a-z0-9.-]+==\S+( ; .+)?", line) for line in lines if line)
    for name in ("client", "sandbox", "conformance"):
        project = tomllib.loads((ROOT / "generated" / name / "pyproject.toml").read_text("utf-8"))["project"]
        needed = {re.match(r"[\w.-]+", one)[0].lower() for one in project["dependencies"]}  # type: ignore[index]  # each has a name
        assert {one for one in needed if not one.startswith("procwise")} <= pinned


@pytest.mark.slow
def test_the_sandbox_starts_and_is_healthy_as_printed() -> None:
    stage = dict(read_stage("sandbox"))
    entry = json.loads(stage["ENTRYPOINT"])
    assert entry[:3] == ["procwise-sandbox", "--port", stage["EXPOSE"]]
    health = json.loads(stage["HEALTHCHECK"].partition(" CMD ")[2])
    call = [BIN / entry[0], "--port", "0", "--host", "127.0.0.1", *entry[5:], "--quiet"]  # tests listen nowhere else
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            address = json.loads(server.stdout.readline())["base_url"]
            probe = [BIN / health[0], *(part.replace("http://127.0.0.1:8080", address) for part in health[1:])]
            assert probe[1:] != health[1:]
            assert subprocess.run(probe, check=False, timeout=60).returncode == 0
            assert urllib.request.urlopen(f"{address}/healthz", timeout=10).status == 200
        finally:
            server.terminate()
    assert subprocess.run(probe, check=False, timeout=60, stderr=subprocess.DEVNULL).returncode != 0


@pytest.mark.slow
def test_the_suite_starts_as_printed() -> None:
    stage = dict(read_stage("conformance"))
    call = [*json.loads(stage["ENTRYPOINT"]), *json.loads(stage["CMD"])]
    done = subprocess.run([BIN / call[0], *call[1:]], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert "--report" in done.stdout


@pytest.mark.slow
@pytest.mark.needs("npm")
@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("Dockerfile", "WORKDIR /source", "WORKDIRR /source", "WORKDIRR"),
        (".github/workflows/packages.yml", "inputs.toolkit }}", "inputs.tool }}", '"tool" is not defined'),
    ],
)
def test_the_linters_of_node_see_a_fault(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    for name in ("Dockerfile", *(f".github/workflows/{path.name}" for path in (ROOT / ".github/workflows").iterdir())):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    text = (tmp_path / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    (words,) = list_other_faults(tmp_path)
    assert said in words

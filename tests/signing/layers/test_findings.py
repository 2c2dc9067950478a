"""The suite on schemes that sign whole requests: nothing is found in an honest sandbox, and a finding's lines work."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programs import PROGRAMS
from tests.proofs import mark_slow
from tests.shared import make_environment, share_folder
from tests.signing.layers.own_servers import UNSEEN, generate_packages
from tests.suite_command import offer_command

SETTINGS = {
    "PROCWISE_REGION": "north",
    "PROCWISE_SERVICE": "shelf",
    "PROCWISE_EXPIRES": "77",
    "PROCWISE_BUCKET": "shelf",
}
# version, fault, attack, statuses that the lines of the finding get: with the fault, without it
FINDINGS = [
    ("gatev4", "missing-signature-accepted", "REQ-021", [200], [403]),
    ("awssigv4", "query-not-signed", "REQ-082", [200], [403]),
    ("hexkey", "signature-ignored", "REQ-020", [200], [403]),
    ("akamaiedgegrid", "nonce-reuse-accepted", "REQ-040", [200, 200], [200, 403]),
]
# one that sends a forged request, and one that sends a request twice
QUICK = {"query-not-signed", "nonce-reuse-accepted"}


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Client, sandbox and suite of all schemes."""
    return share_folder(tmp_path_factory, "own-servers", generate_packages) / "generated"


@contextlib.contextmanager
def run_sandbox(packages: Path, *words: str) -> Iterator[dict[str, Any]]:
    """A sandbox, by its first line."""
    where = make_environment(packages, **SETTINGS)
    with PROGRAMS.start("procwise_sandbox", "--port", "0", *words, environment=where, quiet=True) as server:
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()


def environment(packages: Path, line: dict[str, Any]) -> dict[str, str]:
    known = {"PROCWISE_TOKEN": line["token"], "PROCWISE_SECRET_KEY": line["secret_key"], **SETTINGS}
    other = {f"PROCWISE_{name.upper()}": text for name, text in line["credentials"].items()}
    return make_environment(packages, **known, **other)


def failures(packages: Path, line: dict[str, Any], version: str, checks: str, folder: Path) -> dict[str, str]:
    """The lines of each finding, by its id."""
    found = results(packages, line, version, checks, folder)
    return {one["id"]: one["request"] for one in found if one["status"] == "failed"}


def results(packages: Path, line: dict[str, Any], version: str, checks: str, folder: Path) -> list[dict[str, Any]]:
    """What the suite reports."""
    options = ("--api", version, "--include-check", checks, "--report", str(folder))
    where = environment(packages, line)
    ended = PROGRAMS.run("procwise_conformance", line["base_url"], *options, environment=where, cwd=folder)
    assert ended.code in (0, 1), ended.err
    found: list[dict[str, Any]] = json.loads((folder / "report.json").read_text("utf-8"))["results"]
    assert [one for one in found if one["status"] == "passed"] or ended.code
    return found


def statuses(packages: Path, line: dict[str, Any], lines: str, folder: Path) -> list[int]:
    """What a shell gets that runs the lines."""
    users = {
        "TOKEN": line["token"],
        "SECRET_KEY": line["secret_key"],
        "PATH": offer_command(folder),
    }
    known = {**environment(packages, line), **users}
    known = {name: text for name, text in known.items() if name not in ("PROCWISE_TOKEN", "PROCWISE_SECRET_KEY")}
    ended = subprocess.run(["sh", "-eu", "-c", lines], env=known, capture_output=True, text=True, check=False)
    assert not ended.stderr, ended.stderr
    return [int(status) for status in re.findall(r"^HTTP/\S+ (\d+)", ended.stdout, re.M)]


@pytest.mark.slow
@pytest.mark.parametrize("version", ["awssigv4", mark_slow("hexkey")])
def test_an_honest_sandbox_has_no_findings(packages: Path, tmp_path: Path, version: str) -> None:
    with run_sandbox(packages) as line:
        assert failures(packages, line, version, "REQ-*,SIG-001", tmp_path) == {}


@pytest.mark.slow
@pytest.mark.parametrize("version", UNSEEN)
def test_generated_requests_are_signed_by_schemes_that_nobody_has(packages: Path, tmp_path: Path, version: str) -> None:
    with run_sandbox(packages) as line:
        found = results(packages, line, version, "REQ-*,MOD-*,SCH-001,SCH-009", tmp_path)
    assert [one for one in found if one["status"] in ("failed", "error")] == []
    assert {one["operation"] for one in found if one["id"].startswith("SCH-009")} >= {"GET /books", "POST /books"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("version", "fault", "attack", "faulty", "honest"),
    [one if one[1] in QUICK else mark_slow(*one) for one in FINDINGS],
    ids=[one[1] for one in FINDINGS],
)
def test_the_lines_of_a_finding_sign_anew(
    packages: Path, tmp_path: Path, version: str, fault: str, attack: str, faulty: list[int], honest: list[int]
) -> None:
    with run_sandbox(packages, "--fault", fault) as line, run_sandbox(packages) as other:
        found = failures(packages, line, version, attack, tmp_path)
        lines = next(iter(found.values()))
        assert line["secret_key"] not in lines
        assert line["token"] not in lines
        for _ in range(2):
            assert statuses(packages, line, lines, tmp_path) == faulty
        elsewhere = lines.replace(line["base_url"], other["base_url"])
        assert statuses(packages, other, elsewhere, tmp_path) == honest

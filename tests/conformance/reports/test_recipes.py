"""The shell lines of a finding, run as they are, show it on a server with the fault and not on one without."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.servers.sandbox_runs import run_suite_against, sandbox
from tests.proofs import mark_slow


@dataclass(frozen=True)
class Shown:
    """What the lines of one finding get: the statuses in their order, or a text of the last response."""

    finding: str
    faulty: list[int] | str
    honest: list[int] | str


EXAM = "showExam,updateExam,destroyExam"
CASES: dict[str, tuple[str, str, list[Shown]]] = {
    "nonce-reuse-accepted-on-delete": (
        EXAM,
        "SIG-009,SIG-142,SIG-144",
        [
            Shown("SIG-009 destroyExam", [200, 404], [200, 403]),
            Shown("SIG-142 destroyExam", [200, 200], [200, 403]),
            Shown("SIG-144 destroyExam", [404, 404], [404, 403]),
        ],
    ),
    "window-too-narrow": (
        "showExam,listExams",
        "SIG-160,SIG-161",
        [Shown("SIG-160 showExam", [403], [200]), Shown("SIG-161 listExams", [403], [200])],
    ),
    "nonce-texts-refused": (
        "showExam,listExams",
        "SIG-058,SIG-059",
        [Shown("SIG-058 showExam", [403], [200]), Shown("SIG-059 listExams", [403], [200])],
    ),
    "path-ids-not-signed": ("showExam", "SIG-090", [Shown("SIG-090 showExam", [200], [403])]),
    "signature-ignored": (
        "showExam",
        "SIG-006,SIG-065,SIG-062",
        [Shown(f"SIG-{number} showExam", [200], [403]) for number in ("006", "062", "065")],
    ),
    "timestamp-ignored": ("showExam", "SIG-010,SIG-166", [Shown("SIG-010 showExam", [200], [403])]),
    "token-case-ignored": ("showExam", "SIG-021", [Shown("SIG-021 showExam", [200], [401])]),
    "foreign-tenant-readable": (
        "createExam,showExam,listExams",
        "MOD-070,SCH-012",
        [Shown("MOD-070 showExam", [200], [404]), Shown("SCH-012 showExam", [200], [404])],
    ),
    "foreign-tenant-writable": ("destroyExam", "MOD-071", [Shown("MOD-071 destroyExam", [200, 404], [404, 200])]),
    "role-ignored": ("createInstitute", "MOD-073", [Shown("MOD-073 createInstitute", [200], [403])]),
    "moment-without-offset": (
        "showExam",
        "SCH-005",
        [Shown("SCH-005 showExam", r'"start_time":"[^"]*T[0-9:.]*"', r'"start_time":"[^"]*T[^"]*[Z+]')],
    ),
}


# One finding of each phase and user; the rest is left to make test-full.
QUICK = ("path-ids-not-signed",)


@pytest.mark.parametrize("fault", [fault if fault in QUICK else mark_slow(fault) for fault in CASES])
def test_the_lines_of_a_finding_show_it_again(tmp_path: Path, fault: str) -> None:
    operations, checks, shown = CASES[fault]
    few = ("--operations", operations, "--include-check", checks, "--max-examples", "5")
    with sandbox(tmp_path / "files", "--fault", fault) as started, sandbox(tmp_path / "others") as honest:
        (tmp_path / "run").mkdir()
        outcome = run_suite_against(started, tmp_path / "run", *few)
        lines = {finding["id"]: finding["request"] for finding in reversed(outcome.findings)}
        for one in shown:
            assert one.finding in lines, (one.finding, sorted(lines))
            compare(responses(lines[one.finding], started), one.faulty, one.finding)
            elsewhere = lines[one.finding].replace(host(started), host(honest))
            compare(responses(elsewhere, honest), one.honest, one.finding)


def compare(output: str, expected: list[int] | str, finding: str) -> None:
    if isinstance(expected, str):
        assert re.search(expected, output), (finding, output)
    else:
        assert [int(status) for status in re.findall(r"^HTTP/\S+ (\d+)", output, re.M)] == expected, finding


def host(started: dict[str, Any]) -> str:
    return str(started["base_url"]).partition("//")[2].partition("/")[0]


def responses(lines: str, started: dict[str, Any]) -> str:
    """What `sh` prints for the lines, with the users that their first line asks for."""
    users = {"": started, "SECOND_": started["second"], "SUPERUSER_": started["superuser"]}
    known = {
        f"{prefix}{name}": user[name.lower()] for prefix, user in users.items() for name in ("TOKEN", "SECRET_KEY")
    }
    assert not [text for text in known.values() if text in lines]
    head, _, _ = lines.partition("\n")
    asked = head.removeprefix("# set ").split(", ")
    environment = {**os.environ, **{name: known[name] for name in asked}}
    done = subprocess.run(["sh", "-eu", "-c", lines], env=environment, capture_output=True, timeout=300, check=True)
    assert not done.stderr, done.stderr
    return done.stdout.decode()

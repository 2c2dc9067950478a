"""Commands whose output or input is full or closed: exit code 2, one message, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from procwise_sandbox import Running
from tests.proofs import mark_most_slow

LISTED = "exams list --all"


def run(sandbox: Running, line: str, redirections: str = "") -> tuple[int, str]:
    """The exit code of a command and what it wrote to standard error."""
    names = {"BASE_URL": sandbox.base_url, "TOKEN": sandbox.token, "SECRET_KEY": sandbox.secret_key}
    own = {f"PROCWISE_{name}": value for name, value in names.items()}

    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m procwise {line} {redirections}', sys.executable],
        env={**os.environ, **own, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
@pytest.mark.parametrize(
    "line", mark_most_slow([LISTED, f"{LISTED} -o csv", f"{LISTED} -o table", "--version", "--help", "doctor"], 3)
)
def test_a_full_disk(sandbox: Running, line: str) -> None:
    assert run(sandbox, line, ">/dev/full") == (2, "procwise: standard output: No space left on device\n")


def test_closed_streams(sandbox: Running) -> None:
    assert run(sandbox, LISTED, ">&-") == (2, "procwise: standard output is closed\n")
    assert run(sandbox, "sign", "<&-") == (2, "procwise: standard input is closed\n")


def test_a_message_that_cannot_be_written(sandbox: Running, tmp_path: Path) -> None:
    out, line = tmp_path / "out", "exams list --columns nope"
    assert run(sandbox, line, f">{out} 2>&-")[0] == 2
    assert out.read_text() == ""
    if Path("/dev/full").exists():
        assert run(sandbox, line, "2>/dev/full")[0] == 2


@pytest.mark.parametrize(
    "text", ["http://[::1", "curl http://[::1/api/v3/exams", "https://a\u2100.example/api/v3/exams"]
)
def test_an_address_that_is_none(sandbox: Running, text: str) -> None:
    code, errors = run(sandbox, f"explain '{text}'")
    assert (code, errors.startswith("procwise: the address cannot be read: "), errors.count("\n")) == (2, True, 1)


@pytest.mark.slow
@pytest.mark.parametrize("number", ["0", "-1"])
def test_a_page_that_is_none(sandbox: Running, number: str) -> None:
    code, errors = run(sandbox, f"exams list --page {number}")
    assert (code, errors.count("\n"), f"page={number} is no number of a page" in errors) == (2, 1, True)

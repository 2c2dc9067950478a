"""The page for those who were refused: every code, and the commands that look for the cause."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from procwise import ErrorCode
from procwise_sandbox import Running, running
from tests.docs.snippets import snippets

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/guides/refused.md"
PLAIN = "timestamp=1527500365052&nonce=1527500365"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with running() as found:
        yield found


def run_block(sandbox: Running, title: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A block of the page in a shell with the variables of the sandbox."""
    named = {"BASE_URL": sandbox.base_url, "TOKEN": sandbox.token, "SECRET_KEY": sandbox.secret_key}
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": commands,
        **{f"PROCWISE_{name}": value for name, value in named.items()},
        **more,
    }
    call = ["bash", "-c", snippets(PAGE)[title]]
    return subprocess.run(call, env=environment, capture_output=True, text=True, check=False, timeout=300)


def test_the_first_table_has_every_code_and_leads_to_every_section() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text.partition("\n## ")[0]
    assert sorted(re.findall(r"`([a-z_]+)`", table)) == sorted(code.value for code in ErrorCode)
    sections = [
        re.sub(r"\W+", "-", heading.lower()).strip("-") for heading in re.findall(r"^## (.+)$", text, re.MULTILINE)
    ]
    assert {*re.findall(r"\(#([\w-]+)\)", table)} == {*sections} - {"three-tools-that-find-the-cause"}


def test_every_code_is_explained_in_its_section() -> None:
    _, *sections = PAGE.read_text(encoding="utf-8").split("\n## ")
    rows = "\n".join(section.partition("\n")[2] for section in sections)
    unexplained = {code.value for code in ErrorCode if f"`{code.value}`" not in rows}
    assert unexplained == {"unauthorized", "forbidden", "signature_invalid", "locked", "internal_error"}


def test_the_doctor_finds_nothing_wrong_with_the_sandbox(sandbox: Running) -> None:
    done = run_block(sandbox, "Ask the doctor")
    assert (done.returncode, done.stderr) == (0, "")
    lines = {line.split()[1] for line in done.stdout.splitlines()}
    assert {"settings", "proxies", "clock", "token", "signature"} <= lines


def test_a_request_that_was_joined_otherwise_is_explained(sandbox: Running) -> None:
    base = "&".join(sorted(PLAIN.split("&")))
    signature = hmac.new(sandbox.secret_key.encode(), base.encode(), hashlib.sha256).hexdigest()
    done = run_block(sandbox, "Explain a request", SIGNATURE=signature)
    assert done.returncode == 1
    assert snippets(PAGE)["Explain a request prints"] in done.stdout

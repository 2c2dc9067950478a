"""The pytest plugin, used by a suite of other people: its own pytest, its own folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.docs.snippets import snippets

SUITE = """
import asyncio
import time

import pytest
from procwise import APIStatusError, AsyncClient, Client, ForbiddenError

def client_of(sandbox, kind=Client, **over):
    settings = {"base_url": sandbox.base_url, "token": sandbox.token, "secret_key": sandbox.secret_key}
    return kind(**{**settings, **over})

@pytest.mark.parametrize("turn", [1, 2])
def test_state_of_its_own(turn, procwise_sandbox):
    with client_of(procwise_sandbox) as client:
        client.exams.create(name="One more", type="demo")
        assert len(list(client.exams.list())) == 5

@pytest.mark.parametrize("turn", [1, 2])
def test_shared_state(turn, procwise_sandbox_shared):
    with client_of(procwise_sandbox_shared) as client:
        client.exams.create(name="One more", type="demo")
        assert len(list(client.exams.list())) == 4 + turn

@pytest.mark.anyio
async def test_async(procwise_sandbox):
    async with client_of(procwise_sandbox, AsyncClient) as client:
        exam = await client.exams.create(name="Later", type="demo")
        assert (await client.exams.show(exam.id)).name == "Later"

@pytest.fixture
def anyio_backend():
    return "asyncio"

def test_outbox_and_users(procwise_sandbox):
    with client_of(procwise_sandbox) as client:
        client.exams.send_emails(1)
    assert [message["exam_id"] for message in procwise_sandbox.outbox] == [1, 1, 1]
    for user in (procwise_sandbox.second, procwise_sandbox.superuser):
        with client_of(procwise_sandbox, token=user.token, secret_key=user.secret_key) as client:
            assert list(client.exams.list())

@pytest.mark.procwise_sandbox(clock=-7200, strict=True)
class TestMarked:
    def test_clock(self, procwise_sandbox):
        with client_of(procwise_sandbox, clock_skew="off") as client, pytest.raises(ForbiddenError, match="not auth"):
            client.exams.show(1)

    @pytest.mark.procwise_sandbox(clock=time.time, faults=["signature-ignored"])
    def test_nearest_wins(self, procwise_sandbox):
        with client_of(procwise_sandbox, secret_key="wrong") as client:
            assert client.exams.show(1).id == 1
"""
_SETTINGS = """[pytest]
addopts = --strict-markers -p no:cacheprovider
filterwarnings = error
"""
FAULTY = """
import pytest

@pytest.mark.procwise_sandbox(colour="red")
def test_unknown(procwise_sandbox):
    pass

@pytest.mark.procwise_sandbox("nonce-reuse-accepted")
def test_unnamed(procwise_sandbox):
    pass

@pytest.mark.procwise_sandbox(faults=["no-such"])
def test_fault(procwise_sandbox):
    pass
"""


def pytest_run(folder: Path, suite: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_suite.py").write_text(suite)
    (folder / "pytest.ini").write_text(_SETTINGS)
    plugins = ("-p", "procwise_sandbox.pytest_plugin", "-p", "anyio")
    call = [sys.executable, "-m", "pytest", *plugins, *arguments]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "PYTHONPATH": _paths()}
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False, env=environment, timeout=120)


def _paths() -> str:
    return os.pathsep.join(path for path in sys.path if path)


@pytest.mark.slow
def test_a_suite_gets_its_sandboxes(tmp_path: Path) -> None:
    done = pytest_run(tmp_path, SUITE, "-q")
    assert (done.returncode, "8 passed" in done.stdout) == (0, True), done.stdout


@pytest.mark.slow
def test_the_suite_of_the_guide_passes(root: Path, tmp_path: Path) -> None:
    suite = snippets(root / "docs/guides/testing.md")["test_enrolment.py"]
    done = pytest_run(tmp_path, suite, "-q")
    assert (done.returncode, "5 passed" in done.stdout) == (0, True), done.stdout


@pytest.mark.slow
def test_a_wrong_marker_says_what_is_wrong(tmp_path: Path) -> None:
    done = pytest_run(tmp_path, FAULTY, "-q")
    assert done.returncode == 1
    assert "has no option colour (there are: database, " in done.stdout
    assert "takes options by name only" in done.stdout
    assert "there is no fault no-such" in done.stdout
    assert "3 errors" in done.stdout


def test_the_marker_explains_itself(tmp_path: Path) -> None:
    done = pytest_run(tmp_path, "", "--markers", "--fixtures")
    assert "@pytest.mark.procwise_sandbox(**options): " in done.stdout


def test_others_do_not_wait_for_it() -> None:
    """pytest loads the plugin in every project of the environment: that has to be quick."""
    heavy = ("sqlalchemy", "starlette", "uvicorn", "jsonschema_rs", "procwise", "typer")
    program = f"import procwise_sandbox.pytest_plugin, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_announces_it(root: Path) -> None:
    metadata = tomllib.loads((root / "generated/sandbox/pyproject.toml").read_text())["project"]
    assert metadata["entry-points"]["pytest11"] == {"procwise-sandbox": "procwise_sandbox.pytest_plugin"}
    assert not any("pytest" in needed for needed in metadata["dependencies"])

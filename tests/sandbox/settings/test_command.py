"""The command and the programmatic ways to run the sandbox."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Running, SandboxError, app, running
from procwise_sandbox.faults import FAULTS
from tests.programs import Programs
from tests.proofs import mark_slow
from tests.sandbox.sandbox_calls import Caller, send


@contextmanager
def started_command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The command, once its first line is there."""
    call = [sys.executable, "-m", "procwise_sandbox", *arguments]
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def error_of(program: Programs, *arguments: str) -> str:
    """The message of a command that cannot start."""
    ended = program("procwise_sandbox", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
    return ended.err


@pytest.mark.parametrize("stop", [signal.SIGTERM, mark_slow(signal.SIGINT)])
def test_the_first_line_and_a_graceful_end(stop: signal.Signals) -> None:
    with started_command("--port", "0") as (process, content):
        assert list(content) == ["base_url", "token", "secret_key", "second", "superuser", "page"]
        assert content["second"].keys() == content["superuser"].keys() == {"token", "secret_key"}
        health = send(content["base_url"], "GET", "/healthz")
        assert (health.status, health.json) == (200, {"status": "ok"})
        demo = Caller(content["base_url"], content["token"], content["secret_key"])
        assert len(demo.call("GET", "/exams").json["exams"]) == 4
        process.send_signal(stop)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (0, "")
        assert "GET '/api/v3/exams' 200" in err
        for secret in (content["token"], content["secret_key"], "signature"):
            assert secret not in err


def test_a_port_that_is_taken(program: Programs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = error_of(program, "--port", str(port))
        assert f"cannot listen on 127.0.0.1 port {port}" in message
        assert "--port 0" in message


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--database", "state.db"], "sqlite:///state.db"),
        (["--fault", "no-such"], "there is no fault no-such (there are: signature-ignored, "),
        (["--log", "xml"], "there is no log style xml (there are: text, json)"),
        (["--network", "rain=1"], "'rain=1' says nothing of a network"),
        (["--clock", "2h"], "'2h' is no offset of the clock: begin with + or -"),
        (["--clock", "-2x"], "'2x' is no duration"),
        (["--seed", "no-such"], "there is no data set no-such (there are: empty, demo, exams-10000)"),
        (["--cors", "docs.example"], "write it like https://docs.example"),
        (["--workers", "0"], "--workers"),
        (["--database", "oracle9://x"], "in SQLite or PostgreSQL, not in oracle9: write sqlite:///state.db or"),
        (["--database", "mysql://x/y"], "in SQLite or PostgreSQL, not in mysql"),
        (["--database", "sqlite+aiosqlite:///x.db"], "sqlite+aiosqlite is for programs that do not wait"),
        (["--database", "postgresql+asyncpg://x/y"], "postgresql+asyncpg is for programs that do not wait"),
        (["--database", "sqlite+pysqlcipher:///x"], "is not installed: write sqlite:///state.db"),
        (["--database", "postgresql+rain://x/y"], "no database driver for 'postgresql+rain'"),
        (["--database", "postgresql+pg8000://x/y"], "is not installed"),
        (["--database", "postgresql://x:port/y"], "the database is no URL: write sqlite:///state.db or"),
        (["--database", "postgresql://[::1/y"], "the database is no URL"),
        (["--database", "sqlite:///x.db?timeout=soon"], "the timeout 'soon': write a number of seconds"),
        (["--database", "sqlite:///x.db?timeout=nan"], "the timeout 'nan': write a number of seconds"),
        (["--database", "sqlite:///x.db?timeout=1&timeout=2"], "the timeout ('1', '2'): write a number of seconds"),
        (["--database", "sqlite:///x.db?check_same_thread=maybe"], "the database URL cannot be used: String is not"),
        (["--database", "sqlite:///x.db?mode=ro"], "the database URL cannot be used: Query string argument(s) 'mode'"),
        (["--database", "sqlite:///x.db?tiemout=5"], "the database URL cannot be used: Query string argument(s) 'tie"),
        (["--database", "sqlite://host/x.db"], "the database URL cannot be used: Invalid SQLite URL"),
        (["--database", "sqlite:///%00"], "the database cannot be used: embedded null"),
        (["--read-timeout", "nan"], "the timeouts are numbers of seconds"),
        (["--keep-alive", "inf"], "the timeouts are numbers of seconds"),
        (["--host", ""], "the host is empty"),
        (["--cors", "none", "--cors", "https://docs.example"], "the origin none lets no page call"),
        (["--database", "sqlite:////nowhere/at/all/state.db"], "unable to open database file"),
        (["--files", "/dev/null/files"], "the folder for files cannot be used"),
        (["--host", "203.0.113.7"], "--host takes an address of this machine"),
        (["--host", "no-such-host.invalid"], "--host takes an address of this machine"),
        (["--port", "70000"], "--port"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_what_cannot_start_says_why(program: Programs, arguments: list[str], said: str) -> None:
    assert said in " ".join(error_of(program, "--port", "0", *arguments).split())


@pytest.mark.parametrize(
    "arguments", [["--network", "rain=1"], ["--seed", "no-such"], ["--cors", "docs.example"], ["--host", ""]]
)
def test_what_is_rejected_leaves_nothing_behind(program: Programs, arguments: list[str], tmp_path: Path) -> None:
    error_of(program, "--port", "0", "--database", f"sqlite:///{tmp_path / 'state.db'}", *arguments)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("query", ["timeout=soon", "check_same_thread=maybe"])
def test_a_rejected_url_leaves_nothing_behind(program: Programs, query: str, tmp_path: Path) -> None:
    error_of(program, "--port", "0", "--database", f"sqlite:///{tmp_path / 'state.db'}?{query}")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_the_health_is_only_looked_at(sandbox: Running, method: str) -> None:
    reply = send(sandbox.base_url, method, "/healthz")
    assert (reply.status, reply.code, reply.headers["allow"]) == (405, "method_not_allowed", "GET, HEAD")


def test_the_faults_are_listed_as_in_the_readme(root: Path, program: Programs) -> None:
    ended = program("procwise_sandbox", "--faults")
    assert (ended.code, ended.err) == (0, "")
    page = (root / "generated/sandbox/README.md").read_text(encoding="utf-8").partition("\n## Faults\n")[2]
    rows = re.findall(r"^\| `(\S+)` \| (.+) \| `(\S+)` \| (\S+) \|$", page, re.MULTILINE)
    assert [[name, level, clause, meaning] for name, meaning, clause, level in rows] == [
        re.split(r" +", line, maxsplit=3) for line in ended.out.splitlines()
    ]
    assert [row[0] for row in rows] == [*FAULTS]


def test_the_clock_and_the_network_of_the_command() -> None:
    with started_command("--port", "0", "--clock", "-2h", "--network", "503=1x", "--network", "seed=7", "--quiet") as (
        _,
        content,
    ):
        assert send(content["base_url"], "GET", "/healthz").status == 200
        late = Caller(content["base_url"], content["token"], content["secret_key"], clock=lambda: time.time() - 7200)
        assert [late.call("GET", "/exams").status for _ in "ab"] == [503, 200]


def test_a_file_keeps_the_state_and_the_credentials(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    with running(database=database) as first:
        caller = Caller(first.base_url, first.token, first.secret_key)
        created = caller.call("POST", "/exams", {"name": "kept", "type": "demo"}).json["exam"]
        content = first.line()
    with running(database=database) as repeated:
        assert (repeated.token, repeated.secret_key, repeated.second) == (first.token, first.secret_key, first.second)
        caller = Caller(repeated.base_url, repeated.token, repeated.secret_key)
        assert caller.call("GET", "/exams/{id}", id=created["id"]).json["exam"] == created
        assert json.loads(content)["token"] == repeated.token


def test_every_database_has_its_own_credentials() -> None:
    with running() as one, running() as other:
        assert len({one.token, other.token, one.second.token, one.superuser.token}) == 4


@pytest.mark.slow
@pytest.mark.parametrize("query", ["mode=ro&uri=true", "immutable=1&uri=true", "mode=ro&uri=true&timeout=5"])
@pytest.mark.parametrize("page", [(), mark_slow(("--no-page",))])
def test_a_database_that_may_only_be_read_is_no_state(
    program: Programs, tmp_path: Path, query: str, page: tuple[str, ...]
) -> None:
    database = tmp_path / "state.db"
    with running(database=f"sqlite:///{database}"):
        pass
    error = error_of(program, "--port", "0", "--database", f"sqlite:///file:{database}?{query}", *page)
    assert "the database cannot be used: attempt to write a readonly database" in error


def test_a_database_of_another_description_is_rejected(tmp_path: Path) -> None:
    database = tmp_path / "state.db"
    with running(database=f"sqlite:///{database}"):
        pass
    state = sqlite3.connect(database)
    state.execute("UPDATE _facts SET value = 'another'")
    state.commit()
    state.close()
    with pytest.raises(SandboxError, match="made for another description"):
        app(database=f"sqlite:///{database}")


@pytest.mark.slow
def test_two_processes_share_a_file(tmp_path: Path) -> None:
    arguments = ["--port", "0", "--database", f"sqlite:///{tmp_path / 'state.db'}"]
    with started_command(*arguments) as (_, one), started_command(*arguments) as (_, other):
        assert one["token"] == other["token"]
        callers = [Caller(content["base_url"], content["token"], content["secret_key"]) for content in (one, other)]
        created = callers[0].call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]
        assert callers[1].call("GET", "/exams/{id}", id=created["id"]).json["exam"] == created
        nonce = callers[0].stamp()["nonce"]
        assert callers[0].call("GET", "/exams", over={"nonce": nonce}).status == 200
        assert callers[1].call("GET", "/exams", over={"nonce": nonce}).code == "nonce_used"


def test_help_names_every_option(program: Programs) -> None:
    out = program("procwise_sandbox", "--help", COLUMNS="200", NO_COLOR="1", TERM="dumb").out
    for option in (
        "--port",
        "--host",
        "--database",
        "--files",
        "--strict",
        "--explain",
        "--body-limit",
        "--fault",
        "--page",
        "--no-page",
        "--log",
        "--faults",
        "--network",
        "--clock",
        "--workers",
        "--max-connections",
        "--read-timeout",
        "--keep-alive",
        "--seed",
        "--admin",
        "--self-check",
        "--cors",
        "--quiet",
    ):
        assert option in out

"""What only a process of its own shows: libraries, pipes, signals, encodings."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from procwise_sandbox import Running

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(sandbox: Running) -> Start:
    def start(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        names = {"BASE_URL": sandbox.base_url, "TOKEN": sandbox.token, "SECRET_KEY": sandbox.secret_key}
        own = {f"PROCWISE_{name}": value for name, value in names.items()}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        call = [sys.executable, "-m", "procwise", *arguments]
        return subprocess.Popen(call, env={**os.environ, **own, **environment}, **pipes)  # type: ignore[call-overload, no-any-return]

    return start


def test_the_client_needs_none_of_the_libraries_of_the_command() -> None:
    hidden = "import sys; sys.modules.update(typer=None, rich=None, click=None)\n"
    used = "import procwise; procwise.Client(token='a', secret_key='b', base_url='https://a.example').exams.list\n"
    call = f"{hidden}{used}from procwise.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "procwise: the command needs the extra `cli` (pip install 'procwise[cli]')\n"


def test_a_reader_that_leaves(start: Start) -> None:
    with start("exams", "list", "--all") as process:
        process.stdout.close()  # type: ignore[union-attr]
        errors = process.stderr.read()  # type: ignore[union-attr]
    assert (process.returncode, b"Error" in errors, b"Traceback" in errors) == (0, False, False)


def test_an_interruption(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with start("exams", "show", "1", PROCWISE_BASE_URL=address) as process:
            waiting, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=60)
            waiting.close()
    assert (process.returncode, out, errors.strip()) == (130, b"", b"")


def test_a_console_of_another_encoding(start: Start) -> None:
    """What is read is UTF-8, with a byte order mark; what goes to a program is UTF-8 as well."""
    odd = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "latin-1"}
    with start("sign", PROCWISE_SECRET_KEY="\ufeffkäy\r\n", **odd) as process:
        out, errors = process.communicate('\ufeff{"name": "中😀"}'.encode())
    assert (process.returncode, errors) == (0, b"")
    with start("sign", PROCWISE_SECRET_KEY="käy") as process:
        plain, _ = process.communicate('{"name": "中😀"}'.encode())
    assert json.loads(out) == json.loads(plain)
    assert json.loads(out)["base_string"] == "name=中😀"

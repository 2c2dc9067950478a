"""`proxy --observe` changes nothing that passes, says what it finds as it comes up, and reports at the end."""

from __future__ import annotations

import http.client
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from procwise_sandbox import running
from tests.conformance.conftest import ROOT
from tests.programs import PROGRAMS, Program
from tests.sandbox.sandbox_calls import Caller
from tests.shared import make_environment


@contextmanager
def watch(server: str, folder: Path, *options: str, **variables: str) -> Iterator[tuple[str, Program]]:
    """The address of the proxy, and the program; it is left running."""
    call = ("procwise_conformance", "proxy", server, "--observe", "--port", "0", "--report", str(folder), *options)
    with PROGRAMS.start(*call, environment=make_environment(ROOT / "generated", **variables)) as process:
        yield json.loads(process.stdout.readline())["base_url"], process


def end(process: Program, number: int = signal.SIGINT) -> tuple[int, str, str]:
    """The exit code, and what was printed, after a signal."""
    process.send_signal(number)
    printed, said = process.communicate(timeout=60)
    return process.wait(), printed, said


@contextmanager
def serve_bytes(answer: bytes, headers: dict[str, str], status: int = 200) -> Iterator[tuple[str, list[Any]]]:
    """A server that keeps what it gets, and always sends the same."""
    got: list[Any] = []

    class Fixed(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            got.append((self.command, self.path, [*self.headers.items()], body))
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self.respond
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Fixed) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", got
        listening.shutdown()
        thread.join()


def test_nothing_that_passes_is_changed(tmp_path: Path) -> None:
    answer = b'{"a": 1, "a": 2}\xff'
    headers = {"Content-Type": "application/json", "Server": "own", "X-Odd": "\xe4", "Set-Cookie": "a=b"}
    target = "/api/v3/exams/%7e1/..%2f?b=%c3%a4&a=+%20&b=2&&x"
    with serve_bytes(answer, headers) as (server, got), watch(server, tmp_path / "report") as (url, process):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        sent = {"X-Case": "Kept", "Content-Type": "text/odd", "Accept-Encoding": "identity"}
        connection.request("POST", target, body=b"\x00\xff", headers=sent)
        response = connection.getresponse()
        came = response.read()
        connection.close()
        end(process)
    ((method, path, arrived, body),) = got
    assert (method, path, body) == ("POST", target, b"\x00\xff")
    names = {name.lower(): value for name, value in arrived}
    assert {name: names.get(name.lower()) for name in sent} == sent
    assert "user-agent" not in names
    assert "accept" not in names
    assert came == answer
    assert {name.lower(): value for name, value in response.getheaders()} == {
        **{name.lower(): value for name, value in headers.items()},
        "content-length": str(len(answer)),
    }


def test_every_path_of_the_server_is_reached(tmp_path: Path) -> None:
    """A path of the API may lack the base path; others, such as those of another version, stay as they are."""
    paths = {"/exams": "/api/v3/exams", "/api/v3/exams": "/api/v3/exams", "/api/v1/exams": "/api/v1/exams", "/": "/"}
    with serve_bytes(b"{}", {}) as (server, got), watch(server, tmp_path / "report") as (url, process):
        for path in paths:
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
            connection.request("GET", path)
            assert connection.getresponse().status == 200
            connection.close()
        end(process)
    assert [path for _, path, _, _ in got] == [*paths.values()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_passed_is_reported_at_the_end(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "report"
    with running(files=tmp_path / "files", faults=("number-as-text",)) as sandbox:
        keys = {"PROCWISE_TOKEN": sandbox.token, "PROCWISE_SECRET_KEY": sandbox.secret_key}
        with watch(sandbox.base_url, folder, **keys) as (url, process):
            demo = Caller(url, sandbox.token, sandbox.secret_key)
            assert [demo.call("GET", "/exams").status for _ in range(3)] == [200] * 3
            code, printed, said = end(process, number)
    assert code == 1, said
    assert said.count("MUST MOD-102 listExams: 200 application/json: /exams/0/id breaks type") == 1
    assert "The server does not conform" in printed
    report = json.loads((folder / "report.json").read_text("utf-8"))
    (finding,) = [one for one in report["results"] if one["status"] == "failed"]
    assert (finding["id"], finding["count"]) == ("MOD-102 listExams", 3)
    assert not [note for note in report["notes"] if "not verified" in note]
    assert {path.name for path in folder.iterdir()} >= {"report.json", "report.html", "junit.xml", "report.sarif"}


def test_an_honest_server_conforms(tmp_path: Path) -> None:
    with running(files=tmp_path / "files") as sandbox:
        keys = {"PROCWISE_TOKEN": sandbox.token, "PROCWISE_SECRET_KEY": sandbox.secret_key}
        with watch(sandbox.base_url, tmp_path / "report", **keys) as (url, process):
            demo = Caller(url, sandbox.token, sandbox.secret_key)
            calls = [threading.Thread(target=demo.call, args=("GET", "/exams")) for _ in range(6)]
            for call in calls:
                call.start()
            for call in calls:
                call.join()
            code, printed, said = end(process)
    assert (code, said) == (0, ""), printed
    assert "GET /exams: 6 times 200" in printed


def test_no_control_byte_of_a_server_reaches_the_terminal(tmp_path: Path) -> None:
    answer = json.dumps({"exams": [], "\x1b]0;owned\x07": 1, "\u202e\x9b31m": 2}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "X-Pagination-Limit": "a"}
    with serve_bytes(answer, headers) as (server, _), watch(server, tmp_path / "report") as (url, process):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        connection.request("GET", "/api/v3/exams")
        connection.getresponse().read()
        connection.close()
        _, printed, said = end(process)
    assert "which nobody described" in said
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & {*printed, *said}


def test_a_server_that_is_gone_is_no_finding(tmp_path: Path) -> None:
    with watch("http://127.0.0.1:1", tmp_path / "report") as (url, process):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        connection.request("GET", "/api/v3/exams")
        assert connection.getresponse().status == 502
        connection.close()
        code, printed, said = end(process)
    assert (code, printed) == (2, "")
    assert "what passed has no request to" in said
    assert not (tmp_path / "report" / "report.json").exists()


def test_other_web_pages_are_kept_out(tmp_path: Path) -> None:
    with serve_bytes(b"{}", {}) as (server, got), watch(server, tmp_path / "report") as (url, process):
        for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
            connection.request("GET", "/api/v3/exams", headers=headers)
            assert connection.getresponse().status == 403
            connection.close()
        end(process)
    assert got == []

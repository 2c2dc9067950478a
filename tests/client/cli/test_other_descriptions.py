"""The command line of a description by somebody else: names that clash, and requests signed as a whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from tests.client.descriptions import generate_package

KEYS = {
    "PROCWISE_TOKEN": "key-1",
    "PROCWISE_SECRET_KEY": "c2VjcmV0LXNlY3JldA==",
    "PROCWISE_PASSPHRASE": "planted-phrase",
}
FLAGS = ("cache", "no_cache", "output", "all")
SIGNED = """
import sys
from procwise.signing import request_of, sign_request
credentials = {"access_key": "key-1", "secret_key": sys.argv[1], "passphrase": "planted-phrase"}
request = sign_request(request_of("GET", "https://a.example/books?title=Kidnapped"), credentials)
headers = " ".join(f"-H '{name}: {value}'" for name, value in request.headers)
print(f"curl {headers} '{request.url}'")
"""


class Shelf(BaseHTTPRequestHandler):
    """Answers every request with what it was sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.seen = (self.path, dict(self.headers))  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def package(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = yaml.safe_load((root / "tests/signing/schemes/coinbase-exchange/openapi.yaml").read_text("utf-8"))
    for name, operation in zip(("list", "add"), found["paths"]["/books"].values(), strict=True):
        operation["x-client"] = {"resource": "sign", "method": name}
    found["paths"]["/books"]["post"]["parameters"] = [
        {"name": name, "in": "query", "description": "[bold]A flag[/bold].", "schema": {"type": "boolean"}}
        for name in FLAGS
    ]
    return generate_package(found, tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def shelf() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Shelf) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(package: Path, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PYTHONPATH": str(package), "PROCWISE_BASE_URL": "http://127.0.0.1:9", "PROCWISE_CONFIG": "/nowhere/at/all"}
    call = [sys.executable, "-W", "error", "-m", "procwise", *arguments]
    environment = {**os.environ, **own, **KEYS, **environment}
    return subprocess.run(call, input=stdin, env=environment, capture_output=True, text=True, check=False)


def test_names_that_are_taken_get_a_number(package: Path) -> None:
    assert {"sign", "sign-2"} <= {
        line.split()[0] for line in run(package, "--help").stdout.splitlines() if line.strip()
    }
    shown = run(package, "sign-2", "add", "--help").stdout
    for name in ("--cache ", "--no-cache / ", "--output-2 / ", "--all-2 / ", "-o, --output", "[bold]A flag[/bold]"):
        assert name in shown


def test_a_call_with_credentials_of_another_scheme(package: Path, shelf: HTTPServer) -> None:
    address = f"http://127.0.0.1:{shelf.server_port}"
    call = ("sign-2", "add", "--title", "Kidnapped", "--no-cache", "--output-2", "--json", "-")
    made = run(package, *call, stdin='{"pages": 240}', PROCWISE_BASE_URL=address)
    assert (made.returncode, made.stderr) == (0, "")
    assert json.loads(made.stdout) == {"title": "Kidnapped", "pages": 240}
    path, headers = shelf.seen  # type: ignore[attr-defined]
    assert path == "/books?no_cache=true&output=true"
    assert headers["CB-ACCESS-PASSPHRASE"] == "planted-phrase"


def test_a_whole_request_is_explained(package: Path) -> None:
    def sign(key: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SIGNED, key],
            env={**os.environ, "PYTHONPATH": str(package)},
            capture_output=True,
            text=True,
        )
        return done.stdout

    right = run(package, "explain", stdin=sign(KEYS["PROCWISE_SECRET_KEY"]))
    assert (right.returncode, "GET/books?title=Kidnapped" in right.stdout) == (0, True), right
    wrong = run(package, "explain", stdin=sign("YW5vdGhlcg=="))
    assert wrong.returncode == 1
    assert not any(value in wrong.stdout + wrong.stderr for value in KEYS.values() if value != "key-1")


def test_what_is_missing_is_named(package: Path) -> None:
    ended = run(package, "sign-2", "list", "--title", "x", PROCWISE_PASSPHRASE="")
    assert (ended.returncode, "PROCWISE_PASSPHRASE" in ended.stderr) == (2, True)
    assert "signs no set of parameters" in run(package, "sign", stdin="{}").stderr
    found = run(package, "doctor")
    assert (found.returncode, "not called" in found.stdout) == (0, True), found

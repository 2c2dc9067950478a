"""Where no verdict is possible: one sentence, exit code 2, no traceback, no waiting."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.conformance.conftest import ENVIRONMENT, Command, Outcome
from tests.conformance.servers.model_server import Model, serve
from tests.conformance.servers.recording_proxy import run_proxy
from tests.sandbox.sandbox_calls import Reply


@pytest.fixture
def web_site() -> Iterator[str]:
    """A server that answers every request with an HTML page."""
    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = b"<html>Welcome</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def check_cannot_run(outcome: Outcome, *words: str) -> None:
    assert outcome.code == 2, outcome.output + outcome.errors
    assert outcome.output == ""
    assert "Traceback" not in outcome.errors
    _, *more = outcome.errors.strip().splitlines()
    assert all(line.startswith("  ") for line in more)  # a sentence, and under it what was signed
    for word in words:
        assert word in outcome.errors
    assert "planted" not in outcome.errors


def test_server_is_down(shelf_conformance: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    check_cannot_run(shelf_conformance(f"http://127.0.0.1:{port}"), "cannot be reached")


def test_server_is_a_web_site(shelf_conformance: Command, web_site: str) -> None:
    check_cannot_run(shelf_conformance(web_site), "text/html", "instead of JSON")


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://127.0.0.1", "http://", "not an address"])
def test_no_address(shelf_conformance: Command, url: str) -> None:
    outcome = shelf_conformance(url, "--i-own-this")
    check_cannot_run(outcome)


def test_path_is_not_the_api(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("v3")) as url:
        check_cannot_run(shelf_conformance(f"{url}/elsewhere"), "refused the token")


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [("PROCWISE_TOKEN", "refused the token"), ("PROCWISE_SECRET_KEY", "refused the signature")],
)
def test_wrong_credentials(
    shelf_conformance: Command, model: Callable[..., Model], variable: str, sentence: str
) -> None:
    with serve(model("shelf")) as url:
        check_cannot_run(shelf_conformance(url, environment={**ENVIRONMENT, variable: "planted-other"}), sentence)


@pytest.mark.parametrize(("whose", "possessive"), [("second", "the second user's"), ("superuser", "the superuser's")])
@pytest.mark.parametrize(
    ("variable", "kept", "what"), [("OTHER_TOKEN", "token", "token"), ("OTHER_SECRET", "secret", "signature")]
)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_wrong_credentials_of_another_user(
    shelf_conformance: Command,
    model: Callable[..., Model],
    whose: str,
    possessive: str,
    variable: str,
    kept: str,
    what: str,
    workers: str,
) -> None:
    """Refused everywhere, such a user would be one whom nothing is shown, as nothing should be."""
    right = {"OTHER_TOKEN": "planted-token-2", "OTHER_SECRET": "planted-secret-2"}
    named = (f"--{whose}-token-env", "OTHER_TOKEN", f"--{whose}-secret-env", "OTHER_SECRET", "--workers", workers)
    with serve(server := model("shelf")) as url:
        outcome = shelf_conformance(url, *named, environment={**ENVIRONMENT, **right, variable: "planted-other"})
    check_cannot_run(outcome, f"refused {possessive} {what}", f"--{whose}-{kept}-env")
    assert all(path == "/books" for _, path in server.requests)


def test_wrong_credentials_of_a_superuser_who_is_to_clean(
    shelf_conformance: Command, model: Callable[..., Model], tmp_path: Path
) -> None:
    """Otherwise each object would be reported as one that is not the user's to remove."""
    journal, named = tmp_path / "journal.jsonl", ("--superuser-token-env", "T", "--superuser-secret-env", "S")
    made = {"creator": "addBook", "identity": 1, "parents": {}}
    wrong = {**ENVIRONMENT, "T": "planted-other", "S": "planted-other"}
    with serve(server := model("shelf")) as url:
        journal.write_text(f"{json.dumps({'api': 'shelf', 'url': url})}\n{json.dumps({'made': made})}\n", "utf-8")
        outcome = shelf_conformance("clean", str(journal), *named, report=False, environment=wrong)
    check_cannot_run(outcome, "refused the superuser's token", "--superuser-token-env")
    assert server.deleted == []


@pytest.mark.parametrize("variable", ["PROCWISE_TOKEN", "PROCWISE_SECRET_KEY"])
def test_missing_variable(shelf_conformance: Command, variable: str) -> None:
    check_cannot_run(shelf_conformance("http://127.0.0.1:1", environment={**ENVIRONMENT, variable: ""}), variable)


VARIABLES = ("PROCWISE_TOKEN", "PROCWISE_SECRET_KEY", "OTHER_TOKEN", "OTHER_SECRET")
UNFIT = {
    "planted-1\n": "white space",
    " planted-1": "white space",
    "planted-1\u00a0": "white space",
    "planted\r\nX-Planted: 1": "control character",
    "planted\x1b[0m": "control character",
    "planted\udcff": "no text",
}


def of(variable: str, value: str) -> dict[str, str]:
    return {**ENVIRONMENT, "OTHER_TOKEN": "planted-token-2", "OTHER_SECRET": "planted-secret-2", variable: value}


@pytest.mark.parametrize(("value", "message"), UNFIT.items())
def test_variable_holds_what_is_no_token(shelf_conformance: Command, value: str, message: str) -> None:
    """Nothing is sent, and nothing of the value is message."""
    outcome = shelf_conformance("http://127.0.0.1:1", environment=of("PROCWISE_TOKEN", value))
    check_cannot_run(outcome, "the environment variable PROCWISE_TOKEN ", message)


@pytest.mark.parametrize("whose", ["second", "superuser"])
@pytest.mark.parametrize("variable", VARIABLES)
def test_variable_of_any_user(shelf_conformance: Command, variable: str, whose: str) -> None:
    named = (f"--{whose}-token-env", "OTHER_TOKEN", f"--{whose}-secret-env", "OTHER_SECRET")
    outcome = shelf_conformance("http://127.0.0.1:1", *named, environment=of(variable, "planted-1\n"))
    check_cannot_run(outcome, f"the environment variable {variable} begins or ends with white space")


@pytest.mark.parametrize("call", [("proxy", "http://127.0.0.1:1"), ("clean", "journal.jsonl")])
@pytest.mark.parametrize("variable", VARIABLES[:2])
def test_variable_of_another_command(shelf_conformance: Command, call: tuple[str, ...], variable: str) -> None:
    outcome = shelf_conformance(*call, report=False, environment=of(variable, "planted-1\n"))
    check_cannot_run(outcome, f"the environment variable {variable} begins or ends with white space")


def test_only_a_token_has_to_fit_into_a_header(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    few = ("--operations", "listBooks", "--include-check", "SIG-00*")
    with serve(server := model("shelf")) as url:
        token = shelf_conformance(url, *few, environment=of("PROCWISE_TOKEN", "planted-\u20ac"))
        server.users = {**server.users, "planted-token-1": "planted-\u20ac"}
        key = shelf_conformance(url, *few, environment=of("PROCWISE_SECRET_KEY", "planted-\u20ac"))
    check_cannot_run(token, "the environment variable PROCWISE_TOKEN holds a character that no header can")
    assert key.code == 0, key.output + key.errors


def test_second_user_by_half(shelf_conformance: Command) -> None:
    check_cannot_run(shelf_conformance("http://127.0.0.1:1", "--second-token-env", "SECOND_TOKEN"), "go together")


def test_unknown_version(shelf_conformance: Command) -> None:
    check_cannot_run(shelf_conformance("http://127.0.0.1:1", "--api", "v9"), "v9", "shelf")


@pytest.mark.parametrize("host", ["shelf.example", "localhost.shelf.example", "127.shelf.example", "10.0.0.1"])
def test_full_profile_elsewhere_has_to_be_wanted(shelf_conformance: Command, host: str) -> None:
    check_cannot_run(shelf_conformance(f"https://{host}"), "--profile read-only", "--i-own-this", host)


def test_report_folder_is_a_file(shelf_conformance: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    check_cannot_run(shelf_conformance("http://127.0.0.1:1", "--report", str(tmp_path / "taken")), "cannot be written")


FEW = ("--operations", "listBooks,showBook", "--include-check", "SIG-00*,SCH-001", "--max-examples", "1")


@pytest.mark.slow
@pytest.mark.needs("openssl")
def test_certificate_that_the_environment_trusts(
    shelf_conformance: Command, model: Callable[..., Model], tmp_path: Path
) -> None:
    """As a server for tests has one: signed by nobody else."""
    certificate = tmp_path / "server.pem"
    call = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    call += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(certificate), "-out", str(tmp_path / "only.pem")]
    subprocess.run(call, check=True, capture_output=True)
    certificate.write_text(certificate.read_text("ascii") + (tmp_path / "only.pem").read_text("ascii"), "ascii")
    with serve(model("shelf"), certificate) as url:
        check_cannot_run(shelf_conformance(url, *FEW), "certificate that can be trusted")
        trusting = ENVIRONMENT | {"REQUESTS_CA_BUNDLE": str(tmp_path / "only.pem")}
        outcome = shelf_conformance(url, *FEW, environment=trusting)
    assert outcome.code == 0, outcome.output + outcome.errors
    assert {"signature", "schema"} <= {result["layer"] for result in outcome.report["results"]}


def test_https_for_a_server_of_http(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf")) as url:
        check_cannot_run(shelf_conformance(url.replace("http", "https"), *FEW), "does not speak TLS", "is it http")


@pytest.mark.parametrize("rest", ["?a=1", "#there", "/?", "#"])
def test_a_url_with_more_than_an_address(shelf_conformance: Command, rest: str) -> None:
    check_cannot_run(shelf_conformance(f"http://127.0.0.1:1{rest}"), "leave out what begins at")


def test_a_signature_that_is_refused_with_401(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    wrong = {**ENVIRONMENT, "PROCWISE_SECRET_KEY": "planted-other"}
    with serve(model("shelf", "always 401", "errors have no code")) as url:
        outcome = shelf_conformance(url, environment=wrong)
    check_cannot_run(
        outcome, "refused the token (401)", "--secret-env where it refuses signatures with 401", "the suite signed"
    )


def test_proxy_of_the_environment(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    elsewhere = ENVIRONMENT | {"HTTP_PROXY": "http://127.0.0.1:1", "NO_PROXY": "other.example"}
    with serve(model("shelf")) as url:
        check_cannot_run(shelf_conformance(url, *FEW, environment=elsewhere), "cannot be reached")
        outcome = shelf_conformance(url, *FEW, environment=elsewhere | {"NO_PROXY": "127.0.0.1"})
    assert outcome.code == 0, outcome.output + outcome.errors


def test_a_journal_that_is_none(shelf_conformance: Command, tmp_path: Path) -> None:
    """Such as one of another user of this machine, or a folder of that name."""
    for number, text in enumerate(
        (None, "", '{"api": "shelf", "url": "u"}\n{"asked": {"creator": "x"}, "key": "1"}\n')
    ):
        journal = tmp_path / str(number) / "journal.jsonl"
        journal.mkdir(parents=True)
        if text is not None:
            journal.rmdir()
            journal.write_text(text, "utf-8")
        outcome = shelf_conformance("http://127.0.0.1:1", "--report", str(journal.parent), report=False)
        words = ("cannot be reached",) if text == "" else (f"{journal} is in the way", "name another --report")
        check_cannot_run(outcome, *words)


def test_no_token_of_what_a_server_says_that_it_signed(shelf_conformance: Command) -> None:
    body = {"error": "wrong signature", "base_string": "authorization:planted-token-1&at:1700000000&once:12345"}
    reply = Reply(403, {"content-type": "application/json"}, json.dumps(body).encode())
    with run_proxy("http://127.0.0.1:1", lambda *_: reply) as (url, _):
        check_cannot_run(shelf_conformance(url), "the server signed", "authorization:***&at:")

"""What `doctor` makes of the reasons that a server gives."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.client.cli.conftest import Run


class Refusal(BaseHTTPRequestHandler):
    """Refuses with the status and the reason that stand in the path."""

    def do_GET(self) -> None:
        status, reason = self.path.split("/")[1:3]
        body = json.dumps({"error": reason}).encode()
        self.send_response(int(status))
        if reason == "aged":
            self.send_header("Age", "30")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Standard error is for the tests."""


@pytest.fixture
def refusals() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusal) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("401/unknown_token", "token"),
        ("401/No", "token"),
        ("401/timestamp_expired", "signature"),
        ("400/nonce_used", "signature"),
        ("403/signature_invalid", "signature"),
        ("400/No", "version"),
    ],
)
def test_the_doctor_blames_what_the_server_objects_to(
    command: Callable[..., Run], refusals: str, path: str, subject: str
) -> None:
    found = command("doctor", PROCWISE_BASE_URL=f"{refusals}/{path}")
    assert [line.split()[1] for line in found.out.splitlines() if line.startswith("wrong ")] == [subject]


def test_the_doctor_names_a_cache_and_what_deviates(command: Callable[..., Run], refusals: str) -> None:
    aged = command("doctor", PROCWISE_BASE_URL=f"{refusals}/401/aged")
    assert "a cache sent it" in aged.out
    odd = command("doctor", PROCWISE_BASE_URL=f"{refusals}/200/exams")
    lines = [line.split(maxsplit=2) for line in odd.out.splitlines()]
    assert not any("as described" in text for _, _, text in lines)

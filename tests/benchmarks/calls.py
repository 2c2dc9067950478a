"""What a signed, typed call costs, beside an unsigned one of the HTTP library alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2

from procwise import Client
from tests.benchmarks.rows import Row

BAR, ROUNDS, CALLS = 1.15, 120, 20
SERVER = """
import json, socket, sys
from tests.benchmarks.decoding import page
from procwise.v3 import models
exam = json.loads(page("exams", models.Exam))["exams"][0]
body = json.dumps({"exam": exam, **json.loads(sys.argv[1])}).encode()
head = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    received = b""
    while part := connection.recv(65536):
        received += part
        while b"\\r\\n\\r\\n" in received:
            received = received.partition(b"\\r\\n\\r\\n")[2]
            connection.sendall(head + body)
"""


def measure() -> Iterator[Row]:
    """The least CPU time of each, taken in turn, over a connection of its own that is kept open."""
    with (
        serve() as ours,
        serve() as theirs,
        Client(token="abcd", secret_key="k" * 32, base_url=ours) as client,
        httpx2.Client() as plain,
    ):
        url = f"{theirs}/api/v3/exams/17"
        works: tuple[Callable[[], object], ...] = (lambda: client.exams.show(17), lambda: plain.get(url).json())
        least = [min(times) for times in zip(*(map(_time, works) for _ in range(ROUNDS)), strict=True)]
    yield Row("a signed, typed call / httpx2.get(url).json()", "µs", least[0] * 1e6, least[1] * 1e6, BAR)


@contextmanager
def serve(members: str = "{}") -> Iterator[str]:
    """A server in a process of its own; its response to every request is one exam, and these members of JSON."""
    with subprocess.Popen([sys.executable, "-c", SERVER, members], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def _time(work: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(CALLS):
        work()
    return (time.process_time() - started) / CALLS

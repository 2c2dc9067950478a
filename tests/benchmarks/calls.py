"""What a signed, typed call costs, beside an unsigned one of the HTTP library alone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import httpx2

from procwise import Client
from tests.benchmarks.rows import Row, on_one_processor

BAR, PROCESSES, ROUNDS, CALLS = 1.15, 7, 60, 20
SERVER = """
import json, sys
from socketserver import BaseRequestHandler, ThreadingTCPServer
from tests.benchmarks.decoding import page
from procwise.v3 import models
exam = json.loads(page("exams", models.Exam))["exams"][0]
body = json.dumps({"exam": exam, **json.loads(sys.argv[1])}).encode()
head = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)
class Handler(BaseRequestHandler):
    def handle(self):
        received = b""
        while part := self.request.recv(65536):
            received += part
            while b"\\r\\n\\r\\n" in received:
                received = received.partition(b"\\r\\n\\r\\n")[2]
                self.request.sendall(head + body)
with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""


def measure() -> Iterator[Row]:
    """The CPU time of each, as the processes have it whose ratio is the middle one."""
    ours, theirs = sorted((_measure_elsewhere() for _ in range(PROCESSES)), key=lambda pair: pair[0] / pair[1])[
        PROCESSES // 2
    ]
    yield Row("a signed, typed call / httpx2.get(url).json()", "µs", ours * 1e6, theirs * 1e6, BAR)


def measure_here() -> tuple[float, float]:
    """The usual CPU time of each in seconds, taken in turn from one server, over connections that are kept open."""
    with (
        on_one_processor(),
        serve() as server,
        Client(token="abcd", secret_key="k" * 32, base_url=server) as client,
        httpx2.Client() as plain,
    ):
        url = f"{server}/api/v3/exams/17"
        works: tuple[Callable[[], object], ...] = (lambda: client.exams.show(17), lambda: plain.get(url).json())
        ours, theirs = (median(times) for times in zip(*(map(_time, works) for _ in range(ROUNDS)), strict=True))
    return ours, theirs


def _measure_elsewhere() -> tuple[float, float]:
    """The same in a process of its own: where things come to lie in memory changes the ratio by a twentieth."""
    program = "from tests.benchmarks.calls import measure_here; print(*measure_here())"
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    ours, theirs = map(float, printed.split())
    return ours, theirs


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

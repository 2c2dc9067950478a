"""What a signed request costs the sandbox, beside Prism: a mock that keeps no state and checks no signature."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from procwise.v3.signing import SCHEME
from tests.benchmarks.rows import Row

ROOT = Path(__file__).parents[2]
PRISM = "@stoplight/prism-cli@5.14.2"
ROUNDS = 5
REQUESTS = 1000
VERIFICATIONS = 5000
BAR_MICROSECONDS = 30.0
SIZES = (1_000, 10_000, 100_000)
PAGE = 300
PAGES = 40
ACCEPT = "application/vnd.procwise.v3"
_NONCES = itertools.count(time.time_ns())


@dataclass(frozen=True)
class Server:
    """A process that listens on a port."""

    pid: int
    port: int

    def cpu(self) -> float:
        """Seconds of processor time so far, to the nanosecond: `/proc` has them by the hundredth."""
        return time.clock_gettime(~self.pid << 3 | 2)  # as clock_getcpuclockid(3) makes the clock of another process

    def memory(self) -> float:
        """MB that the process holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000

    def cost(self, requests: list[bytes]) -> float:
        """CPU milliseconds of one of the requests, sent one after the other over one connection."""
        before = self.cpu()
        self.send(requests)
        return (self.cpu() - before) * 1000 / len(requests)

    def send(self, requests: list[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            responses = connection.makefile("rb")
            for request in requests:
                connection.sendall(request)
                status = responses.readline()
                assert b" 200 " in status, status
                skip(responses)


def measure() -> Iterator[Row]:
    """Reads and writes beside Prism, one verification, and pages of small and large tables."""
    yield _verification()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        yield from _pages(Path(folder))
        credentials, ours = stack.enter_context(sandbox(Path(folder) / "state.db"))
        if shutil.which("npx") is None:
            print("left out: the comparison with Prism needs npx (install the package npm)", file=sys.stderr)
            return
        theirs = stack.enter_context(_prism())
        yield from _beside_prism(credentials, ours, theirs)


def _beside_prism(credentials: Mapping[str, str], ours: Server, theirs: Server) -> Iterator[Row]:
    exam = {"name": "Geometry", "type": "record_review", "start_time": "2031-05-04T09:00:00Z", "duration": 60}
    for what, bar, request in (
        ("signed GET /exams/{id}", 0.5, ("GET", "/exams/1", {"id": "1"}, {})),
        ("signed POST /exams", None, ("POST", "/exams", {}, exam)),
    ):
        costs = []
        for _ in range(ROUNDS):
            own = [sign(credentials, *request, prefix="/api/v3") for _ in range(REQUESTS)]
            other = [sign(credentials, *request, accept="application/json") for _ in range(REQUESTS)]
            costs.append((ours.cost(own), theirs.cost(other)))
        mine, prisms = (min(column) for column in zip(*costs, strict=True))
        yield Row(f"{what}, one worker on SQLite, beside Prism", "CPU ms", mine, prisms, bar)


def _pages(folder: Path) -> Iterator[Row]:
    """A list is counted for its headers when it is first asked for, and again after a write; both are measured."""
    with ExitStack() as stack:
        tables = {size: stack.enter_context(_table(folder, size)) for size in SIZES}
        for known, how in ((True, "asked for again"), (False, "counted as well")):
            rounds = [[_page(*tables[size], known=known) for size in SIZES] for _ in range(ROUNDS)]
            small, *larger = (min(column) for column in zip(*rounds, strict=True))
            for size, cost in zip(SIZES[1:], larger, strict=True):
                what = f"list of {PAGE} of {size:,} exams, filtered and sorted, {how}, beside of {SIZES[0]:,}"
                yield Row(what, "CPU ms", cost, small, bar=1.2 if known else 2.0)


@contextmanager
def _table(folder: Path, size: int) -> Iterator[tuple[Mapping[str, str], Server]]:
    """A sandbox with as many exams as that."""
    database = folder / f"{size}.db"
    with sandbox(database) as (credentials, ours):
        _fill(database, size)
        yield credentials, ours


def _page(credentials: Mapping[str, str], ours: Server, *, known: bool) -> float:
    """What a page of a list costs; all ask for the same exams, but in other words where its count is not `known`."""
    starts = ["Exam 1" if known else f"Exam 1.{next(_NONCES)}" for _ in range(PAGES)]
    asked = [
        {"filter": json.dumps({"name": {"gte": start}}), "sort": json.dumps([{"name": "desc"}]), "limit": PAGE}
        for start in starts
    ]
    return ours.cost([sign(credentials, "GET", "/exams", {}, {}, query=one, prefix="/api/v3") for one in asked])


def _verification() -> Row:
    params = {"id": "17", "name": "Geometry", "timestamp": "1924992000000", "nonce": "123456789"}
    key = "a made-up secret key"
    signed = {**params, SCHEME.signature_parameter: SCHEME.sign(params, key)}
    times = timeit.repeat(
        lambda: SCHEME.verify(signed, key, signed[SCHEME.signature_parameter]), number=VERIFICATIONS, repeat=ROUNDS
    )
    mine = min(times) / VERIFICATIONS * 1_000_000
    return Row("one verification of a signature, beside its bar", "us", mine, BAR_MICROSECONDS, bar=1.0)


def sign(
    credentials: Mapping[str, str],
    method: str,
    path: str,
    ids: Mapping[str, str],
    body: Mapping[str, Any],
    *,
    query: Mapping[str, Any] | None = None,
    prefix: str = "",
    accept: str = ACCEPT,
) -> bytes:
    params = SCHEME.stamp({**ids, **(query or {}), **body}, now_ms=int(time.time() * 1000), nonce=next(_NONCES))
    signature = SCHEME.sign(params, credentials["secret_key"])
    sent = {name: value for name, value in params.items() if name not in ids and name not in body}
    target = f"{prefix}{path}?{urlencode({**sent, SCHEME.signature_parameter: signature})}"
    content = json.dumps(body).encode() if body else b""
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Token token={credentials['token']}",
        f"Accept: {accept}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


def skip(responses: Any) -> None:
    """Reads the rest of a response, by its length or by its chunks."""
    length, chunked = 0, False
    while (line := responses.readline().lower()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        length = int(value) if name == b"content-length" else length
        chunked = chunked or (name == b"transfer-encoding" and b"chunked" in value)
    if not chunked:
        responses.read(length)
    while chunked and (size := int(responses.readline(), 16)) >= 0:
        responses.read(size + 2)
        chunked = size > 0


def _fill(database: Path, size: int) -> None:
    """As many exams as that, all like the first one but for their names."""
    with sqlite3.connect(database) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(exams)")]
        columns = ", ".join(
            {"id": "number", "name": "printf('Exam %06d', number * 7919 % 1000000)"}.get(n, n) for n in names
        )
        connection.execute(
            "WITH RECURSIVE numbers(number) AS (SELECT 1 + (SELECT max(id) FROM exams) UNION ALL"
            f" SELECT number + 1 FROM numbers WHERE number < {size})"
            f" INSERT INTO exams ({', '.join(names)}) SELECT {columns} FROM numbers, (SELECT * FROM exams WHERE id = 1)"
        )
    connection.close()


@contextmanager
def sandbox(database: Path, log: Path | None = None) -> Iterator[tuple[Mapping[str, Any], Server]]:
    """A sandbox, what its first line says, and its process; its log is one JSON object for each request."""
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--no-page", "--database", f"sqlite:///{database}"]
    call += ["--log", "json"] if log else ["--quiet"]
    with ExitStack() as opened:
        said = opened.enter_context(log.open("w")) if log else subprocess.DEVNULL
        process = opened.enter_context(subprocess.Popen(call, stdout=subprocess.PIPE, stderr=said, text=True))
        try:
            assert process.stdout is not None
            started = json.loads(process.stdout.readline())
            yield started, Server(process.pid, urlsplit(started["base_url"]).port or 0)
        finally:
            process.terminate()


@contextmanager
def _prism() -> Iterator[Server]:
    """Prism on a free port; npx runs it below a process of its own, so the listener is looked up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    description = ROOT / "generated/openapi/v3.json"
    where = subprocess.run(
        ["npm", "exec", "--yes", f"--package={PRISM}", "-c", "command -v prism"],
        capture_output=True,
        text=True,
        check=True,
    )
    call = ["node", where.stdout.strip().splitlines()[-1], "mock", "-p", str(port), "-h", "127.0.0.1", "-v", "error"]
    with subprocess.Popen([*call, str(description)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _await(port)
            yield Server(process.pid, port)
        finally:
            process.terminate()


def _await(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Prism does not listen")

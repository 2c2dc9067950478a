"""Clients that take their time, or too much, and those who are served meanwhile."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from urllib.parse import urlencode, urlsplit

import pytest

from procwise_sandbox import Limits, Running, running
from tests.sandbox.sandbox_calls import Caller, send

LIMIT = 0.5
CONNECTIONS = 8
HEAD = b"POST /api/v3/exams HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def hasty() -> Iterator[Running]:
    limits = Limits(connections=CONNECTIONS, read_seconds=LIMIT, idle_seconds=LIMIT)
    with running(limits=limits) as result:
        yield result


def connect(sandbox: Running) -> socket.socket:
    address = urlsplit(sandbox.base_url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def drip(sandbox: Running, start: bytes, drop: bytes) -> tuple[bytes, float]:
    """What comes back where drops keep coming, and how long that took."""
    began, response = time.monotonic(), b""
    with connect(sandbox) as connection:
        connection.sendall(start)
        connection.settimeout(LIMIT / 10)
        while time.monotonic() - began < 10:
            try:
                if not (part := connection.recv(4096)):
                    break
                response += part
            except TimeoutError:
                connection.sendall(drop)
            except ConnectionResetError:  # the last drop came too late
                break
    return response, time.monotonic() - began


@pytest.mark.parametrize(
    ("start", "drop"),
    [(HEAD, b"X: y\r\n"), (HEAD + b"Content-Length: 1000\r\n\r\n", b"x"), (HEAD[:9], b"e")],
    ids=["headers", "body", "path"],
)
def test_who_drips_gets_408_and_the_others_are_served(hasty: Running, start: bytes, drop: bytes) -> None:
    demo = Caller(hasty.base_url, hasty.token, hasty.secret_key)
    with ThreadPoolExecutor(4) as pool:
        slow = [pool.submit(drip, hasty, start, drop) for _ in range(4)]
        assert demo.call("GET", "/exams").status == 200
        for client in slow:
            response, seconds = client.result()
            head, _, body = response.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 ")
            assert b"connection: close" in head.lower()
            assert json.loads(body)["code"] == "request_timeout"
            assert LIMIT * 0.8 < seconds < LIMIT * 6


@pytest.mark.parametrize(("pause", "is_whole"), [(LIMIT / 10, True), (LIMIT / 2, False)], ids=["slow", "never"])
def test_who_reads_nothing_of_an_response_is_left(hasty: Running, pause: float, is_whole: bool) -> None:
    demo = Caller(hasty.base_url, hasty.token, hasty.secret_key)
    content = "x" * 8_000_000
    exam = demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
    assert demo.call("POST", "/exams/{exam_id}/documents", {"exam_content": content}, exam_id=exam).status == 200
    target = f"/api/v3/exams/{exam}/documents?{urlencode(demo.sign(demo.stamp(), path={'exam_id': exam}))}"
    head = f"GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: {demo.authorization['Authorization']}\r\n"
    with connect(hasty) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 200_000)
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        size = 0
        with suppress(ConnectionResetError):
            for _ in range(18):  # longer together than the limit, also where each is short
                time.sleep(pause)
                size += len(connection.recv(500_000) if is_whole else b"")
            while part := connection.recv(1_000_000):
                size += len(part)
    assert (size > len(content)) is is_whole


def test_a_silent_connection_is_closed(hasty: Running) -> None:
    with connect(hasty) as connection:
        assert connection.recv(1) == b""


def test_an_idle_connection_is_closed_and_a_busy_one_is_not(hasty: Running) -> None:
    address = urlsplit(hasty.base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    for _ in range(4):  # longer together than the limit
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"ok"}'
        time.sleep(LIMIT / 3)
    stored = connection.sock
    assert stored is not None
    assert stored.recv(1) == b""
    connection.close()


def test_more_connections_than_allowed_get_503(hasty: Running) -> None:
    with ExitStack() as opened:
        for _ in range(CONNECTIONS):
            opened.enter_context(connect(hasty))
        busy = send(hasty.base_url, "GET", "/healthz")
        assert (busy.status, busy.code, busy.headers["connection"]) == (503, "too_many_connections", "close")
    for _ in range(100):
        if send(hasty.base_url, "GET", "/healthz").status == 200:
            break
        time.sleep(0.02)
    assert send(hasty.base_url, "GET", "/healthz").status == 200


def test_what_is_no_http_gets_400(hasty: Running) -> None:
    with connect(hasty) as connection:
        connection.sendall(b"\x16\x03\x01 is how TLS begins\r\n\r\n")
        response = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, body = response.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["code"] == "unreadable"


def test_endless_headers_get_431(hasty: Running) -> None:
    response, _ = drip(hasty, HEAD + b"X: " + b"y" * 70_000, b"y")
    assert response.startswith(b"HTTP/1.1 431 ")
    assert json.loads(response.partition(b"\r\n\r\n")[2])["code"] == "headers_too_large"

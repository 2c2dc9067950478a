"""Raw bytes on a connection to the sandbox: the response is none of 5xx, and nothing fails behind it.

`{token}` in an input stands for the token of the demo user.
"""

from __future__ import annotations

import atexit
import io
import logging
import socket
from contextlib import ExitStack, suppress
from functools import cache
from http.client import HTTPException, HTTPResponse
from typing import cast
from unittest.mock import patch
from urllib.parse import urlsplit

from procwise_sandbox import Running, running
from procwise_sandbox.http import request_parsing
from tests.fuzz.target import VALUES, Target, WrongResult

_PATIENCE = 60  # seconds until a response is missed
_ALLOWED = 501  # the response to a transfer coding that is not known
_LOGGERS = ("asyncio", "uvicorn", "procwise_sandbox")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_FAILURES: list[str] = []


class _Failures(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _FAILURES.append(logging.Formatter("%(message)s").format(record))


@cache
def _sandbox() -> Running:
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(_Failures(logging.ERROR))
    opened = ExitStack()
    atexit.register(opened.close)
    return opened.enter_context(running(page=False))


def run_input(data: bytes) -> None:
    """Sends the bytes, and reads until the connection is closed."""
    sandbox = _sandbox()
    _FAILURES.clear()
    received = _exchange(sandbox, data.replace(b"{token}", sandbox.token.encode()))
    if _FAILURES:
        raise WrongResult("; ".join(_FAILURES))
    status = _read_status(received)
    if status >= 500 and status != _ALLOWED:
        raise WrongResult(f"the response {received[:500]!r}")


def _exchange(sandbox: Running, data: bytes) -> bytes:
    received = bytearray()
    address = ("127.0.0.1", urlsplit(sandbox.base_url).port or 0)
    with socket.create_connection(address, timeout=_PATIENCE) as connection:
        with suppress(OSError):  # what is no HTTP is not read to its end
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while piece := connection.recv(65_536):
                received += piece
    return bytes(received)


def _read_status(received: bytes) -> int:
    """The status of the first response, or 0 if there is none, such as for a body that does not come whole."""
    if received.removeprefix(_CONTINUE) == b"":
        return 0
    response = HTTPResponse(cast("socket.socket", _Received(received)))
    try:
        response.begin()
    except HTTPException as error:
        raise WrongResult(f"no response but {received[:500]!r}") from error
    return response.status


class _Received:
    """What was received, as HTTPResponse reads a socket."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)


TARGET = Target(
    name="request_parser",
    run=run_input,
    declared=(),
    tokens=(
        *VALUES,
        *(b"\r\n", b"\r\n\r\n", b" HTTP/1.1\r\n", b"GET ", b"POST ", b"HEAD ", b"OPTIONS ", b"TRACE ", b"CONNECT "),
        *(b"Host: x\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n"),
        *(b"Authorization: Token token={token}\r\n", b"Connection: close\r\n", b"Upgrade: h2c\r\n", b"0\r\n\r\n"),
        *(b"Range: bytes=0-1\r\n", b"Accept: application/vnd.procwise.v3\r\n", b"Cookie: ", b"Origin: null\r\n"),
        *(b"/api/v3/exams", b"/api/v1/", b"/healthz", b"%00", b"%ff", b"%2e%2e/", b"[]", b"[a]", b";", b"#", b"//"),
    ),
    plant_bug=lambda: patch.object(request_parsing, "_text", bytes.decode),
)

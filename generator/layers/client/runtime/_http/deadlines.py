"""One time limit for all that an attempt does on a socket, also if the server sends a byte a second."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from contextvars import ContextVar
from functools import partial
from typing import Any

import httpcore2
import httpx2

from .._files.cancel import LOOK, check_heeded, is_heeding
from .cancelling import run_cancellable

_SLICE = 16 << 10
_DEADLINE: ContextVar[float | None] = ContextVar("_DEADLINE", default=None)


class limit_time:  # noqa: N801  # used as a function, and half as slow as one with contextmanager
    """Everything in the block has to be done in so many seconds."""

    __slots__ = ("_seconds", "_token")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._token = _DEADLINE.set(None if self._seconds is None else time.monotonic() + self._seconds)

    def __exit__(self, *error: object) -> None:
        _DEADLINE.reset(self._token)


def check_deadline() -> None:
    """Raise httpx2.ReadTimeout if the time is over."""
    deadline = _DEADLINE.get()
    if deadline is not None and time.monotonic() >= deadline:
        raise httpx2.ReadTimeout("the time is over")


def _time_left(timeout: float | None, late: type[Exception]) -> float | None:
    deadline = _DEADLINE.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise late("the time is over")
    return left if timeout is None else min(timeout, left)


class LimitedBackend(httpcore2.NetworkBackend):
    """Makes sockets that obey `limit_time`; httpx2 itself only limits each single read."""

    def __init__(self, backend: httpcore2.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        left = _time_left(timeout, httpcore2.ConnectTimeout)
        connect = partial(self._backend.connect_tcp, host, port, left, local_address, socket_options)
        return _Stream(run_cancellable(connect, httpcore2.NetworkStream.close))


class _Stream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _time_left(timeout, httpcore2.ReadTimeout)
        if not is_heeding():
            return self._stream.read(max_bytes, left)
        end = float("inf") if left is None else time.monotonic() + left
        while True:  # in short steps, since somebody may cancel
            check_heeded()
            try:
                return self._stream.read(max_bytes, min(LOOK, max(0.001, end - time.monotonic())))
            except httpcore2.ReadTimeout:
                if time.monotonic() >= end:
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _SLICE):  # each `send` in there may take the whole time that is given
            check_heeded()
            part = buffer[start : start + _SLICE]
            self._stream.write(part, _time_left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = _time_left(timeout, httpcore2.ConnectTimeout)
        secure = partial(self._stream.start_tls, ssl_context, server_hostname, left)
        return _Stream(run_cancellable(secure, httpcore2.NetworkStream.close))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

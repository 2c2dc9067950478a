"""Runs an application behind a socket: in a thread for tests, in the foreground for the command."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .accounts import Credentials
from .network import cuttable
from .refusals import SandboxError, unreadable
from .sandbox import known_credentials

_START_SECONDS = 20
_STOP_SECONDS = 10
_BACKLOG = 2048
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  # only recognised, to name an address that can be called


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A sandbox that accepts connections, and the credentials of its three demo users."""

    base_url: str
    demo: Credentials
    second: Credentials
    superuser: Credentials
    messages: Callable[[], list[dict[str, object]]] = field(repr=False)

    @property
    def outbox(self) -> list[dict[str, object]]:
        """The messages that were mailed so far, the oldest first."""
        return self.messages()

    @property
    def token(self) -> str:
        """The demo user's token."""
        return self.demo.token

    @property
    def secret_key(self) -> str:
        """The demo user's secret key."""
        return self.demo.secret_key

    def line(self) -> str:
        """The address and the credentials as one line of JSON."""
        told: dict[str, object] = {"base_url": self.base_url, **_pair(self.demo)}
        return json.dumps({**told, "second": _pair(self.second), "superuser": _pair(self.superuser)})


@contextmanager
def running(application: Starlette, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Serves the application from a thread for as long as the context lasts."""
    with _listening(host, port) as listener:
        server = uvicorn.Server(_config(application))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            _await_start(server, thread)
            yield _told(application, host, listener)
        finally:
            server.should_exit = True
            thread.join(_STOP_SECONDS)


def serve(application: Starlette, *, host: str, port: int) -> None:
    """Serves in the foreground until SIGINT or SIGTERM; the first line on stdout is `Running.line`."""
    with _listening(host, port) as listener:
        line = _told(application, host, listener).line()
        _Foreground(_config(application), lambda: print(line, flush=True)).run([listener])


class _Foreground(uvicorn.Server):
    """Tells when it accepts connections, and ends without an error when it is asked to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        stops = (signal.SIGINT, signal.SIGTERM)
        before = {stop: signal.signal(stop, self._stop) for stop in stops}
        try:
            yield
        finally:
            for stop, handler in before.items():
                signal.signal(stop, handler)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


class _Protocol(HttpToolsProtocol):
    """Never writes uvicorn's own access log, which would hold queries, however logging is set up.

    What is no HTTP is answered with a JSON object too.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.access_log = False

    def send_400_response(self, msg: str) -> None:
        content = json.dumps(unreadable(msg).content).encode()
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n"
        self.transport.write(f"{head}connection: close\r\n\r\n".encode() + content)
        self.transport.close()


class _Cuttable(_Protocol):
    """Lets the application close the connection without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = cuttable(self.app, transport.close)


def _config(application: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=_Cuttable if application.state.flaky else _Protocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        server_header=False,
    )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio answers without delay only on sockets that name their protocol
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(_BACKLOG)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SandboxError(f"cannot listen on {host} port {port}: {reason}; --port 0 picks a free one") from None
        yield listener


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    for _ in range(_START_SECONDS * 100):
        if server.started:
            return
        if not thread.is_alive():
            break
        pause.wait(0.01)
    raise SandboxError("the sandbox did not start")


def _told(application: Starlette, host: str, listener: socket.socket) -> Running:
    name = "127.0.0.1" if host in _EVERYWHERE else host
    name = f"[{name}]" if ":" in name else name
    known = known_credentials(application)
    messages = application.state.outbox
    return Running(base_url=f"http://{name}:{listener.getsockname()[1]}", messages=messages, **known)


def _pair(credentials: Credentials) -> dict[str, str]:
    return {"token": credentials.token, "secret_key": credentials.secret_key}

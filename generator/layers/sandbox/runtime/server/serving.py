"""Runs an application behind a socket: in a thread for tests, in the foreground for the command."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import SandboxError
from ..http.accounts import Credentials
from ..http.request_log import MadeRequest, Recorder
from ..settings.durations import ClockOffset
from ..settings.options import Options
from .admin import ADMIN
from .application import admin_key, credentials_of_application, limits_of
from .connections import connection_class
from .network import ChangeableNetwork

_SWITCH_SECONDS = 0.0005  # a tenth of the usual: requests wait for it while another thread looks for a mistake
_LOG = logging.getLogger("procwise_sandbox.page")
_START_SECONDS = 20
STOP_SECONDS = 10
STOPS = (signal.SIGINT, signal.SIGTERM)
_BACKLOG = 2048
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # only recognised, to name an address that can be called


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A sandbox that accepts connections, and the credentials of its three demo users.

    `admin_key` opens the admin routes, and `page` is a link that shows the page, once; they are empty where there are
    none. `recorder` and `network` belong to a sandbox that a program runs by `running`.
    """

    base_url: str
    demo: Credentials
    second: Credentials
    superuser: Credentials
    messages: Callable[[], list[dict[str, object]]] = field(repr=False)
    admin_key: str = field(default="", repr=False)
    page: str = field(default="", repr=False)
    recorder: Recorder | None = field(default=None, repr=False)
    network: ChangeableNetwork | None = field(default=None, repr=False)

    @property
    def requests(self) -> list[MadeRequest]:
        """The requests that were made so far, the oldest first: the last 10,000, with their parameters."""
        return self.recorder.requests() if self.recorder else []

    def set_network(self, *troubles: str) -> None:
        """From the next request on there are these troubles, such as `503=2x`, and no others; none ends them all."""
        if self.network is None:
            raise SandboxError("the network of this sandbox cannot be changed: it is not run by a program")
        self.network.change(troubles)

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
        content: dict[str, object] = {"base_url": self.base_url, **_pair(self.demo)}
        content |= {"second": _pair(self.second), "superuser": _pair(self.superuser)}
        content |= {"page": self.page} if self.page else {}
        admin = {"url": f"{self.base_url}{ADMIN}", "key": self.admin_key}
        return json.dumps(content | ({"admin": admin} if self.admin_key else {}))

    def announce(self) -> None:
        """Prints the line, and the link to the page on stderr."""
        if self.page:
            _LOG.info("the page, by a link that works once: %s", self.page)
        print(self.line(), flush=True)


@contextmanager
def run_in_thread(application: Starlette, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Serves the application from a thread for as long as the context lasts."""
    with listen(host, port) as listener:
        server = Server(application)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            _await_start(server, thread)
            yield describe_running(application, host, listener)
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)


def serve(application: Starlette, *, host: str, port: int, descriptor: int = -1) -> None:
    """Serves in the foreground until SIGINT or SIGTERM; the first line on stdout is `Running.line`."""
    with socket.socket(fileno=descriptor) if descriptor >= 0 else listen(host, port) as opened:
        ForegroundServer(application, describe_running(application, host, opened).announce).run([opened])


class Server(uvicorn.Server):
    """Serves an application; once it is to stop, no request waits for a locked database."""

    def __init__(self, application: Starlette) -> None:
        super().__init__(_configuration(application))
        self._end_waits = application.state.end_waits

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_waits()
        await super().shutdown(sockets)


class ForegroundServer(Server):
    """Calls `ready` when it accepts connections; ends without an error on SIGINT and SIGTERM."""

    def __init__(
        self, application: Starlette, ready: Callable[[], None], stops: Sequence[signal.Signals] = STOPS
    ) -> None:
        sys.setswitchinterval(_SWITCH_SECONDS)
        super().__init__(application)
        self._ready = ready
        self._stops = stops

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {stop: signal.signal(stop, self._stop) for stop in self._stops}
        try:
            yield
        finally:
            for stop, handler in before.items():
                signal.signal(stop, handler)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def _configuration(application: Starlette) -> uvicorn.Config:
    """How uvicorn serves an application."""
    options: Options = application.state.options
    limits, clock = limits_of(application), options.clock
    has_own_clock = clock not in (time.time, ClockOffset(0.0))
    return uvicorn.Config(
        _with_date_header(application, clock) if has_own_clock else application,
        date_header=not has_own_clock,
        http=connection_class(limits, is_flaky=options.observed or bool(options.network)),
        log_config=None,
        access_log=False,
        timeout_keep_alive=limits.idle_seconds,  # type: ignore[arg-type]  # it is handed to asyncio as it is
        timeout_graceful_shutdown=STOP_SECONDS - 1,  # the rest is for what is cut off then
        server_header=False,
        ws="none",
    )


def _with_date_header(application: ASGIApp, clock: Callable[[], float]) -> ASGIApp:
    """The application with the time of its own clock in the Date header."""

    async def dated_app(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = (b"date", formatdate(clock(), usegmt=True).encode())
                message = {**message, "headers": [date, *message["headers"]]}
            await send(message)

        await application(scope, receive, send_logged)

    return dated_app


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that accepts connections at this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only on sockets that name their protocol
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(_BACKLOG)
        except (OSError, OverflowError) as error:
            raise SandboxError(f"cannot listen on {host} port {port}: {_reason(error)}") from None
        yield listener


def _reason(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or error
    about_port = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES)
    return f"{reason}; " + ("--port 0 picks a free one" if about_port else "--host takes an address of this machine")


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    pause = threading.Event()
    for _ in range(_START_SECONDS * 100):
        if server.started:
            return
        if not thread.is_alive():
            break
        pause.wait(0.01)
    raise SandboxError("the sandbox did not start")


def describe_running(application: Starlette, host: str, listener: socket.socket) -> Running:
    """How the application can be reached at this socket."""
    name = "127.0.0.1" if host in _EVERYWHERE else host
    name = f"[{name}]" if ":" in name else name
    known = credentials_of_application(application)
    messages = application.state.outbox
    base_url = f"http://{name}:{listener.getsockname()[1]}"
    page = f"{base_url}{application.state.page}" if application.state.page else ""
    network = application.state.network
    return Running(
        base_url=base_url,
        admin_key=admin_key(application),
        page=page,
        messages=messages,
        recorder=application.state.recorder,
        network=network if isinstance(network, ChangeableNetwork) else None,
        **known,
    )


def _pair(own: Credentials) -> dict[str, object]:
    others = {"credentials": dict(own.credentials)} if own.credentials else {}
    return {"token": own.token, "secret_key": own.secret_key, **others}

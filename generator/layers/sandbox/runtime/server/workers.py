"""Several processes that serve one socket over one state; one that dies is reported and replaced."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from starlette.applications import Starlette

from ..api import Description
from ..errors import SandboxError
from ..settings.options import Options
from ..storage.database import in_memory
from .application import build, close, temporary_folder
from .serving import STOP_SECONDS, STOPS, ForegroundServer, describe_running, listen, serve

_LOG = logging.getLogger("procwise_sandbox")
_RETRY_SECONDS = 1


def serve_with(
    workers: int, description: Description, options: Options, *, host: str, port: int, descriptor: int = -1
) -> None:
    """Serves in the foreground, from this process or from several; ends as `serve` does.

    `descriptor` is that of a socket that listens already.
    """
    if workers == 1:
        serve(build(description, options), host=host, port=port, descriptor=descriptor)
        return
    if in_memory(options.database):
        raise SandboxError("workers cannot share a state in memory: name one with --database sqlite:///state.db")
    if not hasattr(os, "fork"):
        raise SandboxError("this system cannot start workers: leave --workers out")
    with ExitStack() as opened, listen(host, port) as listener:
        first = build(description, options)  # errors are reported once, and the state is filled once
        announce = describe_running(first, host, listener).announce
        close(first)
        shared = replace(options, seed="", shared=True, journal=temporary_folder(opened))
        application = partial(build, description, shared)
        Workers(workers, application, listener).run(announce)


class Workers:
    """The parent of the processes. It serves nothing itself."""

    def __init__(self, count: int, application: Callable[[], Starlette], listener: socket.socket) -> None:
        self._count = count
        self._application = application
        self._listener = listener
        self._news, self._news_in = multiprocessing.Pipe(duplex=False)  # the workers that accept connections
        self._ended, self._alive = multiprocessing.Pipe(duplex=False)  # closed by the end of this process
        self._workers: dict[int, BaseProcess] = {}
        self._serving: set[int] = set()

    def run(self, ready: Callable[[], None]) -> None:
        """Runs the workers until SIGINT or SIGTERM; `ready` is called once all accept connections."""
        with _stop_requests() as stop:
            try:
                for _ in range(self._count):
                    self._start()
                if self._watch(stop, until=lambda: len(self._serving) == self._count):
                    ready()
                    self._watch(stop, until=lambda: False)
            finally:
                self._end(stop)

    def _start(self) -> None:
        worker = multiprocessing.get_context("fork").Process(target=self._work, daemon=True)
        worker.start()
        self._workers[worker.sentinel] = worker

    def _watch(self, stop: Connection, *, until: Callable[[], bool]) -> bool:
        """Replaces workers that die; returns whether `until` came true before a stop was requested."""
        starting = not self._serving
        while not until():
            happened = wait([stop, self._news, *self._workers])
            if stop in happened:
                return False
            if self._news in happened:
                self._serving.add(self._news.recv())
            for sentinel in self._workers.keys() & happened:
                self._replace(self._workers.pop(sentinel), starting=starting)
        return True

    def _replace(self, dead: BaseProcess, *, starting: bool) -> None:
        dead.join()
        if starting:
            raise SandboxError("a worker could not start; see above")
        _LOG.error("worker %s died (exit code %s); another takes its place", dead.pid, dead.exitcode)
        if dead.pid not in self._serving:
            time.sleep(_RETRY_SECONDS)
        self._serving.discard(dead.pid or 0)
        self._start()

    def _end(self, stop: Connection) -> None:
        """Asks the workers to finish what they began; a second request to stop cuts that short."""
        while stop.poll():
            stop.recv_bytes()
        deadline = time.monotonic() + STOP_SECONDS + 2
        for worker in self._workers.values():
            worker.terminate()
        while self._workers and (left := deadline - time.monotonic()) > 0:
            happened = wait([stop, *self._workers], left)
            for sentinel in self._workers.keys() & happened:
                self._workers.pop(sentinel).join()
            if stop in happened:
                break
        for worker in self._workers.values():
            worker.kill()
            worker.join()

    def _work(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent decides
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self._alive.close()
        try:
            application = self._application()
        except SandboxError as error:
            _LOG.error("%s", error)
            sys.exit(1)
        server = ForegroundServer(application, lambda: self._news_in.send(os.getpid()), stops=(signal.SIGTERM,))
        threading.Thread(target=self._follow, args=(server,), daemon=True).start()
        _LOG.info("worker %d serves", os.getpid())
        server.run([self._listener])
        logging.shutdown()  # a worker ends without what ends a program

    def _follow(self, server: ForegroundServer) -> None:
        """Without the parent nobody could stop the worker."""
        self._ended.poll(None)
        server.should_exit = True


@contextmanager
def _stop_requests() -> Iterator[Connection]:
    """A connection that becomes readable when the process is asked to stop."""
    stop, asked = multiprocessing.Pipe(duplex=False)
    before = {number: signal.signal(number, lambda *_: asked.send_bytes(b"stop")) for number in STOPS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

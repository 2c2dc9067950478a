"""Programs of this project as processes of their own, forked from one that has imported them already.

Importing takes a second or two, and hundreds of tests ask only what a program prints and how it ends. This file, run
as a program, is the process that is forked: a call comes as one message on a socket, with the ends of three pipes.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import resource
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

IMPORTED = {
    "generator": ("generator.cli", "typer.rich_utils"),
    "procwise": ("procwise._cli.program",),
    "procwise_sandbox": ("procwise_sandbox.cli.command", "procwise_sandbox.description", "typer.rich_utils"),
    "procwise_conformance": (
        "procwise_conformance.cli.command",
        "procwise_conformance.versions",
        "typer.rich_utils",
        "schemathesis.engine.core",  # this and the next are imported by the suite only once they are needed
        "schemathesis.engine.run.unit._hypothesis_executor",
        "schemathesis.specs.openapi.schemas",
    ),
}
# What a program works out once, and a forked one finds done.
WARM_UPS = {
    "procwise_sandbox": [("procwise_sandbox.loading", "load_description")],
}
LONGEST = 900.0  # seconds; a program that goes on for longer is killed
LARGEST_CALL = 1 << 17


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it printed."""

    code: int
    out: str
    err: str


class Program:
    """A program at work, with the members of `subprocess.Popen` that tests use."""

    def __init__(self, status: int, out: int, err: int) -> None:
        self._status = os.fdopen(status, "r", encoding="ascii")
        self.stdout = os.fdopen(out, "r", encoding="utf-8")
        self.stderr = os.fdopen(err, "r", encoding="utf-8")
        self.pid = int(self._status.readline())
        self.returncode: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            self.kill()
        self.stdout.close()
        self.stderr.close()
        self.wait()

    def poll(self) -> int | None:
        """The exit code, once it has ended."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self) -> int:
        """The exit code; a negative one is the number of a signal."""
        if self.returncode is None:
            self.returncode = int(self._status.readline())
            self._status.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float = LONGEST) -> tuple[str, str]:
        """All that it prints until it ends."""
        killer = threading.Timer(timeout, self.kill)
        killer.start()
        with ThreadPoolExecutor(1) as pool, self.stdout, self.stderr:
            errors = pool.submit(self.stderr.read)
            printed = self.stdout.read(), errors.result()
        self.wait()
        killer.cancel()
        return printed


@dataclass
class Programs:
    """Runs `python -m module` or `python script.py` with arguments and without standard input.

    The packages are those of this checkout, or those in the folders of `PYTHONPATH`, if the environment has it.
    """

    _forked: dict[tuple[str, str], tuple[subprocess.Popen[bytes], socket.socket]] = field(default_factory=dict)

    def __call__(self, module: str, *arguments: str, **environment: str) -> Ended:
        """Run it until it ends."""
        return self.run(module, *arguments, environment={**os.environ, **environment})

    def run(self, module: str, *arguments: str, timeout: float = LONGEST, **where: Any) -> Ended:
        """Run it until it ends, in an environment and a folder."""
        with self.start(module, *arguments, **where) as program:
            out, err = program.communicate(timeout)
            return Ended(program.wait(), out, err)

    def start(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        cwd: Path | None = None,
        largest_file: int = resource.RLIM_INFINITY,
        imports: str = "",
        quiet: bool = False,
    ) -> Program:
        """Start it; files that it writes have at most so many bytes. A script says which package it `imports`.

        A program that nobody reads the errors of is `quiet`, or it waits for that when it has printed many.
        """
        call = {"call": [module, *arguments], "environment": dict(environment), "largest_file": largest_file}
        message = json.dumps({**call, "cwd": str(cwd or Path.cwd())}).encode()
        pipes = [os.pipe(), os.pipe(), _open_nowhere() if quiet else os.pipe()]
        socket.send_fds(self._find_parent(imports or module, environment), [message], [end for _, end in pipes])
        for _, end in pipes:
            os.close(end)
        return Program(*(start for start, _ in pipes))

    def _find_parent(self, module: str, environment: Mapping[str, str]) -> socket.socket:
        """The socket of a process that has imported the module from there."""
        packages = environment.get("PYTHONPATH", "")
        if (module, packages) not in self._forked:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST_CALL)
            call = [sys.executable, "-P", __file__, module, str(theirs.fileno())]
            process = subprocess.Popen(
                call,
                env={**os.environ, "PYTHONPATH": packages},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            theirs.close()
            self._forked[module, packages] = process, ours
        return self._forked[module, packages][1]

    def close(self) -> None:
        for process, own in self._forked.values():
            own.close()
            process.wait()


def _open_nowhere() -> tuple[int, int]:
    return os.open(os.devnull, os.O_RDONLY), os.open(os.devnull, os.O_WRONLY)


# The code that a program ends with, once that is known.
EXIT_CODES: list[int] = []


def main(module: str, number: int) -> None:
    atexit.register(leave_modules)  # as the first of all, so it is called as the last of all
    for name in IMPORTED[module]:
        importlib.import_module(name)
    for name, function in WARM_UPS.get(module, ()):
        getattr(importlib.import_module(name), function)()
    gc.freeze()  # what is imported stays: no program looks through it
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(fileno=number) as calls:
        while True:
            message, ends, *_ = socket.recv_fds(calls, LARGEST_CALL, 3)
            if not message:
                return
            become = _fork(json.loads(message), *ends)
            if become:
                break
            for end in ends:
                os.close(end)
    become()


def _reap(*_: object) -> None:
    """Take leave of the processes between that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _fork(message: dict[str, Any], status: int, out: int, err: int) -> Callable[[], object] | None:
    """What the new process is to do; nothing in the one that goes on with the calls.

    The process between waits for the program, since it alone learns how that ends.
    """
    if os.fork():
        return None
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    program = os.fork()
    if program:
        os.close(out)
        os.close(err)
        os.write(status, b"%d\n" % program)
        os.write(status, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]))
        os._exit(0)
    os.close(status)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    return lambda: _execute_program(**message)


def leave_modules() -> None:
    """End a program that has ended: to take its modules apart takes longer than most programs run."""
    if EXIT_CODES:
        with suppress(OSError):  # nobody reads it: Python ends with a code of its own
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(EXIT_CODES[0])


def _execute_program(call: list[str], environment: dict[str, str], cwd: str, largest_file: int) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    sys.argv = call
    try:
        if call[0].endswith(".py"):
            runpy.run_path(call[0], run_name="__main__")
        else:
            runpy.run_module(call[0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if isinstance(ended.code, int):
            EXIT_CODES.append(ended.code & 0xFF)
        raise
    EXIT_CODES.append(0)


PROGRAMS = Programs()

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""A sandbox that starts anew whenever its package changes; the one before serves until the next one can."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from ..api import Description
from ..errors import SandboxError
from ..settings.options import Options
from ..storage.database import in_memory
from ..storage.state import fingerprint_of
from .serving import STOP_SECONDS, listen

_LOG = logging.getLogger("procwise_sandbox")
_PACKAGE = __name__.partition(".")[0]
_KINDS = (".json",)  # beside Python
_LOOK_MILLISECONDS = 1000  # until it is seen that what serves has ended by itself
_QUIET_MILLISECONDS = 200  # that no file of a run of the generator may follow later than


def serve_reloading(description: Description, arguments: Sequence[str], *, host: str, port: int) -> None:
    """Serves in the foreground by other processes, each started with these arguments, until SIGINT or SIGTERM.

    They take connections from one socket. A state in memory is kept in a temporary folder, as long as the tables stay.
    """
    try:
        from watchfiles import PythonFilter, watch
    except ImportError:
        hint = f"pip install '{description.name}[reload]'"
        raise SandboxError(f"--reload needs watchfiles, which is not installed ({hint})") from None
    if os.name != "posix":
        raise SandboxError("this system cannot hand a socket to another process: leave --reload out")
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="procwise-sandbox-") as states, listen(host, port) as listener:
        handed = ("--listener", str(listener.fileno()), "--states", states)
        command = (sys.executable, "-m", _PACKAGE, *arguments, *handed)
        with _Server(command, listener.fileno()) as server, _interruptible():
            folders = tuple(_list_folders(description))
            before = _read_times(folders)
            if not server.replace():
                raise SandboxError("it cannot be served; see above")
            moments = watch(
                *folders,
                watch_filter=PythonFilter(extra_extensions=_KINDS),
                step=_QUIET_MILLISECONDS,
                rust_timeout=_LOOK_MILLISECONDS,
                yield_on_timeout=True,
                raise_interrupt=True,
            )
            for _ in moments:
                now = _read_times(folders)
                if now != before:
                    before = now
                    _reload(server)
                server.check()


def keep_state(description: Description, options: Options, folder: Path) -> Options:
    """The options, with a state in memory as a file of the folder: one for each description's tables."""
    if not in_memory(options.database):
        return options
    path = folder / f"{fingerprint_of(description.metadata)}.db"
    if not path.exists() and any(folder.glob("*.db")):
        _LOG.warning("the tables changed: a state begins anew, with credentials of its own")
    return replace(options, database=f"sqlite:///{path}")


def _reload(server: _Server) -> None:
    if server.replace():
        _LOG.warning("the package changed: it is served as it is now")
    else:
        _LOG.error("the package changed, and cannot be served; what was served before goes on until it is mended")


def _read_times(folders: Sequence[Path]) -> dict[Path, float]:
    """When each file of these folders was written: also those that changed before they were watched."""
    paths = [path for folder in folders for kind in (".py", *_KINDS) for path in folder.rglob(f"*{kind}")]
    return {path: path.stat().st_mtime for path in paths if path.exists()}


def _list_folders(description: Description) -> Iterator[Path]:
    """The package, and the signing schemes, which are in that of the client."""
    for name, inside in ((_PACKAGE, ""), (description.client, "signing")):
        spec = find_spec(name)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            if (Path(folder) / inside).is_dir():
                yield Path(folder) / inside


class _Server:
    """The process that serves."""

    def __init__(self, command: Sequence[str], listener: int) -> None:
        self._command = command
        self._listener = listener
        self._serving: list[subprocess.Popen[str]] = []

    def __enter__(self) -> _Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._end(list(self._serving))

    def replace(self) -> bool:
        """Starts another process and, once that serves, ends the one before; whether it does."""
        before = list(self._serving)
        process = subprocess.Popen(  # noqa: S603  # the command that the user gave
            self._command, stdout=subprocess.PIPE, text=True, pass_fds=[self._listener]
        )
        self._serving.append(process)
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            process.wait()
            self._serving.remove(process)
            return False
        print(line, end="", flush=True)
        self._end(before)
        return True

    def check(self) -> None:
        """Raises SandboxError if what serves has ended by itself."""
        if self._serving[-1].poll() is not None:
            raise SandboxError("what served has ended; see above")

    def _end(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(STOP_SECONDS + 1)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self._serving.remove(process)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM ends the program as Ctrl-C does, with all that it started, and without an error."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)

"""Kill a process before each of its changes of a folder, and let the caller see what is left.

The audit events of Python name every file that is opened to be written, renamed, linked, made or removed.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

CHANGES = frozenset(("os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate"))


def kill_before_each(work: Callable[[], None], root: Path, step: int = 1) -> Iterator[tuple[int, bool]]:
    """Do the work in processes that are killed before their first change, the next, and so on, until one ends.

    Yields how many changes each made, and whether it was killed; a process that outlives it has ended by then.
    """
    number, was_killed = 0, True
    while was_killed:
        was_killed = _run(work, root, number)
        yield number, was_killed
        number += step


def _run(work: Callable[[], None], root: Path, number: int) -> bool:
    reader, writer = os.pipe()
    with warnings.catch_warnings():  # of threads, which the child does without
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.dup2(writer, 1)  # whoever the child starts holds it open, too
        os.dup2(writer, 2)
        os.close(reader)
        os.close(writer)
        sys.addaudithook(_count(root, number))
        try:
            work()
            os._exit(0)
        finally:  # the child never goes on as a test
            os._exit(3)
    os.close(writer)
    with os.fdopen(reader, "rb") as output:
        said = output.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), (status, said.decode())
    return status != 0


def _count(root: Path, number: int) -> Callable[[str, tuple[object, ...]], None]:
    left = [number]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not _is_change(event, arguments, str(root)):
            return
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    return hook


def _is_change(event: str, arguments: tuple[object, ...], root: str) -> bool:
    if event == "open":
        flags = arguments[2] if isinstance(arguments[2], int) else 0
        return bool(flags & (os.O_WRONLY | os.O_RDWR)) and str(arguments[0]).startswith(root)
    if event not in CHANGES:
        return False
    relative = isinstance(arguments[-1], int) and arguments[-1] != -1  # to an open folder, as rmtree names files
    return relative or str(arguments[0]).startswith(root)

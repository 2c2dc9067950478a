"""How far a run is: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ..run.run import Progress as Step
from .options import messages

_QUIET_SECONDS = 30.0


@contextmanager
def show_progress() -> Iterator[Step]:
    """A progress bar on a terminal, elsewhere a line every half minute.

    A log is no terminal, although its settings may ask for colours as on one.
    """
    if not (messages.is_terminal and sys.stderr.isatty()):
        yield _lines()
        return
    words = TextColumn("{task.description}")
    columns = (words, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=messages, transient=True) as bars:
        task = bars.add_task("")

        def step(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total)

        yield step


def _lines() -> Step:
    """A log should show that a run of minutes goes on."""
    last = time.monotonic()

    def step(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _QUIET_SECONDS and what:
            last = time.monotonic()
            messages.print(f"{done} of {total} pieces of work are done; now: {what}", markup=False)

    return step

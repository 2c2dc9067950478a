"""Standard input, output and error: data as UTF-8, messages apart from it, and nothing that a terminal obeys."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from .._errors.terminal_text import escape_controls


class CannotRun(Exception):
    """A command cannot do what was asked; its text says what is wrong and what to do."""


def print_message(text: str) -> None:
    """A message on standard error."""
    shown = "\n".join(map(escape_controls, text.splitlines()))
    if sys.stderr is None:
        return  # it is closed, and `print` would take standard output
    try:
        print(shown.encode(sys.stderr.encoding or "utf-8", "backslashreplace").decode(), file=sys.stderr)
    except OSError:
        drop_unwritten(sys.stderr)


def write_data(text: str) -> None:
    """Text on standard output: UTF-8 for programs, its own encoding for a terminal; a closed pipe ends it quietly."""
    if sys.stdout is None:
        raise CannotRun("standard output is closed")
    encoding = (sys.stdout.encoding or "utf-8") if sys.stdout.isatty() else "utf-8"
    try:
        sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        drop_unwritten(sys.stdout)


def drop_unwritten(stream: TextIO) -> None:
    """Let what Python flushes at the end go nowhere, since it cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def read_input() -> bytes:
    """All of standard input."""
    if sys.stdin is None:
        raise CannotRun("standard input is closed")
    return sys.stdin.buffer.read()


def is_terminal() -> bool:
    """Whether somebody looks at standard output."""
    return sys.stdout is not None and sys.stdout.isatty()

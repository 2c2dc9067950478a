"""Standard input, output and error: data as UTF-8, messages apart from it, and nothing that a terminal obeys."""

from __future__ import annotations

import os
import sys

from .._errors.text import escape_controls


class CannotRun(Exception):
    """A command cannot do what was asked; its text says what is wrong and what to do."""


def print_message(text: str) -> None:
    """A message on standard error."""
    shown = "\n".join(map(escape_controls, text.splitlines()))
    print(shown.encode(sys.stderr.encoding or "utf-8", "backslashreplace").decode(), file=sys.stderr)


def write_data(text: str) -> None:
    """Text on standard output: UTF-8 for programs, its own encoding for a terminal; a closed pipe ends it quietly."""
    encoding = (sys.stdout.encoding or "utf-8") if sys.stdout.isatty() else "utf-8"
    try:
        sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is flushed at the end goes nowhere


def read_input() -> bytes:
    """All of standard input."""
    return sys.stdin.buffer.read()


def is_terminal() -> bool:
    """Whether somebody looks at standard output."""
    return sys.stdout.isatty()

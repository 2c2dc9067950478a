"""Quotes text for a POSIX shell, with variables in place of the values of this run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

Variables = Mapping[str, str]  # names by their values
_NAME_GOES_ON = re.compile(r"[A-Za-z0-9_]")
_RUN = re.compile(r"([A-Za-z0-9])\1{199,}")
_LONGEST = 20_000


def variable(name: str) -> str:
    """The shell variable that is named after a parameter."""
    return "".join(char if char.isalnum() and char.isascii() else "_" for char in name).upper()


def single_quoted(text: str, variables: Variables) -> str:
    """A word in single quotes; repeated characters are counted, and variables stand outside the quotes."""
    pieces = [
        piece if shell else _fold_runs(_shorten(piece)) if piece else "" for shell, piece in _split(text, variables)
    ]
    return "".join(pieces) or "''"


def double_quoted(text: str, variables: Variables) -> str:
    """A word in double quotes, as a URL or the value of a header."""
    word = ""
    pieces = _split(text, variables, quote="")
    for number, (shell, piece) in enumerate(pieces):
        after = pieces[number + 1][1] if number + 1 < len(pieces) else ""
        if shell and _NAME_GOES_ON.match(after):
            piece = f"${{{piece[1:]}}}"
        word += piece if shell else re.sub(r'[\\"$`]', r"\\\g<0>", piece)
    return f'"{word}"'


def print_command(text: str, variables: Variables) -> str:
    """A command that prints the text, byte for byte."""
    if text.isprintable():
        return f"printf %s {single_quoted(text, variables)}"
    return f"printf %b {single_quoted(''.join(map(_escape, text)), variables)}"


def _split(text: str, variables: Variables, quote: str = '"') -> list[tuple[bool, str]]:
    """The text in pieces: those of the shell, with True, and those to be quoted."""
    if not variables:
        return [(False, text)]
    longest_first = sorted(variables, key=len, reverse=True)
    pattern = "(" + "|".join(map(re.escape, longest_first)) + ")"
    pieces = re.split(pattern, text)
    return [(n % 2 == 1, f"{quote}${variables[p]}{quote}" if n % 2 else p) for n, p in enumerate(pieces) if p]


def _fold_runs(text: str) -> str:
    word, end = "", 0
    for run in _RUN.finditer(text):
        before, end = text[end : run.start()], run.end()
        word += (shlex.quote(before) if before else "") + f"\"$(printf '{run[1]}%.0s' $(seq {len(run[0])}))\""
    rest = text[end:]
    return word + (shlex.quote(rest) if rest else "")


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def _escape(char: str) -> str:
    if char.isprintable():
        return "\\\\" if char == "\\" else char
    return "".join(f"\\0{byte:03o}" for byte in char.encode("utf-8", "surrogatepass"))

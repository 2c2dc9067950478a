"""Text as a POSIX shell reads it, with the values of this run left to variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

Variables = Mapping[str, str]  # names by the values that they stand for
_NAME_GOES_ON = re.compile(r"[A-Za-z0-9_]")
_RUN = re.compile(r"([A-Za-z0-9])\1{199,}")
_LONGEST = 20_000


def variable(name: str) -> str:
    """The shell variable that is named after a parameter."""
    return "".join(char if char.isalnum() and char.isascii() else "_" for char in name).upper()


def single(text: str, variables: Variables) -> str:
    """A word in single quotes; runs of one character are counted, and variables stand outside of the quotes."""
    pieces = [
        piece if shell else _counted(_shortened(piece)) if piece else "" for shell, piece in _split(text, variables)
    ]
    return "".join(pieces) or "''"


def double(text: str, variables: Variables) -> str:
    """A word in double quotes, as a URL or the value of a header."""
    told = ""
    pieces = _split(text, variables, quote="")
    for number, (shell, piece) in enumerate(pieces):
        after = pieces[number + 1][1] if number + 1 < len(pieces) else ""
        if shell and _NAME_GOES_ON.match(after):
            piece = f"${{{piece[1:]}}}"
        told += piece if shell else re.sub(r'[\\"$`]', r"\\\g<0>", piece)
    return f'"{told}"'


def printed(text: str, variables: Variables) -> str:
    """A command that prints the text, byte for byte."""
    if text.isprintable():
        return f"printf %s {single(text, variables)}"
    return f"printf %b {single(''.join(map(_escaped, text)), variables)}"


def _split(text: str, variables: Variables, quote: str = '"') -> list[tuple[bool, str]]:
    """The text in pieces: those of the shell, with True, and those to be quoted."""
    if not variables:
        return [(False, text)]
    longest_first = sorted(variables, key=len, reverse=True)
    pattern = "(" + "|".join(map(re.escape, longest_first)) + ")"
    pieces = re.split(pattern, text)
    return [(n % 2 == 1, f"{quote}${variables[p]}{quote}" if n % 2 else p) for n, p in enumerate(pieces) if p]


def _counted(text: str) -> str:
    told, end = "", 0
    for run in _RUN.finditer(text):
        before, end = text[end : run.start()], run.end()
        told += (shlex.quote(before) if before else "") + f"\"$(printf '{run[1]}%.0s' $(seq {len(run[0])}))\""
    rest = text[end:]
    return told + (shlex.quote(rest) if rest else "")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def _escaped(char: str) -> str:
    if char.isprintable():
        return "\\\\" if char == "\\" else char
    return "".join(f"\\0{byte:03o}" for byte in char.encode("utf-8", "surrogatepass"))

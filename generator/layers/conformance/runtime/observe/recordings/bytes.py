"""The bytes of a JSON file as a parser takes them: in UTF-8, and without halves of characters."""

from __future__ import annotations

import codecs
import io
import re
from typing import IO, Protocol

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_FIRST_HALF = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_LONGEST = 12  # bytes of a character that is written as two escapes


class Readable(Protocol):
    """What has bytes to be read."""

    def read(self, size: int = -1, /) -> bytes:
        """At most about so many bytes; none at the end."""


class _Recoded:
    """A file in UTF-16, read as UTF-8."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, "utf-16", errors="replace")

    def read(self, size: int = -1, /) -> bytes:
        return self._text.read(size).encode("utf-8", "replace")


class _Whole:
    """Text with U+FFFD for each half of a character, which Python writes for bytes that are no text."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._held = b""

    def read(self, size: int = -1, /) -> bytes:
        if size == 0:
            return b""
        new = self._source.read(size)
        data, self._held = self._held + new, b""
        if new:
            cut = _find_cut(data)
            data, self._held = data[:cut], data[cut:]
            if not data:
                return self.read(size)
        if not _HALF.search(data):
            return data
        return _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], data)


def open_text(file: IO[bytes]) -> Readable:
    """The text of a JSON file, behind its byte order mark if it has one."""
    start = file.read(4)
    file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
    return _Whole(_Recoded(file) if start.startswith(_MARKS) else file)


def _find_cut(data: bytes) -> int:
    """Where no escape is cut in two, nor a character of two: ahead of the first backslash among the last bytes."""
    at = data.find(b"\\", max(0, len(data) - _LONGEST))
    if at < 0:
        return len(data)
    at = _find_run(data, at)
    return _find_run(data, at - 6) if at >= 6 and _FIRST_HALF.match(data, at - 6) else at


def _find_run(data: bytes, at: int) -> int:
    """Where the backslashes begin that a backslash is one of."""
    while at > 0 and data[at - 1 : at] == b"\\":
        at -= 1
    return at

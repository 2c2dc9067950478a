"""Whether a downloaded archive is whole, found in small steps, between which somebody may end the check."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Generator
from contextlib import closing
from typing import IO

ARCHIVES = frozenset(("application/zip", "application/x-zip-compressed"))
_ENTRY, _END = b"PK\x03\x04", b"PK\x05\x06"  # how the first entry and the last record begin
_END_RECORD = 22  # bytes, without the comment
_BLOCK = 256 << 10  # unpacked bytes
_PACKED_BLOCK = 4 << 10  # of other methods everything is unpacked that a block of packed bytes holds


def find_archive_fault(file: IO[bytes], look: Callable[[], None]) -> str:
    """What is wrong with the archive, empty if nothing is; `look` is called after each block, and may raise."""
    with closing(_check_entries(file)) as steps:
        while True:
            try:
                next(steps)
            except StopIteration as end:
                fault: str = end.value
                return fault
            except Exception as error:  # noqa: BLE001  # each kind of compression has errors of its own
                return str(error) or type(error).__name__
            look()


def _check_entries(file: IO[bytes]) -> Generator[None, None, str]:
    """Read all entries, which compares their check sums; returns what is wrong."""
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            size = _BLOCK if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else _PACKED_BLOCK
            try:
                with archive.open(entry) as opened:
                    while opened.read(size):
                        yield
            except zipfile.BadZipFile:
                return f"its entry {entry.filename!r} is damaged"
            yield
        comment = archive.comment
    return _find_other_bytes(file, len(comment))


def _find_other_bytes(file: IO[bytes], comment_length: int) -> str:
    """What is wrong before and after the archive, whose last record ends with its comment."""
    file.seek(0)
    first = file.read(4)
    file.seek(-_END_RECORD - comment_length, os.SEEK_END)
    if first not in (_ENTRY, _END):
        return "it begins with bytes that are not its own"
    return "" if file.read(4) == _END else "bytes that are not its own follow it"

"""What of a file has come, and which version of it that is, so that the rest can be fetched later."""

from __future__ import annotations

import json
import re
import secrets
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from .saving import explain_faults, lock_file

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)", re.ASCII)
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)
_SHOWN = 40


class Damaged(Exception):
    """The response cannot be unpacked, is cut short, or is not what was asked for."""


class Part:
    """A file beside the target, in which a download grows.

    One that is kept has the same name each time, and a file beside it that says what it is a part of.
    """

    def __init__(self, target: Path, source: str, *, is_kept: bool) -> None:
        mark = f"{zlib.crc32(target.name.encode('utf-8', 'surrogatepass')):08x}" if is_kept else secrets.token_hex(4)
        self.path = target.with_name(f".{target.name[:_SHOWN]}.{mark}.part")
        self.done = 0
        self.total: int | None = None
        self._source = source
        self._etag = ""
        self._note = self.path.with_suffix(".json")
        self._is_kept = is_kept
        with explain_faults(target):
            self.path.touch(exist_ok=is_kept)
            self.file: BinaryIO = self.path.open("r+b")
        if is_kept:
            self._take_up(target)

    def headers(self) -> dict[str, str]:
        """The headers that ask for the rest; none if all has to come."""
        if not self.done or not self._etag:
            return {}
        return {"Range": f"bytes={self.done}-", "If-Range": self._etag, "Accept-Encoding": "identity"}

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take a response: the rest of the file, or all of it."""
        is_packed = headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
        if status == 206:
            self._go_on(headers, is_packed=is_packed)
        else:
            self.empty()
            etag, length = headers.get("etag", ""), headers.get("content-length", "")
            is_length = _LENGTH.fullmatch(length) is not None and not is_packed
            self._etag = "" if is_packed or not etag.startswith('"') else etag
            self.total = int(length) if is_length else None
            self._write_note()

    def write(self, chunk: bytes) -> None:
        """Append the next bytes."""
        self.file.write(chunk)
        self.done += len(chunk)

    def finish(self) -> None:
        """Raise Damaged if more bytes had to come, or fewer."""
        if self.total is not None and self.done != self.total:
            raise Damaged(f"{self.done} of {self.total} bytes came")

    def empty(self) -> None:
        """Begin with nothing."""
        self.file.seek(0)
        self.file.truncate()
        self.done, self.total, self._etag = 0, None, ""

    def remove(self) -> None:
        """Leave nothing behind."""
        for path in (self.path, self._note):
            path.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove the note, after the part itself got its name."""
        self._note.unlink(missing_ok=True)

    def _go_on(self, headers: Mapping[str, str], *, is_packed: bool) -> None:
        found = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        is_other = headers.get("etag", self._etag) != self._etag
        if found is None or int(found[1]) != self.done or is_packed or is_other:
            self.empty()
            raise Damaged("another part of the file came than the one that was asked for")
        self.file.seek(self.done)
        self.total = None if found[3] == "*" else int(found[3])

    def _take_up(self, target: Path) -> None:
        """Go on with what is there, if it is a part of the same file."""
        lock_file(self.file, target)
        try:
            note = json.loads(self._note.read_text("utf-8"))
        except (OSError, ValueError):
            note = None
        if isinstance(note, dict) and note.get("source") == self._source and isinstance(note.get("etag"), str):
            self._etag = note["etag"]
            self.done = self.path.stat().st_size

    def _write_note(self) -> None:
        if self._is_kept:
            self._note.write_text(json.dumps({"source": self._source, "etag": self._etag}), "utf-8")

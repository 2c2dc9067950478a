"""A downloaded file, which appears under its name only when it is complete."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from .._errors.exceptions import DownloadDamaged
from .cancel import check_cancel
from .part import Damaged, Part
from .progress import Progress, Transfer
from .saving import check_path, explain_faults, follow_link, replace_file

_ARCHIVES = frozenset(("application/zip", "application/x-zip-compressed"))
_ENTRY, _END = b"PK\x03\x04", b"PK\x05\x06"  # how the first entry and the last record begin
_END_RECORD = 22  # bytes, without the comment
_ONCE = Transfer()


class Target:
    """Where a download goes: first into a file beside it, then, after its check, under its own name.

    A download that breaks off goes on with the next attempt, if the server says which version of the
    file it sends; what came is kept for a later call if `transfer` asks for that. A symbolic link is
    kept: the file that it leads to is written.
    """

    def __init__(
        self, path: str | PathLike[str], media_type: str, transfer: Transfer = _ONCE, source: str = ""
    ) -> None:
        self._path = check_path(path)
        self._file = follow_link(self._path)
        self._transfer = transfer
        self._is_archive = media_type in _ARCHIVES
        self._part = Part(self._file, source, is_kept=transfer.resume)
        self._most = self._part.done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._part.file.close()
        if error is None:
            self._part.forget()
        elif not self._transfer.resume or not self._part.done:
            self._part.remove()

    def headers(self) -> dict[str, str]:
        """The headers that an attempt sends in addition."""
        return self._part.headers()

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the response of an attempt."""
        with explain_faults(self._path):
            self._part.begin(status, headers)

    def refuse(self, status: int) -> None:
        """Take a response that holds no file; raises Damaged if the next attempt has to begin anew."""
        if status == 416 and self._part.done:
            self._part.empty()
            raise Damaged("the rest of the file is not to be had")

    def write(self, chunk: bytes) -> None:
        """Append the next bytes."""
        with explain_faults(self._path):
            self._part.write(chunk)

    def report(self) -> None:
        """Say how far it is; raises Cancelled if it is to end."""
        check_cancel(self._transfer.cancel, f"{self._path}: the download")
        if self._transfer.progress is not None:
            self._transfer.progress(Progress(stage="download", done=self._part.done, total=self._part.total))

    def finish(self) -> None:
        """Raise Damaged if the response was cut short."""
        self._part.finish()

    def has_grown(self) -> bool:
        """Whether there is more than after any attempt before."""
        before, self._most = self._most, max(self._most, self._part.done)
        return self._most > before

    def commit(self) -> Path:
        """Check the file and move it to its place."""
        if self._is_archive:
            self._check_archive()
        replace_file(self._part.file, self._part.path, self._file)
        return self._path

    def _check_archive(self) -> None:
        fault = ""
        try:
            with zipfile.ZipFile(self._part.file) as archive:
                broken, comment = archive.testzip(), archive.comment
            fault = f"its entry {broken!r} is damaged" if broken else self._find_other_bytes(len(comment))
        except Exception as error:  # noqa: BLE001  # each kind of compression has errors of its own
            fault = str(error) or type(error).__name__
        if fault:
            self._part.empty()
            raise DownloadDamaged(f"{self._path}: the downloaded archive is not usable: {fault} (download it again)")

    def _find_other_bytes(self, comment_length: int) -> str:
        """What is wrong before and after the archive, whose last record ends with its comment."""
        file = self._part.file
        file.seek(0)
        first = file.read(4)
        file.seek(-_END_RECORD - comment_length, os.SEEK_END)
        if first not in (_ENTRY, _END):
            return "it begins with bytes that are not its own"
        return "" if file.read(4) == _END else "bytes that are not its own follow it"

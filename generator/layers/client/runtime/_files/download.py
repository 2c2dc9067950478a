"""A downloaded file, which appears under its name only when it is complete."""

from __future__ import annotations

import time
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

from .._errors.exceptions import DownloadDamaged, TimedOut
from .archive_check import ARCHIVES, find_archive_fault
from .cancel import check_cancel, check_heeded
from .part import Damaged, Part
from .progress import Progress, Transfer
from .saving import check_path, explain_faults, follow_link, replace_file

_ONCE = Transfer()


class Target:
    """Where a download goes: first into a file beside it, then, after its check, under its own name.

    A download that breaks off goes on with the next attempt, if the server says which version of the
    file it sends; what came is kept for a later call if `transfer` asks for that. A symbolic link is
    kept: the file that it leads to is written. `deadline` is how many seconds all of it may take.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        media_type: str,
        transfer: Transfer = _ONCE,
        source: str = "",
        deadline: float | None = None,
    ) -> None:
        self._path = check_path(path)
        self._file = follow_link(self._path)
        self._transfer = transfer
        self._is_archive = media_type in ARCHIVES
        self._deadline = deadline
        self._end = float("inf") if deadline is None else time.monotonic() + deadline
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
        self._check_cancel()
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
        fault = find_archive_fault(self._part.file, self._check_end)
        if fault:
            self._part.empty()
            raise DownloadDamaged(f"{self._path}: the downloaded archive is not usable: {fault} (download it again)")

    def _check_end(self) -> None:
        """Raise if the check of the archive is to end before it is done."""
        self._check_cancel()
        if time.monotonic() >= self._end:
            raise TimedOut(
                f"{self._path}: the file came, but its check was not done within {self._deadline:g} seconds"
                " (pass a longer deadline)",
                sent=True,
            )

    def _check_cancel(self) -> None:
        check_cancel(self._transfer.cancel, f"{self._path}: the download")
        check_heeded()

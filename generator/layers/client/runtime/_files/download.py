"""A downloaded file, which appears under its name only when it is complete."""

from __future__ import annotations

import secrets
import zipfile
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from .._errors.exceptions import DownloadDamaged

_ARCHIVES = frozenset(("application/zip", "application/x-zip-compressed"))


class Target:
    """Where a download goes: first into a file beside it, then, after its check, under its own name."""

    def __init__(self, path: str | PathLike[str], media_type: str) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}.part")
        self._archive = media_type in _ARCHIVES
        self._file: BinaryIO = self._part.open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def begin(self) -> None:
        """Empty the file, also after an attempt that broke off."""
        self._file.seek(0)
        self._file.truncate()

    def write(self, chunk: bytes) -> None:
        """Append the next bytes."""
        self._file.write(chunk)

    def commit(self) -> Path:
        """Check the file and move it to its place."""
        self._file.close()
        if self._archive:
            self._check_archive()
        return self._part.replace(self._path)

    def _check_archive(self) -> None:
        fault = ""
        try:
            with zipfile.ZipFile(self._part) as archive:
                broken = archive.testzip()
            fault = f"its entry {broken!r} is damaged" if broken else ""
        except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
            fault = str(error)
        if fault:
            raise DownloadDamaged(f"{self._path}: the downloaded archive is not usable: {fault} (download it again)")

"""What a warm process keeps between two runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator import load
from generator.load import EXTENSIONS, digest, forget_extensions
from generator.tree import File


class Memory:
    """Descriptions by the content of their files, and formatted files by what was rendered."""

    def __init__(self) -> None:
        self.descriptions = load.Memory()
        self.formatted: dict[File, File] = {}
        self._extensions = _read_extensions()

    @property
    def files(self) -> Mapping[Path, str]:
        """The files that were asked for in the last run, with the digests of what was read; empty if nothing."""
        return self.descriptions.files

    def refresh(self) -> None:
        """Forget what was checked if the schema of the extensions is another one now."""
        if (now := _read_extensions()) != self._extensions:
            self._extensions = now
            forget_extensions()
            self.descriptions = load.Memory()


def _read_extensions() -> tuple[str, ...]:
    return tuple(map(digest, EXTENSIONS))

"""Faults as they come and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.errors import SpecError


class Faults:
    """What is wrong now, so that only what is new is said, and what has been mended."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], str] = {}  # by file and message, since lines move
        self._warnings: dict[str, str] = {}

    def update(self, faults: Iterable[SpecError]) -> Iterator[str]:
        """The lines about the faults of a run; a run that meets another one may have ended before it met the others."""
        yield from self._compare({(fault.file, fault.message): str(fault) for fault in faults})

    def update_message(self, message: str) -> Iterator[str]:
        """The lines about a run that ended for a reason with no place in a description."""
        yield from self._compare({("", message): message})

    def update_warnings(self, lines: Iterable[str]) -> Iterator[str]:
        """The warnings that are new, and those that are gone."""
        now = {_without_line(line): line for line in lines}
        yield from (line for key, line in now.items() if key not in self._warnings)
        yield from (f"mended: {line}" for key, line in self._warnings.items() if key not in now)
        self._warnings = now

    def _compare(self, now: dict[tuple[str, str], str]) -> Iterator[str]:
        new = {key: line for key, line in now.items() if key not in self._open}
        yield from new.values()
        if not new:
            yield from (f"mended: {line}" for key, line in self._open.items() if key not in now)
            self._open = now
        else:
            self._open |= now


def _without_line(warning: str) -> str:
    file, _, rest = warning.partition(":")
    kind, _, rest = rest.partition(":")
    return f"{file}:{kind}:{rest.partition(':')[2]}"

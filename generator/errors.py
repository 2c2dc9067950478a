"""Everything that can go wrong for a reason the user can mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class ToolkitError(Exception):
    """Root of all errors of the toolkit; the command prints it and exits with 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecError:
    """One fault of a description: what is wrong, where it was written, what to do.

    `file` is relative to the working folder where possible, `line` counts from 1,
    `pointer` is the JSON pointer inside the bundled document.
    """

    file: str
    line: int
    pointer: str
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} ({self.hint})"


class SpecErrors(ToolkitError):
    """All faults found in the descriptions of one run, in the order of their places."""

    def __init__(self, faults: Iterable[SpecError]) -> None:
        unique = {(fault.file, fault.line, fault.message): fault for fault in faults}
        self.faults = tuple(sorted(unique.values(), key=lambda f: (f.file, f.line, f.message)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class OutputError(ToolkitError):
    """The output cannot be written as asked: foreign files, no permission, no space."""


class LayerError(ToolkitError):
    """A layer could not be rendered, or its output could not be formatted."""


def first_line(message: str) -> str:
    """The message of a validator, short enough for one line."""
    line = message.splitlines()[0] if message else "not valid"
    return line if len(line) <= 200 else line[:197] + "..."

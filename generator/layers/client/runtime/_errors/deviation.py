"""One way in which responses deviate from the description."""

from __future__ import annotations

from dataclasses import dataclass

from .terminal_text import escape_controls


@dataclass(frozen=True, slots=True)
class Deviation:
    """How responses of an operation deviate from the description, and how often.

    `pointer` is the JSON Pointer (RFC 6901) of the first such place; other items of its lists are
    counted with it. `seen` is what came: a word, or the JSON type alone of a secret or of
    personal data; `nothing` if a member is missing.
    """

    operation: str
    pointer: str
    expected: str
    seen: str
    count: int

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        place = escape_controls(self.pointer) or "/"
        return f"{self.operation}: {place}: expected {self.expected}, seen {escape_controls(self.seen)}{times}"


class DriftWarning(UserWarning):
    """A response deviates from the description; given by clients with `drift="warn"`."""

"""One attempt of a call as hooks and the log see it: without any secret."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._errors.terminal_text import escape_controls

if TYPE_CHECKING:
    from .options import Hooks

_LOG = logging.getLogger(__package__.partition(".")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt: the id of its operation, its method and path, and its number from 1.

    `status` is None until a response came, `reason` says what went wrong, `seconds` how long it
    took, `wait` how many seconds pass before the next one.
    """

    operation: str
    method: str
    path: str
    number: int
    status: int | None = None
    request_id: str = ""
    reason: str = ""
    seconds: float = 0.0
    wait: float = 0.0

    def __post_init__(self) -> None:
        for name in ("path", "request_id", "reason"):
            object.__setattr__(self, name, escape_controls(getattr(self, name)))

    def __str__(self) -> str:
        if self.status is None and not self.reason:
            return f"{self.method} {self.path}: about to be sent (attempt {self.number})"
        outcome = self.reason if self.status is None else str(self.status)
        wait = f", retry in {self.wait:.1f} s" if self.wait else ""
        return f"{self.method} {self.path}: {outcome} in {self.seconds:.3f} s (attempt {self.number}){wait}"


def log_attempt(attempt: Attempt) -> None:
    """One line for an attempt that ended, at level INFO if it failed, else DEBUG."""
    failed = attempt.status is None or attempt.status >= 400
    _LOG.log(logging.INFO if failed else logging.DEBUG, "%s", attempt)


def is_watched(hooks: Hooks) -> bool:
    """Whether anybody wants to know of attempts."""
    return hooks.request is not None or hooks.response is not None or _LOG.isEnabledFor(logging.INFO)

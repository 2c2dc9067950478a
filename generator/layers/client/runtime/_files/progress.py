"""How far an upload, a download or a job is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .._errors.argument_checks import is_async_function
from .._errors.exceptions import InvalidArgument
from .cancel import Cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far something is: `done` of `total` bytes; `total` is None if it is not known.

    For the stage "wait" of a job, `state` is its state and `seconds` how long it has been waited for.
    """

    stage: Literal["upload", "wait", "download"]
    done: int = 0
    total: int | None = None
    state: str = ""
    seconds: float = 0.0


OnProgress: TypeAlias = Callable[[Progress], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """How a file is downloaded: who hears of it, who may end it, and whether a part of it is kept."""

    progress: OnProgress | None = None
    cancel: Cancel | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        check_watchers(self.progress, self.cancel)


def check_watchers(progress: object, cancel: object = None) -> None:
    """Refuse what can be neither called nor asked."""
    if progress is not None and not callable(progress):
        raise InvalidArgument(f"progress= must be a function, not a value of type {type(progress).__name__}")
    if is_async_function(progress):
        raise InvalidArgument("progress= must be a plain function: an `async def` would never run")
    if cancel is not None and not callable(getattr(cancel, "is_set", None)):
        raise InvalidArgument(f"cancel= must be an event, not a value of type {type(cancel).__name__}")

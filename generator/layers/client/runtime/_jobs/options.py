"""What may be said about waiting for a job and about downloading its result."""

from __future__ import annotations

from typing import TypedDict

from .._files.cancel import Cancel
from .._files.progress import OnProgress


class WaitOptions(TypedDict, total=False):
    """How a job is waited for, see `Job.wait`."""

    longest_interval: float
    progress: OnProgress | None
    cancel: Cancel | None


class DownloadOptions(TypedDict, total=False):
    """How a file is downloaded; `resume` keeps what came for the next download to the same place."""

    progress: OnProgress | None
    cancel: Cancel | None
    resume: bool

"""Where this package was called from: the line that a warning is about."""

from __future__ import annotations

import sys

_PACKAGE = __name__.partition(".")[0]


def find_caller_depth() -> int:
    """The `stacklevel`, in the function that calls this one, of the first frame outside this package."""
    frame, depth = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        frame, depth = frame.f_back, depth + 1
    return depth

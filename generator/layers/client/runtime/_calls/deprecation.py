"""Calls of operations that the description calls deprecated."""

from __future__ import annotations

import warnings


def deprecated(message: str) -> None:
    """Warn whoever called the method that calls this."""
    warnings.warn(message, DeprecationWarning, stacklevel=3)

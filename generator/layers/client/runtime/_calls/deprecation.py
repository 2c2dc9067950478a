"""Warnings about operations that the description marks as deprecated."""

from __future__ import annotations

import warnings


def warn_deprecated(message: str) -> None:
    """Warn the caller of the method that calls this function."""
    warnings.warn(message, DeprecationWarning, stacklevel=3)

"""Operations that the description marks as deprecated: for type checkers, and for who runs them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

from .._logging.callers import find_caller_depth

Method = TypeVar("Method", bound=Callable[..., object])


def deprecated(message: str) -> Callable[[Method], Method]:
    """Mark a method as PEP 702 says; type checkers see the decorator of that name that they know."""

    def mark(method: Method) -> Method:
        method.__deprecated__ = message  # type: ignore[attr-defined]
        return method

    return mark


def warn_deprecated(message: str) -> None:
    """Warn the line outside this package that called the method which calls this function."""
    warnings.warn(message, DeprecationWarning, stacklevel=find_caller_depth())

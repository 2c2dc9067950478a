"""What is asked of an argument in more than one place."""

from __future__ import annotations


def is_async_function(function: object) -> bool:
    """Whether a call of it returns something to await."""
    from inspect import iscoroutinefunction

    return iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004

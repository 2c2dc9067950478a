"""What is asked of an argument in more than one place."""

from __future__ import annotations

_LONGEST = 100  # characters of a value in a message


def is_async_function(function: object) -> bool:
    """Whether a call of it returns something to await."""
    from inspect import iscoroutinefunction

    return iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004


def show_value(value: object) -> str:
    """The value as messages show it: what Python writes for it, cut if it is long, else the name of its type."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # a number of thousands of digits, or a class whose own `__repr__` fails
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."

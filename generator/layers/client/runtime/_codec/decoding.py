"""JSON data to values, leniently.

What a response says is kept: a value that does not fit the description, such as an unknown
enum value or an odd date, stays as it came; a missing member is `UNSET`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any


def kept(parse: Callable[[Any], Any], value: Any) -> Any:
    """The parsed value, or the value as it came where it does not fit."""
    try:
        return parse(value)
    except (TypeError, ValueError, KeyError, AttributeError):
        return value


def word(kind: Callable[[Any], Any], value: Any) -> Any:
    """The member of an enum, or the value as it came where the enum does not list it."""
    if type(value) is not str and type(value) is not int:  # True is 1 to an enum
        return value
    try:
        return kind(value)
    except ValueError:
        return value


def moment(value: Any) -> Any:
    """The `datetime` of ISO 8601 text, or the value as it came."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return value


def day(value: Any) -> Any:
    """The `date` of ISO 8601 text, or the value as it came."""
    return kept(datetime.date.fromisoformat, value)


def each(parse: Callable[[Any], Any], value: Any) -> Any:
    """The parsed items of a list, or the value as it came."""
    return [parse(item) for item in value] if isinstance(value, list) else value

"""JSON data to values, leniently.

What a response says is kept: a value that does not fit the description, such as an unknown
enum value or an odd date, stays as it came; a missing member is `UNSET`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any


def parse_model(parse: Callable[[Any], Any], value: Any) -> Any:
    """The parsed value, or the value as it came if it cannot be parsed."""
    try:
        return parse(value)
    except (TypeError, ValueError, KeyError, AttributeError):
        return value


def parse_enum(kind: Callable[[Any], Any], value: Any) -> Any:
    """The member of an enum, or the value as it came if the enum does not list it."""
    if type(value) is not str and type(value) is not int:  # True is 1 to an enum
        return value
    try:
        return kind(value)
    except ValueError:
        return value


def parse_datetime(value: Any) -> Any:
    """The `datetime` of ISO 8601 text, or the value as it came."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return value


def parse_date(value: Any) -> Any:
    """The `date` of ISO 8601 text, or the value as it came."""
    return parse_model(datetime.date.fromisoformat, value)


def parse_list(parse: Callable[[Any], Any], value: Any) -> Any:
    """The parsed items of a list, or the value as it came."""
    return [parse(item) for item in value] if isinstance(value, list) else value

"""Values between Python and the wire, decoded leniently.

What an answer says is kept: a value that does not fit the description, such as an unknown
enum word or an odd date, stays as it came; a missing member is `UNSET`.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from .exceptions import InvalidArgument
from .upload import Upload


class Unset:
    """The type of `UNSET`. There is one such value, also after copying and pickling."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET = Unset()


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


def given(**values: Any) -> dict[str, Any]:
    """The arguments that were passed."""
    return {name: value for name, value in values.items() if value is not UNSET}


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """The members that are set, as JSON data."""
    return {name: wire(value) for name, value in values.items() if value is not UNSET}


def wire(value: Any) -> Any:
    """JSON data of a value: dates as ISO 8601 text, enums as their words, models as objects; files stay."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidArgument("a number that is not finite cannot be sent")
    if value is None or isinstance(value, str | bool | int | float | Upload):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime.datetime):
        return _with_offset(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): wire(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [wire(item) for item in value]
    if hasattr(value, "to_dict"):
        return value.to_dict()
    kind = type(value).__name__
    raise InvalidArgument(f"a value of type {kind} cannot be sent (pass text, a number, a date or a list)")


def compact(value: Any) -> Any:
    """Compact JSON text of a dict or list; text and `UNSET` are left as they are."""
    if value is UNSET or isinstance(value, str):
        return value
    return json.dumps(wire(value), ensure_ascii=False, separators=(",", ":"))


def upload(value: Any) -> Any:
    """The file, or the list of files, as `Upload`; None and `UNSET` stay what they are."""
    if isinstance(value, list | tuple):
        return [upload(item) for item in value]
    return value if value is None or isinstance(value, Upload | Unset) else Upload(value)


def segment(value: Any) -> str:
    """A path parameter as one percent-encoded segment of the URL."""
    text = str(wire(value))
    if text in ("", ".", ".."):
        raise InvalidArgument(f"{text!r} cannot stand in a path (pass the object's number or name)")
    return quote(text, safe="")


def _with_offset(value: datetime.datetime) -> str:
    if value.tzinfo is None:
        raise InvalidArgument(f"{value.isoformat()} has no time zone (pass datetime(..., tzinfo=...))")
    return value.isoformat()

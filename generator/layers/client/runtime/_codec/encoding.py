"""Values to JSON data, and to the parts of a URL."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping
from enum import Enum
from typing import Any
from urllib.parse import quote
from uuid import UUID

from .._errors.exceptions import InvalidArgument
from .._files.upload import Upload
from .unset import UNSET, Unset


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

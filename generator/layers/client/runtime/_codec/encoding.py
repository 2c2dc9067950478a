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
from .moments import LocalDatetime
from .unset import UNSET, Unset

_JSON_ALREADY = frozenset((str, int, bool, type(None)))


def passed(**values: Any) -> dict[str, Any]:
    """The arguments that were passed."""
    return {name: value for name, value in values.items() if value is not UNSET}


def drop_unset(values: Mapping[str, Any]) -> dict[str, Any]:
    """The members that are not `UNSET`, as JSON data."""
    return {name: to_json(value) for name, value in values.items() if value is not UNSET}


def to_json(value: Any) -> Any:
    """JSON data of a value: dates as ISO 8601 text, enums as their values, models as objects; files stay."""
    if type(value) in _JSON_ALREADY:
        return value
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items() if item is not UNSET}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else _scalar_to_json(value)


def _scalar_to_json(value: Any) -> Any:
    if value is UNSET:
        raise InvalidArgument("UNSET cannot be sent inside a list or a path (it stands for an argument left out)")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidArgument("a number that is not finite cannot be sent")
    if isinstance(value, str | int | float | Upload):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime.datetime):
        return _format_datetime(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    kind = type(value).__name__
    raise InvalidArgument(f"a value of type {kind} cannot be sent (pass text, a number, a date or a list)")


def json_text(value: Any) -> Any:
    """Compact JSON text of a value; text and `UNSET` stay as they are."""
    if isinstance(value, str | Unset):
        return value
    return json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"))


def to_upload(value: Any) -> Any:
    """The file, or the list of files, as `Upload`; None and `UNSET` stay what they are."""
    if isinstance(value, list | tuple):
        return [to_upload(item) for item in value]
    return value if value is None or isinstance(value, Upload | Unset) else Upload(value)


def path_segment(value: Any, name: str) -> str:
    """A path parameter as one percent-encoded segment of the URL; `name` is that of the argument."""
    plain = None if value is UNSET else to_json(value)
    if not isinstance(plain, str | int) or isinstance(plain, bool):
        raise InvalidArgument(f"{name}={value!r} is no id (pass the object's number or name)")
    text = str(plain)
    if text.strip() in ("", ".", ".."):
        raise InvalidArgument(f"{name}={text!r} cannot stand in a path (pass the object's number or name)")
    return quote(text, safe="")


def _format_datetime(value: datetime.datetime) -> str:
    if value.tzinfo is None and not isinstance(value, LocalDatetime):
        raise InvalidArgument(f"{value.isoformat()} has no time zone (pass datetime(..., tzinfo=...))")
    return value.isoformat()

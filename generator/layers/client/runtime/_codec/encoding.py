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

from .._errors.argument_checks import show_value
from .._errors.exceptions import InvalidArgument
from .._files.upload import Upload, is_text
from .moments import LocalDatetime
from .unset import UNSET, Unset

_MOST_BITS = 256
_JSON_ALREADY = frozenset((str, int, bool, type(None)))


def passed(**values: Any) -> dict[str, Any]:
    """The arguments that were passed."""
    return {name: value for name, value in values.items() if value is not UNSET}


def check_needed(value: Any, name: str) -> Any:
    """The value of an argument that must not be `UNSET`."""
    if value is UNSET:
        raise InvalidArgument(f"{name}=UNSET leaves out an argument that is needed")
    return value


def omit_none(value: Any) -> Any:
    """The value, or `UNSET` for None: a setting that has no value is left as it is."""
    return UNSET if value is None else value


def to_id(value: Any, name: str, *, is_optional: bool = False, is_nullable: bool = False) -> Any:
    """The id of an object as it is sent; raises InvalidArgument, which names the argument, if it is none."""
    is_left_out = (is_optional and value is UNSET) or (is_nullable and value is None)
    return value if is_left_out else _read_id(value, name)


def drop_unset(values: Mapping[str, Any]) -> dict[str, Any]:
    """The members that are not `UNSET`, as JSON data."""
    return {name: to_json(value) for name, value in values.items() if value is not UNSET}


def to_json(value: Any) -> Any:
    """JSON data of a value: dates as ISO 8601 text, enums as their values, models as objects; files stay."""
    try:
        return _to_json(value)
    except RecursionError:
        raise InvalidArgument("a value that is nested so deeply cannot be sent") from None


def _to_json(value: Any) -> Any:
    if type(value) in _JSON_ALREADY:
        return value
    if isinstance(value, Mapping):
        return {str(key): _to_json(item) for key, item in value.items() if item is not UNSET}
    if isinstance(value, list | tuple | set | frozenset):
        return [_to_json(item) for item in value]
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


def to_upload(value: Any, name: str, *, is_nullable: bool = False) -> Any:
    """The file, or the list of files, as `Upload`; `UNSET` stays what it is, and None if it may be sent."""
    if isinstance(value, list | tuple):
        return [to_upload(item, name) for item in value]
    if value is None and not is_nullable:
        raise InvalidArgument(f"{name}=None is no file (pass a path, bytes or a file, or leave the argument out)")
    return value if value is None or isinstance(value, Upload | Unset) else Upload(value)


def path_segment(value: Any, name: str, *others: type) -> str:
    """A path parameter as one percent-encoded segment of the URL; `name` is that of the argument.

    It is text or a number, or one of the `others`.
    """
    text = str(to_json(value)) if others and isinstance(value, others) else str(_read_id(value, name))
    if text in (".", ".."):
        raise InvalidArgument(f"{name}={text!r} cannot stand in a path (pass the object's number or name)")
    return quote(text, safe="")


def _read_id(value: Any, name: str) -> str | int:
    plain = value.value if isinstance(value, Enum) else str(value) if isinstance(value, UUID) else value
    if not isinstance(plain, str | int) or isinstance(plain, bool) or value is UNSET:
        raise InvalidArgument(f"{name}={show_value(value)} is no id (pass the object's number or name)")
    if isinstance(plain, str) and not (plain.strip() and is_text(plain)):
        raise InvalidArgument(
            f"{name}={show_value(value)} is no id, it cannot be sent (pass the object's number or name)"
        )
    if isinstance(plain, int) and plain.bit_length() > _MOST_BITS:
        raise InvalidArgument(f"{name}= is a number of more than {_MOST_BITS} bits, which is no id")
    return plain


def _format_datetime(value: datetime.datetime) -> str:
    if value.tzinfo is None and not isinstance(value, LocalDatetime):
        raise InvalidArgument(f"{value.isoformat()} has no time zone (pass datetime(..., tzinfo=...))")
    return value.isoformat()

"""A moment as text and back: Unix time, or a pattern such as `%Y%m%dT%H%M%SZ`, in one zone. Always English."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

_UNITS = {"unix-s": 10**9, "unix-ms": 10**6, "unix-us": 10**3, "unix-ns": 1}  # nanoseconds in one
_NUMBER = re.compile(r"-?([0-9]{1,30})(?:\.([0-9]{1,9}))?")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253402300799999  # the end of the year 9999
_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "Y": lambda moment: f"{moment.year:04d}",
    "m": lambda moment: f"{moment.month:02d}",
    "d": lambda moment: f"{moment.day:02d}",
    "H": lambda moment: f"{moment.hour:02d}",
    "M": lambda moment: f"{moment.minute:02d}",
    "S": lambda moment: f"{moment.second:02d}",
    "L": lambda moment: f"{moment.microsecond // 1000:03d}",
    "a": lambda moment: _DAYS[moment.weekday()],
    "b": lambda moment: _MONTHS[moment.month - 1],
    "s": lambda moment: str(int((moment - _START).total_seconds())),
    "%": lambda _: "%",
}
_READ = {
    "Y": r"(?P<Y>[0-9]{4})",
    "m": r"(?P<m>[0-9]{2})",
    "d": r"(?P<d>[0-9]{2})",
    "H": r"(?P<H>[0-9]{2})",
    "M": r"(?P<M>[0-9]{2})",
    "S": r"(?P<S>[0-9]{2})",
    "L": r"(?P<L>[0-9]{3})",
    "a": f"(?P<a>{'|'.join(_DAYS)})",
    "b": f"(?P<b>{'|'.join(_MONTHS)})",
    "s": r"(?P<s>[0-9]{1,12})",
    "%": "%",
}
FORMATS = tuple(_UNITS)
FIELDS = tuple(_READ)


def write_moment(format_: str, now_ms: int, zone_seconds: int = 0) -> str:
    """The text of a moment, given in milliseconds since 1970; a pattern is ahead of UTC by the zone."""
    if format_ in _UNITS:
        return str(now_ms * 10**6 // _UNITS[format_])
    moment = (_START + timedelta(milliseconds=now_ms)).astimezone(timezone(timedelta(seconds=zone_seconds)))
    return re.sub("%(.)", lambda found: _WRITTEN[found[1]](moment), format_)


def read_moment(format_: str, text: str, zone_seconds: int = 0) -> int | None:
    """The milliseconds since 1970 that a text says, or None if it is not written so."""
    if format_ in _UNITS:
        return _unix(text, _UNITS[format_])
    found = re.fullmatch(_expression(format_), text)
    return _moment(found.groupdict(), zone_seconds) if found else None


def read_zone(zone: str) -> int:
    """The seconds by which a zone such as `+08:00` is ahead of UTC."""
    hours, minutes = zone[1:].split(":")
    seconds = 3600 * int(hours) + 60 * int(minutes)
    return -seconds if zone.startswith("-") else seconds


def unknown_fields(format_: str) -> list[str]:
    """What stands behind a `%` of the format and is no field; and a field that stands there twice."""
    if format_ in _UNITS:
        return []
    fields = re.findall("%(.?)", format_)
    return [name for i, name in enumerate(fields) if name not in _READ or (name != "%" and name in fields[:i])]


def is_moment(format_: str) -> bool:
    """Whether the format says a whole day and second, so that it can be read back."""
    fields = set(re.findall("%(.)", format_))
    return format_ in _UNITS or "s" in fields or ({"Y", "d", "H", "M", "S"} <= fields and bool(fields & {"m", "b"}))


def _unix(text: str, nanoseconds: int) -> int | None:
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    whole = int(found[1]) * nanoseconds // 10**6
    moment = whole + int((found[2] or "").ljust(9, "0")) * nanoseconds // 10**15
    moment = -moment if text.startswith("-") else moment
    return moment if abs(moment) <= _LAST else None


def _expression(format_: str) -> str:
    parts = re.split("%(.)", format_)
    return "".join(_READ[part] if i % 2 else re.escape(part) for i, part in enumerate(parts))


def _moment(fields: dict[str, str], zone_seconds: int) -> int | None:
    thousandths = int(fields.get("L", 0))
    if "s" in fields:
        return int(fields["s"]) * 1000 + thousandths
    month = _MONTHS.index(fields["b"]) + 1 if "b" in fields else int(fields["m"])
    year, day, hour, minute, second = (int(fields[name]) for name in "YdHMS")
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    wrong_day = "a" in fields and fields["a"] != _DAYS[moment.weekday()]
    return None if wrong_day else (round((moment - _START).total_seconds()) - zone_seconds) * 1000 + thousandths

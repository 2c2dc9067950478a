"""Moments and days as responses write them."""

from __future__ import annotations

import datetime
import re

DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_BARE_OFFSETS = (re.compile(rb'\+\d{4}"'), re.compile(rb'-\d{4}"'))  # apart: each is found by its first byte
_LEAP_SECOND = re.compile(r"(.{17})60(.*)", re.DOTALL)


class LocalDatetime(datetime.datetime):
    """A moment that the server wrote without an offset; it is sent back as it came.

    It has no time zone, so it cannot be compared with moments that have one. To send one of
    your own, use a `datetime` with a time zone.
    """


def may_hold_bare_offset(content: bytes) -> bool:
    """Whether JSON text may hold a moment such as `2026-06-15T09:00:00+0200`, which msgspec takes for one."""
    return any(offset.search(content) for offset in _BARE_OFFSETS)


def parse_moment(text: str) -> datetime.datetime | None:
    """The moment of ISO 8601 text, a `LocalDatetime` if it has no offset; None if it is no moment."""
    leap = _LEAP_SECOND.fullmatch(text)
    try:
        if leap is not None:  # it is shown as the next second, as POSIX clocks do
            return _moment(f"{leap[1]}59{leap[2]}") + datetime.timedelta(seconds=1)
        return _moment(text)
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime.datetime:
    if DATE.fullmatch(text):
        raise ValueError("a day is no moment, and would go back as one")
    moment = datetime.datetime.fromisoformat(text.upper())
    return LocalDatetime.combine(moment.date(), moment.time()) if moment.tzinfo is None else moment

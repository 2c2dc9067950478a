"""Whether an object of a list is the one that is created: it is the same, it may be, or it is another one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

_CUT = 60  # seconds; servers cut moments, and texts, to what their columns hold
_SHORTEST_CUT_TEXT = 50
_MOST_DIGITS = 18  # of a moment; Python reads no number of some thousand


class Likeness(IntEnum):
    """The least of the comparisons of single members."""

    OTHER = 0
    UNSURE = 1
    SAME = 2


def describe_object(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The members of the object in a body, without an envelope around them."""
    values = list(body.values())
    return values[0] if len(values) == 1 and isinstance(values[0], Mapping) else body


def compare_objects(sent: Mapping[str, Any], stored: Mapping[str, Any], names: tuple[str, ...]) -> Likeness:
    """How like what was sent the stored object is.

    It is another one if a member with one of the `names` is another one. Servers may change the other members,
    so that those only cast doubt.
    """
    both = [name for name in sent if name in stored]
    least = min((compare_values(sent[name], stored[name]) for name in both if name in names), default=Likeness.SAME)
    others = (compare_values(sent[name], stored[name]) for name in both if name not in names)
    return min(least, Likeness.UNSURE) if Likeness.OTHER in others else least


def compare_values(sent: object, stored: object) -> Likeness:
    """How like what was sent a stored value is; servers may trim texts, change their case, and cut them."""
    if sent == stored:
        return Likeness.SAME
    ours, theirs = read_moment(sent), read_moment(stored)
    if ours is not None and theirs is not None:
        return _compare_moments(ours, theirs)
    if isinstance(sent, str) and isinstance(stored, str):
        return _compare_texts(normalize_text(sent), normalize_text(stored))
    is_comparable = isinstance(sent, bool | int | float) and isinstance(stored, bool | int | float)
    return Likeness.OTHER if is_comparable else Likeness.UNSURE


def normalize_text(text: str) -> str:
    """The text without what servers change: case, blanks, and how accents are written."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def read_moment(value: object) -> datetime | None:
    """The moment that a text, or a number of seconds or milliseconds, stands for."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _read_unix_time(value)
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def _read_unix_time(value: int) -> datetime | None:
    """The moment of so many seconds or milliseconds, None for a number that counts something else."""
    if not 10**8 < value < 10**14:
        return None
    seconds = value if value < 10**11 else value / 1000
    return datetime.fromtimestamp(seconds, UTC) if seconds > 10**8 else None


def _compare_texts(sent: str, stored: str) -> Likeness:
    if sent == stored:
        return Likeness.SAME
    is_cut = len(stored) >= _SHORTEST_CUT_TEXT and sent.startswith(stored)
    return Likeness.UNSURE if is_cut else Likeness.OTHER


def _compare_moments(sent: datetime, stored: datetime) -> Likeness:
    if (sent.tzinfo is None) != (stored.tzinfo is None):  # one of them is in a time zone that nobody tells
        apart = abs((sent.replace(tzinfo=None) - stored.replace(tzinfo=None)).total_seconds())
        return Likeness.SAME if apart < 1 else Likeness.UNSURE
    apart = abs((sent - stored).total_seconds())
    return Likeness.SAME if apart < 1 else Likeness.UNSURE if apart < _CUT else Likeness.OTHER

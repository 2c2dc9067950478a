"""Whether an object of a list is the one that is created: it is the same, it may be, or it is another one."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

_CUT = 60  # seconds; servers cut moments, and texts, to what their columns hold
_SHORTEST_CUT_TEXT = 50
_MOST_DIGITS = 18  # of a moment; Python reads no number of some thousand
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)
_ADDRESS = re.compile(r"\S+@\S+")  # servers write the letters of e-mail addresses small
_SWITCHES = {"true": True, "t": True, "on": True, "1": True, "false": False, "f": False, "off": False, "0": False}


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
    so that those only cast doubt: it is the same one only if each member that was sent and is shown is the same.
    """
    both = [name for name in sent if name in stored]
    least = min((compare_values(sent[name], stored[name]) for name in both if name in names), default=Likeness.SAME)
    if least is Likeness.OTHER:
        return least
    others = (compare_values(sent[name], stored[name]) for name in both if name not in names)
    return least if all(likeness is Likeness.SAME for likeness in others) else Likeness.UNSURE


def compare_values(sent: object, stored: object) -> Likeness:
    """How like what was sent a stored value is: the same in another form, surely another one, or neither."""
    try:
        compared = Likeness.SAME if sent == stored else _compare_lists(sent, stored)
    except RecursionError:
        return Likeness.UNSURE
    if compared is not None:
        return compared
    ours, theirs = read_moment(sent), read_moment(stored)
    if ours is not None and theirs is not None:
        likeness = _compare_moments(ours, theirs)
        return min(likeness, Likeness.UNSURE) if _are_like_numbers(sent, stored) else likeness
    if isinstance(sent, str) and isinstance(stored, str):
        return _compare_texts(sent, stored)
    return _compare_numbers(sent, stored)


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


def _compare_lists(sent: object, stored: object) -> Likeness | None:
    """How like two lists or objects are, of which one may be JSON text; None if neither is one."""
    pair = [_parse_text(one, other) for one, other in ((sent, stored), (stored, sent))]
    if all(isinstance(one, list | tuple) for one in pair):
        return _compare_items(*pair)
    if all(isinstance(one, Mapping) for one in pair):
        ours, theirs = pair
        return min((compare_values(ours[name], theirs.get(name)) for name in ours), default=Likeness.SAME)
    return Likeness.UNSURE if any(isinstance(one, list | tuple | Mapping) for one in pair) else None


def _parse_text(value: object, other: object) -> Any:
    """The data of JSON text beside a list or an object, else the value as it is."""
    if not isinstance(value, str) or not isinstance(other, list | tuple | Mapping):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _compare_items(sent: Sequence[object], stored: Sequence[object]) -> Likeness:
    if len(sent) != len(stored):
        return Likeness.OTHER
    return min(map(compare_values, sent, stored), default=Likeness.SAME)


def _are_like_numbers(sent: object, stored: object) -> bool:
    """Whether these are numbers of one length, which are then no moments in two notations."""
    return all(_NUMBER.fullmatch(str(one)) for one in (sent, stored)) and len(str(sent)) == len(str(stored))


def _compare_texts(sent: str, stored: str) -> Likeness:
    """Servers trim texts and write accents and line ends anew; a text that is like it otherwise casts doubt."""
    ours, theirs = _trim_text(sent), _trim_text(stored)
    is_address = _ADDRESS.fullmatch(ours) is not None
    if ours == theirs or (is_address and ours.casefold() == theirs.casefold()):
        return Likeness.SAME
    short, shorter = normalize_text(sent), normalize_text(stored)
    is_cut = len(shorter) >= _SHORTEST_CUT_TEXT and short.startswith(shorter)
    return Likeness.UNSURE if is_cut or short == shorter else Likeness.OTHER


def _trim_text(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _compare_numbers(sent: object, stored: object) -> Likeness:
    """How like two numbers or switches are, of which one may be written as text."""
    is_switch = isinstance(sent, bool) or isinstance(stored, bool)
    ours, theirs = map(_read_switch if is_switch else _read_number, (sent, stored))
    if ours is None or theirs is None:
        return Likeness.UNSURE
    return Likeness.SAME if ours == theirs else Likeness.OTHER


def _read_switch(value: object) -> bool | None:
    return _SWITCHES.get(value.casefold()) if isinstance(value, str) else value if isinstance(value, bool) else None


def _read_number(value: object) -> float | None:
    if isinstance(value, str):
        return None if _NUMBER.fullmatch(value) is None else float(value) if "." in value else int(value)
    return value if isinstance(value, int | float) else None


def _compare_moments(sent: datetime, stored: datetime) -> Likeness:
    if (sent.tzinfo is None) != (stored.tzinfo is None):  # the time zone of one of them is not known
        apart = abs((sent.replace(tzinfo=None) - stored.replace(tzinfo=None)).total_seconds())
        return Likeness.SAME if apart < 1 else Likeness.UNSURE
    apart = abs((sent - stored).total_seconds())
    return Likeness.SAME if apart < 1 else Likeness.UNSURE if apart < _CUT else Likeness.OTHER

"""How far the clock of the server is from that of this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from .._errors.argument_checks import show_value
from .._errors.exceptions import InvalidArgument

ClockSkew = float | Literal["auto", "off"]
_NOTICEABLE = 2.0  # a `Date` is cut to seconds
_SUSPICIOUS = 30.0  # a smaller skew explains no error that does not name the time


class ServerClock:
    """The time of one server: the clock of this machine plus a skew in seconds.

    With "auto" the skew is measured when the server refuses a timestamp; with "off" it stays 0; a number is the skew.
    """

    def __init__(self, skew: ClockSkew) -> None:
        if isinstance(skew, bool) or not isinstance(skew, int | float | str) or _is_unknown_word(skew):
            raise InvalidArgument(f"clock_skew={show_value(skew)} is none (pass 'auto', 'off' or a number of seconds)")
        self._is_measured = skew == "auto"
        self.skew = 0.0 if isinstance(skew, str) else float(skew)

    def now_ms(self, clock: Callable[[], int]) -> int:
        """Milliseconds since 1970 (UTC), as the server counts them."""
        return clock() + round(self.skew * 1000)

    def correct(self, measured: float | None, *, is_named: bool) -> bool:
        """Adopt a measured skew after an error; whether that changes enough for another attempt.

        `is_named` says that the error is about the time.
        """
        if measured is None or not self._is_measured:
            return False
        if abs(measured - self.skew) < (_NOTICEABLE if is_named else _SUSPICIOUS):
            return False
        self.skew = measured
        return True

    def drop(self, measured: float | None, earlier: float) -> None:
        """Go back to the earlier skew if the measured one is still in use: it did not help."""
        if self.skew == measured:
            self.skew = earlier


def _is_unknown_word(skew: float | str) -> bool:
    return isinstance(skew, str) and skew not in ("auto", "off")


def measure_skew(headers: Mapping[str, str], sent_ms: int, received_ms: int) -> float | None:
    """The server's `Date` less the middle of sending and receiving, in seconds; None for a cached response.

    It is 0 where the time between the two explains the difference.
    """
    moment = parse_date(headers.get("date", "")) if "age" not in headers else None
    if moment is None:
        return None
    skew = moment.timestamp() + 0.5 - (sent_ms + received_ms) / 2000
    return skew if abs(skew) > (received_ms - sent_ms) / 2000 else 0.0


def parse_date(text: str) -> datetime | None:
    """The moment of a header, in UTC unless it says otherwise (RFC 9110 5.6.7); None if it holds none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def describe_skew(skew: float, used: float = 0.0) -> str:
    """The measured skew in words, and the one that requests were signed with if that is another one."""
    is_allowed_for = abs(skew - used) < _NOTICEABLE
    if used and not is_allowed_for:
        return f"the server's clock is {skew:+.0f} seconds off, while clock_skew makes it {used:+.0f}"
    if abs(skew) < _NOTICEABLE:
        return "the clock of this machine agrees with the server's"
    ahead = f"the clock of this machine is {abs(skew):.0f} seconds {'behind' if skew > 0 else 'ahead of'} the server's"
    return f"{ahead}, which the time of the request allowed for" if is_allowed_for else ahead

"""Durations as people write them: `200ms`, `90s`, `1d12h`."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from ..errors import SandboxError

_DAY = 24 * 3600
_UNITS = {"d": _DAY, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
# each unit once, from the longest to the shortest; "m" is not the beginning of "ms"
_DURATION = re.compile(r"(?=.)" + "".join(rf"(?:(?P<{unit}>\d{{1,9}}){unit}(?!s))?" for unit in _UNITS), re.ASCII)
_MOST_DAYS = 10_000
_FORM = "write days, hours, minutes, seconds and milliseconds such as 1d12h, 90s or 200ms"


def parse_duration(text: str) -> float:
    """The duration in seconds; SandboxError where it is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise SandboxError(f"{text!r} is no duration: {_FORM}")
    total = sum(int(number) * _UNITS[unit] for unit, number in match.groupdict("0").items())
    if total > _MOST_DAYS * _DAY:
        raise SandboxError(f"{text!r} is longer than {_MOST_DAYS} days")
    return float(total)


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """A clock that is so many seconds fast, or slow where they are negative."""

    by: float

    def __call__(self) -> float:
        return time.time() + self.by


def parse_clock_offset(offset: str) -> ClockOffset:
    """The clock of an offset such as `+2h` or `-90s`; SandboxError where it is none."""
    sign, duration = offset[:1], offset[1:]
    if sign not in ("+", "-"):
        raise SandboxError(f"{offset!r} is no offset of the clock: begin with + or -, then {_FORM}")
    return ClockOffset(parse_duration(duration) * (1 if sign == "+" else -1))

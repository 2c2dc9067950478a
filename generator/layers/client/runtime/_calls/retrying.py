"""When a failed attempt may be repeated, and how long to wait before."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from .._errors.exceptions import APIStatusError, ConnectionFailed, ProcwiseError, ResponseDamaged, TimedOut
from .._session.clock import parse_date
from .options import RetryPolicy

_TRANSIENT = frozenset((408, 425, 429))
_LOOKS = (2, 4, 8)  # times the first wait: what a server does with a request whose connection broke takes a while
_LASTING = frozenset((501, 505, 511))
_OF_PROXIES = frozenset((408, 499, 502, 504, *range(520, 530)))  # the server behind may still be at work
_MOST_SECONDS = 1e9  # 31 years; `time.sleep` takes no more than 292
_SECONDS = re.compile(r"(\d+(?:\.\d*)?)(?:,.*)?", re.ASCII)


def is_transient(error: ProcwiseError) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, APIStatusError):
        return error.status in _TRANSIENT or (error.status >= 500 and error.status not in _LASTING)
    return isinstance(error, ConnectionFailed | ResponseDamaged)


def has_unknown_effect(error: ProcwiseError) -> bool:
    """Whether the server may have carried out the request that failed so."""
    if isinstance(error, APIStatusError):
        return leaves_effect_unknown(error.status)
    return isinstance(error, ResponseDamaged) or (isinstance(error, ConnectionFailed) and error.sent)


def leaves_effect_unknown(status: int) -> bool:
    """Whether a request that was answered with this status may have been carried out."""
    return status >= 500 or status in _OF_PROXIES


def may_still_run(error: ProcwiseError) -> bool:
    """Whether the server may still carry out the request after it failed so.

    A 503 that does not say when to come back can be that of a proxy whose connection to the server broke.
    """
    if not isinstance(error, APIStatusError):
        return has_unknown_effect(error)
    return may_run_long(error) or (error.status == 503 and error.retry_after is None)


def may_run_long(error: ProcwiseError) -> bool:
    """Whether somebody stopped waiting for the server, which may be at work for any time."""
    return isinstance(error, TimedOut) or (isinstance(error, APIStatusError) and error.status in _OF_PROXIES)


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks to wait, given as a number or as a date; None if it asks for nothing."""
    text = headers.get("retry-after", "").strip()
    if (number := _SECONDS.fullmatch(text)) is not None:
        return min(float(number[1]), _MOST_SECONDS)
    moment = parse_date(text)
    if moment is None:
        return None
    seconds = (moment - (parse_date(headers.get("date", "")) or datetime.now(UTC))).total_seconds()
    return min(max(0.0, seconds), _MOST_SECONDS)


def choose_look_waits(policy: RetryPolicy, error: ProcwiseError) -> tuple[float, ...]:
    """The seconds before each further look for an object that the failed request may still create."""
    waits = (min(times * policy.first_wait, policy.longest_wait) for times in _LOOKS)
    return tuple(filter(None, waits)) if may_still_run(error) else ()


def choose_wait(policy: RetryPolicy, last: float, retry_after: float | None) -> float:
    """The seconds until the next attempt: those that the server asks for, else decorrelated jitter."""
    if retry_after is not None:
        return min(retry_after, policy.longest_retry_after)
    least = min(policy.first_wait, policy.longest_wait)
    most = max(least, min(policy.longest_wait, last * 3))
    return random.uniform(least, most)  # noqa: S311  # no secret

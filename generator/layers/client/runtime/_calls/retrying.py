"""When a failed attempt may be repeated, and how long to wait before."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .._errors.exceptions import APIStatusError, ConnectionFailed, ProcwiseError
from .options import RetryPolicy

_TRANSIENT = frozenset((408, 425, 429))
_LASTING = frozenset((501, 505, 511))


def is_transient(error: ProcwiseError) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, APIStatusError):
        return error.status in _TRANSIENT or (error.status >= 500 and error.status not in _LASTING)
    return isinstance(error, ConnectionFailed)


def has_unknown_effect(error: ProcwiseError) -> bool:
    """Whether the server may have carried out the request that failed so."""
    if isinstance(error, APIStatusError):
        return error.status >= 500 or error.status == 408
    return isinstance(error, ConnectionFailed) and error.sent


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks to wait, given as a number or as a date; None if it asks for nothing."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - _server_time(headers)).total_seconds())


def choose_wait(policy: RetryPolicy, last: float, retry_after: float | None) -> float:
    """The seconds until the next attempt: those that the server asks for, else decorrelated jitter."""
    if retry_after is not None:
        return min(retry_after, policy.longest_retry_after)
    least = min(policy.first_wait, policy.longest_wait)
    most = max(least, min(policy.longest_wait, last * 3))
    return random.uniform(least, most)  # noqa: S311  # no secret


def _server_time(headers: Mapping[str, str]) -> datetime:
    """The moment at which the server wrote the response."""
    try:
        moment = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return datetime.now(UTC)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

"""When the next request may be sent, how long its response may take, and when no more are sent at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from requests import RequestException

from .transport import CONNECT_SECONDS, RESPONSE_SECONDS

_SHORTEST_SECONDS = 2.0  # for the response that is waited for when the time is up
_CLEANUP_SECONDS = 5.0
_RETRY_SECONDS = 10.0  # after a response that did not come
_WAITS = (1.0, 2.0, 4.0)  # without a Retry-After
_LONGEST_WAIT = 30.0
_TOO_MANY, _UNAVAILABLE = 429, 503
_SILENT_IN_A_ROW = 2
_THROTTLED_IN_A_ROW = 3


class NotSent(RequestException):
    """A request was not sent, which is no fault of the server; the message is the reason."""


class Throttled(NotSent):
    """The server takes no more requests for now."""


TIME_IS_UP = "the time of the run was up"


class TimeIsUp(NotSent):
    """The time of the run is over."""


class ServerGone(RequestException):
    """The server has stopped answering."""


class RateLimit:
    """So many requests a second and no more, until the time is up; 0 is no limit.

    All callers of a process share one. `offset_ms` is how far the server's clock is ahead of ours, as far as it is
    known; with `cleaning_up` requests are sent although the time is up.
    """

    def __init__(self, rate: float, until: float = 0.0) -> None:
        self._interval = 1 / rate if rate else 0.0
        self._next = 0.0
        self._until = until
        self._silent = 0
        self._given_up = 0
        self.throttled = 0
        self.is_gone = False
        self.cleaning_up = False
        self.offset_ms = 0

    def wait_turn(self) -> tuple[float, float]:
        """Wait until the next request may be sent; how many seconds it has to connect, and to respond.

        Raises TimeIsUp or ServerGone if none may be sent.
        """
        if self.is_gone:
            raise ServerGone("the server has stopped answering")
        now = time.monotonic()
        wait = max(0.0, self._next - now)
        if self._seconds_left() < wait:
            raise TimeIsUp(TIME_IS_UP)
        time.sleep(wait)
        self._next = max(now, self._next) + self._interval
        if self.cleaning_up and self._until and time.time() > self._until:
            return CONNECT_SECONDS, _CLEANUP_SECONDS
        usual = _RETRY_SECONDS if self._silent else RESPONSE_SECONDS
        response = max(_SHORTEST_SECONDS, min(usual, self._seconds_left()))
        return min(CONNECT_SECONDS, response), response

    def note_response(self) -> None:
        """The server responded."""
        self._silent = 0

    def note_failure(self, error: RequestException, is_there: Callable[[], bool]) -> None:
        """After several failures in a row, ask if the server still responds; one operation that hangs is a finding."""
        if not isinstance(error, requests.Timeout | requests.ConnectionError):
            return
        self._silent += 1
        if self._silent >= _SILENT_IN_A_ROW:
            self._silent = 0
            self.is_gone = not is_there()

    def must_retry(self, status: int, retry_after: str, tries: int) -> bool:
        """Whether to retry, after waiting as the server asks; raises Throttled if that does not help."""
        if status != _TOO_MANY and not (status == _UNAVAILABLE and retry_after):
            self._given_up = 0
            return False
        patient = tries < len(_WAITS) and self._given_up < _THROTTLED_IN_A_ROW
        wait = _seconds(retry_after, _WAITS[tries]) if patient else 0.0
        if not patient or wait > min(_LONGEST_WAIT, self._seconds_left()):
            self._given_up += 1
            self.throttled += 1
            raise Throttled(f"answered {status}, too many requests, even after waiting as long as a run may")
        time.sleep(wait)
        return True

    def _seconds_left(self) -> float:
        if not self._until or self.cleaning_up:
            return float("inf")
        return self._until - time.time()


def _seconds(retry_after: str, usual: float) -> float:
    """The seconds of a Retry-After, which is a number or a date."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError):
        return usual
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())

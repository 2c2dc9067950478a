"""One call: its attempts so far, the time that is left, and what hooks and the log hear of it."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._errors.exceptions import APIStatusError, ProcwiseError, TimedOut
from .._session.clock import measure_skew
from .._session.session import Session
from .attempt import Attempt, is_watched, log_attempt
from .decoding import GONE
from .error_hints import is_about_order, is_about_time
from .messages import Failure, RawResponse, Response, SignedRequest, Wait
from .operation import Operation
from .options import Settings
from .outcomes import find_error, read_response
from .request import PreparedRequest
from .retrying import choose_wait, is_transient

_MOST_OVERTAKEN = 8  # times in one call
Step = SignedRequest | Wait
Outcome = RawResponse | Failure | None
Steps = Generator[Step, Outcome, "Result"]


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt led to: a response, and the error in it, if there is one."""

    response: RawResponse | None
    error: ProcwiseError | None


class Call:
    """The attempts of one call; each is signed anew."""

    def __init__(
        self, session: Session, settings: Settings, operation: Operation[Any], arguments: Mapping[str, Any]
    ) -> None:
        self.session = session
        self.settings = settings
        self.operation = operation
        self.prepared = PreparedRequest(session, operation, arguments, settings.extra_headers)
        self.attempts = 0
        self._uncounted = 0
        self._deadline = None if settings.deadline is None else time.monotonic() + settings.deadline
        self._wait = settings.retry.first_wait
        self._is_corrected = False
        self._overtaken = 0

    def attempt(self) -> Steps:
        """Send the request once, unless the deadline is over."""
        if not self.has_time():
            return Result(None, self._late_error())
        watched = is_watched(self.settings.hooks)
        self.attempts += 1
        request = self.prepared.sign(self._time_for_attempt())
        if watched:
            self._call_hook("request", self._describe())
        sent_ms, started = self.session.clock(), time.monotonic()
        outcome = yield request
        skew = None
        if isinstance(outcome, RawResponse) and 400 <= outcome.status < 500:
            skew = measure_skew(outcome.headers, sent_ms, self.session.clock())
        assert outcome is not None  # noqa: S101  # only a wait has no outcome
        if isinstance(outcome, Failure) and outcome.progressed:
            self._uncounted, self._wait = self._uncounted + 1, self.settings.retry.first_wait
        error = find_error(self.session, self.prepared, self.operation, outcome, skew)
        if error is not None:
            error.attempts = self.attempts
        if watched:
            self._report(outcome, time.monotonic() - started)
        earlier = self.session.server_clock.skew
        if error is not None and self._corrects_clock(error, skew):
            self._uncounted += 1
            result = yield from self.attempt()
            if isinstance(result.error, APIStatusError) and self._can_be_about_time(result.error):
                self.session.server_clock.drop(skew, earlier)
            return result
        if error is not None and self._was_overtaken(error):
            self._uncounted, self._overtaken = self._uncounted + 1, self._overtaken + 1
            return (yield from self.attempt())
        return Result(outcome if isinstance(outcome, RawResponse) else None, error)

    def read(self, response: RawResponse) -> Response[Any]:
        """The response with its value; raises if it has none."""
        return read_response(self.session, self.prepared, self.operation, response, self.attempts)

    def may_go_on(self, error: ProcwiseError) -> bool:
        """Whether retries are left, the error may pass, and the body can be sent once more.

        An attempt that brought more of a file does not count, nor one that corrects the clock.
        """
        most = self.settings.retry.max_retries
        left = most > 0 and self.attempts - self._uncounted <= most
        return left and is_transient(error) and self.prepared.is_repeatable

    def pause(self, error: ProcwiseError) -> Generator[Step, Outcome, bool]:
        """Wait before the next attempt; False if the deadline does not leave the time for it."""
        self._wait = choose_wait(self.settings.retry, self._wait, error.retry_after)
        if not self.has_time(self._wait):
            return False
        status = error.status if isinstance(error, APIStatusError) else None
        self._call_hook("retry", replace(self._describe(), status=status, reason=str(error), wait=self._wait))
        yield Wait(self._wait)
        return True

    def has_time(self, seconds: float = 0.0) -> bool:
        """Whether the deadline leaves more than so many seconds."""
        return self._deadline is None or time.monotonic() + seconds < self._deadline

    def start_reading(self, operation: Operation[Any], arguments: Mapping[str, Any]) -> Call:
        """A call that reads what this one has to know, within the same deadline."""
        settings = replace(self.settings, deadline=None)
        reading = Call(self.session, settings, operation, arguments)
        reading._deadline = self._deadline
        return reading

    def time_left(self) -> float | None:
        """The seconds until the deadline, more than none; None if there is no deadline."""
        return None if self._deadline is None else max(0.001, self._deadline - time.monotonic())

    def _corrects_clock(self, error: ProcwiseError, skew: float | None) -> bool:
        """Whether the clock was corrected after an error that can be about it; at most once in a call."""
        is_possible = not self._is_corrected and self.prepared.is_repeatable and self.has_time()
        if not is_possible or not isinstance(error, APIStatusError):
            return False
        if not self._can_be_about_time(error):
            return False
        self._is_corrected = self.session.server_clock.correct(skew, is_named=is_about_time(self.session, error))
        return self._is_corrected

    def _was_overtaken(self, error: ProcwiseError) -> bool:
        """Whether another call's nonce, which must be smaller than this one, arrived later: nothing was carried out."""
        is_possible = self._overtaken < _MOST_OVERTAKEN and self.prepared.is_repeatable and self.has_time()
        return is_possible and isinstance(error, APIStatusError) and is_about_order(self.session, error)

    def _can_be_about_time(self, error: APIStatusError) -> bool:
        """Whether it says so, or is an error for which the server may have given no reason."""
        return error.status in (401, 403) or is_about_time(self.session, error)

    def _late_error(self) -> TimedOut:
        method, path = self.prepared.method, self.prepared.path
        error = TimedOut(f"{method} {path}: the deadline is over. It was not sent.", method=method, path=path)
        error.attempts = self.attempts
        return error

    def _time_for_attempt(self) -> float | None:
        limits = [limit for limit in (self.settings.timeout, self.time_left()) if limit is not None]
        return min(limits, default=None)

    def _describe(self) -> Attempt:
        path = self.session.redactor.text(self.prepared.path)
        return Attempt(operation=self.operation.id, method=self.prepared.method, path=path, number=self.attempts)

    def _report(self, outcome: RawResponse | Failure, seconds: float) -> None:
        if isinstance(outcome, Failure):
            attempt = replace(self._describe(), seconds=seconds, reason=self.session.redactor.text(outcome.reason))
        else:
            number = self.session.redactor.text(outcome.headers.get("x-request-id", ""))
            attempt = replace(self._describe(), seconds=seconds, status=outcome.status, request_id=number)
        log_attempt(attempt)
        self._call_hook("response", attempt)

    def _call_hook(self, name: str, attempt: Attempt) -> None:
        hook = getattr(self.settings.hooks, name)
        if hook is not None:
            hook(attempt)


def repeat(call: Call, *, is_safe: bool) -> Generator[Step, Outcome, RawResponse]:
    """Attempts until one succeeds; an operation that is not safe only if the request did not leave.

    What is gone after a deletion whose response was lost was deleted.
    """
    may_be_done = False
    while True:
        result = yield from call.attempt()
        if result.error is None:
            assert result.response is not None  # noqa: S101  # only a failure has no response
            return result.response
        error = result.error
        if may_be_done and isinstance(error, APIStatusError):
            if call.prepared.method == "DELETE" and error.status in GONE:
                return RawResponse(error.status, error.headers, b"")
            error.note_lost_response()
        may_be_done = may_be_done or error.may_have_taken_effect
        if not call.may_go_on(error) or not (is_safe or is_unsent(error)) or not (yield from call.pause(error)):
            raise error


def is_unsent(error: ProcwiseError) -> bool:
    """Whether the request surely did not leave."""
    return getattr(error, "sent", True) is False

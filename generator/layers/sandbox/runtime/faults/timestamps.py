"""Faults of timestamps and nonces: stale requests, and replayed ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procwise.signing.language import SigningScheme

from ..api import Api, Description
from ..errors import ApiError
from ..http.context import HandlerResult
from ..http.gateway import Gateway
from ..storage.nonces import nonce_first_used
from .fault import SHOULD, Fault
from .lenient_requests import WholeAttempt
from .lenient_verification import Attempt, Leniency

_WINDOW = "x-signing.timestamp.window_seconds"
_UNIQUE = "x-signing.nonce.unique_for_seconds"
_STALE = ("timestamp_outside_window",)
_USED = ("nonce_used",)
_FACTOR = 24
_NARROW_SECONDS = 5
_LATE_MS = 250


def _of_the_future(attempt: Attempt) -> bool:
    return _off_by_ms(attempt) > 0


def _not_far_off(attempt: Attempt) -> bool:
    return abs(_off_by_ms(attempt)) <= attempt.scheme.window_seconds * 1000 * _FACTOR


def _off_by_ms(attempt: Attempt) -> int:
    sent = attempt.sent_parameter(attempt.scheme.timestamp_parameter)
    return attempt.scheme.milliseconds(int(str(sent))) - attempt.now_ms


def _change_apis(change: Callable[[Api], Api]) -> Callable[[Description], Description]:
    return lambda description: replace(description, apis=tuple(map(change, description.apis)))


def _narrow_window(api: Api) -> Api:
    scheme, whole = api.scheme, api.request_scheme
    if whole is not None and whole.timestamp is not None:
        narrow = replace(whole.timestamp, past=_NARROW_SECONDS, future=_NARROW_SECONDS)
        return replace(api, request_scheme=replace(whole, timestamp=narrow))
    return api if scheme is None else replace(api, scheme=replace(scheme, window_seconds=_NARROW_SECONDS))


def _take_numbers(api: Api) -> Api:
    return api if api.scheme is None else replace(api, scheme=replace(api.scheme, nonce_type="integer"))


def _is_deletion(attempt: Attempt | WholeAttempt) -> bool:
    return attempt.method == "DELETE"


def _whole_of_the_future(attempt: WholeAttempt) -> bool:
    return attempt.moment_ms > attempt.now_ms


def _any_whole(_attempt: WholeAttempt) -> bool:
    return True


def _whole_not_far_off(attempt: WholeAttempt) -> bool:
    """A limit that is sent along, or none, is not widened."""
    timestamp, age_ms = attempt.scheme.timestamp, attempt.now_ms - attempt.moment_ms
    limit = (timestamp.past if age_ms > 0 else timestamp.future) if timestamp is not None else None
    return isinstance(limit, int) and abs(age_ms) <= limit * 1000 * _FACTOR


def _has_timestamp(scheme: SigningScheme) -> bool:
    return scheme.timestamp is not None


def _has_limit(scheme: SigningScheme) -> bool:
    limits = (scheme.timestamp.past, scheme.timestamp.future) if scheme.timestamp is not None else ()
    return any(isinstance(limit, int) for limit in limits)


def _has_nonce(scheme: SigningScheme) -> bool:
    return scheme.nonce is not None


def _whole_just_used(attempt: WholeAttempt) -> bool:
    first = nonce_first_used(attempt.connection, attempt.user.id, attempt.claims.nonce)
    return first is not None and attempt.now_ms - first < _LATE_MS


def _just_used(attempt: Attempt) -> bool:
    nonce = str(attempt.sent_parameter(attempt.scheme.nonce_parameter))
    first = nonce_first_used(attempt.connection, attempt.user.id, nonce)
    return first is not None and attempt.now_ms - first < _LATE_MS


def _of_nobody(attempt: Attempt) -> Attempt:
    return replace(attempt, user=replace(attempt.user, id=0))


class ForgetfulGateway(Gateway):
    """Rolls back the claim of a nonce too when a request fails."""

    def _outcome(self, *request: Any) -> HandlerResult | ApiError:
        outcome = super()._outcome(*request)
        if isinstance(outcome, ApiError):
            raise outcome
        return outcome


FAULTS: Mapping[str, Fault] = {
    "timestamp-ignored": Fault(
        clause=_WINDOW,
        meaning="a timestamp may be as old or as new as it likes",
        leniency=Leniency(codes=(*_STALE, "timestamp_invalid"), whole=_any_whole, breaks=_has_timestamp),
    ),
    "timestamp-future-ignored": Fault(
        clause=_WINDOW,
        meaning="a timestamp of the future passes",
        leniency=Leniency(codes=_STALE, when=_of_the_future, whole=_whole_of_the_future, breaks=_has_timestamp),
    ),
    "timestamp-missing-accepted": Fault(
        clause="x-signing.timestamp.parameter",
        meaning="a request without a timestamp passes",
        leniency=Leniency(codes=("timestamp_missing",)),
    ),
    "window-too-wide": Fault(
        clause=_WINDOW,
        level=SHOULD,
        meaning=f"a timestamp may be {_FACTOR} times as far off as described",
        leniency=Leniency(codes=_STALE, when=_not_far_off, whole=_whole_not_far_off, breaks=_has_limit),
    ),
    "window-too-narrow": Fault(
        clause=_WINDOW,
        level=SHOULD,
        meaning=f"a timestamp that is more than {_NARROW_SECONDS} seconds off is refused",
        change_description=_change_apis(_narrow_window),
    ),
    "nonce-reuse-accepted": Fault(
        clause=_UNIQUE,
        meaning="a nonce may be used again",
        leniency=Leniency(codes=_USED, whole=_any_whole, breaks=_has_nonce),
    ),
    "nonce-reuse-accepted-on-delete": Fault(
        clause=_UNIQUE,
        meaning="a nonce may be used again with a DELETE",
        leniency=Leniency(codes=_USED, when=_is_deletion, whole=_is_deletion, breaks=_has_nonce),
    ),
    "nonce-missing-accepted": Fault(
        clause="x-signing.nonce.parameter",
        meaning="a request without a nonce passes",
        leniency=Leniency(codes=("nonce_missing",)),
    ),
    "nonce-race": Fault(
        clause=_UNIQUE,
        meaning=f"a nonce is claimed {_LATE_MS} ms after it was checked: until then it may be used again",
        leniency=Leniency(codes=_USED, when=_just_used, whole=_whole_just_used, breaks=_has_nonce),
    ),
    "nonce-claimed-on-success": Fault(
        clause=_UNIQUE,
        meaning="a nonce stays free where the request is refused for another reason than its signature",
        replaces=(Gateway, ForgetfulGateway),
    ),
    "nonce-shared-between-users": Fault(
        clause=_UNIQUE,
        meaning="a nonce that another user has used is refused",
        leniency=Leniency(before=_of_nobody),
    ),
    "nonce-texts-refused": Fault(
        clause="x-signing.nonce.type",
        level=SHOULD,
        meaning="a nonce that is no whole number is refused",
        change_description=_change_apis(_take_numbers),
    ),
}

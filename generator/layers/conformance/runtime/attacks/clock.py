"""Attacks on the timestamp: out of the window on either side, in another unit, or no number at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from procwise.signing import Scheme

from ..http.signer import SigningSteps
from ..results import SHOULD
from .attack import EVERYWHERE, INVALID, PASSES, Attack

# Far enough from the window's edge that a slow response or a clock some seconds off changes nothing.
_MARGIN_SECONDS = 60
_NARROWEST_SECONDS = 30
_TEN_YEARS = 3652 * 86_400
_CLAUSE = "x-signing.timestamp.window_seconds"


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """Attacks on the time window. A request older than the remembered nonces could be replayed: that breaks a MUST."""
    row = partial(Attack, clause=_CLAUSE)
    beyond = max(scheme.window_seconds, scheme.unique_for_seconds) + _MARGIN_SECONDS
    early, late = "old timestamps are not refused", "timestamps of the future are not refused"
    everywhere = partial(row, spread=EVERYWHERE)
    yield everywhere(id="SIG-010", name="timestamp too old", cause=early, steps=shift_clock(-beyond))
    yield everywhere(id="SIG-011", name="timestamp too new", cause=late, steps=shift_clock(beyond))
    yield from _edges(scheme)
    yield row(id="SIG-164", name="timestamp of ten years ago", cause=early, steps=shift_clock(-_TEN_YEARS))
    yield row(id="SIG-165", name="timestamp in ten years", cause=late, steps=shift_clock(_TEN_YEARS))
    yield from _numbers(scheme)


def _edges(scheme: Scheme) -> Iterator[Attack]:
    """Both sides of either edge. The vendor's pages do not say how wide the window is, so none breaks a MUST.

    Nothing inside the window is tried if it is so narrow that a slow response looks like a rejected one.
    """
    row = partial(Attack, clause=_CLAUSE, level=SHOULD)
    wide, narrow = "the window is wider than described", "the window is narrower than described"
    beyond = scheme.window_seconds + _MARGIN_SECONDS
    if scheme.window_seconds >= _NARROWEST_SECONDS:
        within = scheme.window_seconds - min(_MARGIN_SECONDS, scheme.window_seconds // 2)
        inside = partial(row, cause=narrow, error_statuses=PASSES)
        yield inside(id="SIG-160", name="timestamp just old enough", steps=shift_clock(-within))
        yield inside(id="SIG-161", name="timestamp just new enough", steps=shift_clock(within))
    yield row(id="SIG-162", name="timestamp just too old", cause=wide, steps=shift_clock(-beyond))
    yield row(id="SIG-163", name="timestamp just too new", cause=wide, steps=shift_clock(beyond))


def _numbers(scheme: Scheme) -> Iterator[Attack]:
    """Numbers that are not today's time."""
    row = partial(Attack, clause="x-signing.timestamp.unit", error_statuses=INVALID)
    of_zero = "a timestamp that is nothing as a condition counts as none, and none is asked for"
    yield row(
        id="SIG-166",
        name="timestamp in another unit",
        cause="the unit of the timestamp is guessed from its size",
        steps=set_timestamp(lambda now, scheme: now // 1000 if scheme.timestamp_unit == "ms" else now * 1000),
    )
    yield row(id="SIG-167", name="timestamp zero", cause=of_zero, steps=set_timestamp(lambda _now, _scheme: 0))
    yield row(
        id="SIG-168",
        name="timestamp negative",
        cause="only the size of the timestamp counts, and not its sign",
        steps=set_timestamp(lambda now, _scheme: -now),
    )
    yield from _texts(scheme)


def _texts(scheme: Scheme) -> Iterator[Attack]:
    """Texts that are not a number, or only begin like one."""
    row = partial(Attack, clause="x-signing.timestamp.unit", error_statuses=INVALID)
    no_number = "a timestamp that is no number is not refused"
    yield row(id="SIG-169", name="timestamp a word", cause=no_number, steps=set_timestamp(lambda _now, _scheme: "now"))
    yield row(
        id="SIG-170",
        name="timestamp as a date",
        cause=no_number,
        level=SHOULD,
        steps=set_timestamp(lambda now, scheme: _as_date(scheme.milliseconds(now))),
    )
    yield row(
        id="SIG-171",
        name="timestamp with an exponent",
        cause="numbers with an exponent are read as whole numbers",
        level=SHOULD,
        steps=set_timestamp(lambda now, _scheme: f"{now:.6e}"),
    )
    if scheme.timestamp_unit == "ms":
        yield row(
            id="SIG-172",
            name="timestamp with a word behind it",
            cause="a number is read from the beginning of a text, whatever follows",
            level=SHOULD,
            steps=set_timestamp(lambda now, _scheme: f"{now}ms"),
        )


def shift_clock(seconds: int) -> SigningSteps:
    """Steps with a clock that is so many seconds off."""

    def timestamp_and_nonce(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
        return scheme.stamp({}, now_ms=now_ms + seconds * 1000, nonce=nonce)

    return SigningSteps(timestamp_and_nonce=timestamp_and_nonce, by_server_clock=True)


def set_timestamp(write: Callable[[int, Scheme], object]) -> SigningSteps:
    """Steps with a timestamp that `write` makes from the correct one."""

    def timestamp_and_nonce(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
        stamp = scheme.stamp({}, now_ms=now_ms, nonce=nonce)
        now = int(str(stamp[scheme.timestamp_parameter]))
        return {**stamp, scheme.timestamp_parameter: write(now, scheme)}

    return SigningSteps(timestamp_and_nonce=timestamp_and_nonce)


def _as_date(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")

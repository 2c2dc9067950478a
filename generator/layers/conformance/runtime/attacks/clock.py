"""Attacks on the timestamp: out of the window on either side, in another unit, or no number at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from procwise.signing import Scheme

from ..http.signer import Forgery
from ..results import SHOULD
from .attack import EVERYWHERE, INVALID, PASSES, Attack

# Far enough from the window's edge that a slow answer or a clock some seconds off changes nothing.
_MARGIN_SECONDS = 60
_NARROWEST_SECONDS = 30
_TEN_YEARS = 3652 * 86_400
_CLAUSE = "x-signing.timestamp.window_seconds"


def attacks(scheme: Scheme) -> Iterator[Attack]:
    """The rows about the clock. What is older than nonces are remembered could be sent again, so it breaks a MUST."""
    row = partial(Attack, clause=_CLAUSE)
    beyond = max(scheme.window_seconds, scheme.unique_for_seconds) + _MARGIN_SECONDS
    early, late = "old timestamps are not refused", "timestamps of the future are not refused"
    everywhere = partial(row, spread=EVERYWHERE)
    yield everywhere(id="SIG-010", name="timestamp too old", cause=early, forgery=shifted(-beyond))
    yield everywhere(id="SIG-011", name="timestamp too new", cause=late, forgery=shifted(beyond))
    yield from _edges(scheme)
    yield row(id="SIG-164", name="timestamp of ten years ago", cause=early, forgery=shifted(-_TEN_YEARS))
    yield row(id="SIG-165", name="timestamp in ten years", cause=late, forgery=shifted(_TEN_YEARS))
    yield from _numbers(scheme)


def _edges(scheme: Scheme) -> Iterator[Attack]:
    """Both sides of either edge: no page tells how wide the window is, so none of them breaks a MUST.

    There is no inside where the window is so narrow that a slow answer would tell the same as a wrong one.
    """
    row = partial(Attack, clause=_CLAUSE, level=SHOULD)
    wide, narrow = "the window is wider than described", "the window is narrower than described"
    beyond = scheme.window_seconds + _MARGIN_SECONDS
    if scheme.window_seconds >= _NARROWEST_SECONDS:
        within = scheme.window_seconds - min(_MARGIN_SECONDS, scheme.window_seconds // 2)
        inside = partial(row, cause=narrow, refusals=PASSES)
        yield inside(id="SIG-160", name="timestamp just old enough", forgery=shifted(-within))
        yield inside(id="SIG-161", name="timestamp just new enough", forgery=shifted(within))
    yield row(id="SIG-162", name="timestamp just too old", cause=wide, forgery=shifted(-beyond))
    yield row(id="SIG-163", name="timestamp just too new", cause=wide, forgery=shifted(beyond))


def _numbers(scheme: Scheme) -> Iterator[Attack]:
    """Numbers that are no time of today."""
    row = partial(Attack, clause="x-signing.timestamp.unit", refusals=INVALID)
    of_zero = "a timestamp that is nothing as a condition counts as none, and none is asked for"
    yield row(
        id="SIG-166",
        name="timestamp in another unit",
        cause="the unit of the timestamp is guessed from its size",
        forgery=telling(lambda now, scheme: now // 1000 if scheme.timestamp_unit == "ms" else now * 1000),
    )
    yield row(id="SIG-167", name="timestamp zero", cause=of_zero, forgery=telling(lambda _now, _scheme: 0))
    yield row(
        id="SIG-168",
        name="timestamp negative",
        cause="only the size of the timestamp counts, and not its sign",
        forgery=telling(lambda now, _scheme: -now),
    )
    yield from _texts(scheme)


def _texts(scheme: Scheme) -> Iterator[Attack]:
    """Texts that are no number, or only begin like one."""
    row = partial(Attack, clause="x-signing.timestamp.unit", refusals=INVALID)
    no_number = "a timestamp that is no number is not refused"
    yield row(id="SIG-169", name="timestamp a word", cause=no_number, forgery=telling(lambda _now, _scheme: "now"))
    yield row(
        id="SIG-170",
        name="timestamp as a date",
        cause=no_number,
        level=SHOULD,
        forgery=telling(lambda now, scheme: _dated(scheme.milliseconds(now))),
    )
    yield row(
        id="SIG-171",
        name="timestamp with an exponent",
        cause="numbers with an exponent are read as whole numbers",
        level=SHOULD,
        forgery=telling(lambda now, _scheme: f"{now:.6e}"),
    )
    if scheme.timestamp_unit == "ms":
        yield row(
            id="SIG-172",
            name="timestamp with a word behind it",
            cause="a number is read from the beginning of a text, whatever follows",
            level=SHOULD,
            forgery=telling(lambda now, _scheme: f"{now}ms"),
        )


def shifted(seconds: int) -> Forgery:
    """A clock that is so many seconds off."""

    def stamping(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
        return scheme.stamp({}, now_ms=now_ms + seconds * 1000, nonce=nonce)

    return Forgery(stamping=stamping, by_their_clock=True)


def telling(written: Callable[[int, Scheme], object]) -> Forgery:
    """A timestamp that is made of the right one."""

    def stamping(scheme: Scheme, now_ms: int, nonce: int) -> Mapping[str, object]:
        stamp = scheme.stamp({}, now_ms=now_ms, nonce=nonce)
        now = int(str(stamp[scheme.timestamp_parameter]))
        return {**stamp, scheme.timestamp_parameter: written(now, scheme)}

    return Forgery(stamping=stamping)


def _dated(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")

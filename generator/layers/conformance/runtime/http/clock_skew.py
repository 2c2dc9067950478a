"""How far the server's clock is off ours, as its answers tell."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from time import time_ns

from requests import PreparedRequest

from procwise.signing import Scheme

from ..description import Api, Json
from .caller import Answer
from .wire import read

NOTABLE_SECONDS = 30  # a Date has whole seconds, and an answer may be slow
_DAY_MS = 86_400_000


def offset_ms(answer: Answer, request: PreparedRequest, api: Api) -> int:
    """How far the server's clock is ahead of ours; 0 where it is not notably off, or not told."""
    now = time_ns() // 1_000_000
    offset = next((moment - now for moment in _moments(answer, request, api, now)), 0)
    return offset if abs(offset) > NOTABLE_SECONDS * 1000 else 0


def remark(offset: int, scheme: Scheme | None) -> str:
    """A sentence about a clock that is off; empty where it is not."""
    if not offset:
        return ""
    told = f"the server's clock is {words(offset)} this machine's"
    return f"{told}, of {scheme.window_seconds} seconds that are allowed: set one of them right" if scheme else told


def words(offset: int) -> str:
    """So many seconds ahead of, or behind."""
    return f"{abs(offset) // 1000} seconds {'ahead of' if offset > 0 else 'behind'}"


def _moments(answer: Answer, request: PreparedRequest, api: Api, now: int) -> Iterator[int]:
    """The server's time: what a refusal tells beside the request's own timestamp, or else its Date."""
    if not answer.succeeded:
        sent = _sent(request, api)
        yield from (n for n in _numbers(answer.json) if n not in sent and abs(n - now) < _DAY_MS)
    try:
        yield int(parsedate_to_datetime(answer.date).timestamp() * 1000)
    except (TypeError, ValueError):
        return


def _sent(request: PreparedRequest, api: Api) -> set[int]:
    parts = read(request, api)
    told = {**parts.body, **parts.query}
    return {int(str(value)) for value in told.values() if str(value).lstrip("-").isdecimal()}


def _numbers(value: Json) -> Iterator[int]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield int(value)
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _numbers(inner)

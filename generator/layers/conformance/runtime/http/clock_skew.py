"""The offset of the server's clock, read from its responses."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from time import time_ns

from requests import PreparedRequest

from procwise.signing import Scheme

from ..api import Api, Json
from .caller import Response
from .wire import parse_request

NOTABLE_SECONDS = 30  # a Date has whole seconds, and a response may be slow
_DAY_MS = 86_400_000


def offset_ms(response: Response, request: PreparedRequest, api: Api) -> int:
    """How far the server's clock is ahead of ours; 0 if it is close, or not known."""
    now = time_ns() // 1_000_000
    offset = next((moment - now for moment in _server_times(response, request, api, now)), 0)
    return offset if abs(offset) > NOTABLE_SECONDS * 1000 else 0


def describe_offset(offset: int, scheme: Scheme | None) -> str:
    """A sentence about a clock that is off; empty where it is not."""
    if not offset:
        return ""
    sentence = f"the server's clock is {offset_in_words(offset)} this machine's"
    return (
        f"{sentence}, of {scheme.window_seconds} seconds that are allowed: set one of them right"
        if scheme
        else sentence
    )


def offset_in_words(offset: int) -> str:
    """So many seconds ahead of, or behind."""
    return f"{abs(offset) // 1000} seconds {'ahead of' if offset > 0 else 'behind'}"


def _server_times(response: Response, request: PreparedRequest, api: Api, now: int) -> Iterator[int]:
    """The server's time: a number in an error that the request did not send, or else the Date header."""
    if not response.succeeded:
        sent = _sent_numbers(request, api)
        yield from (n for n in _numbers(response.json) if n not in sent and abs(n - now) < _DAY_MS)
    try:
        yield int(parsedate_to_datetime(response.date).timestamp() * 1000)
    except (TypeError, ValueError):
        return


def _sent_numbers(request: PreparedRequest, api: Api) -> set[int]:
    parts = parse_request(request, api)
    sent = {**parts.body, **parts.query}
    return {int(str(value)) for value in sent.values() if str(value).lstrip("-").isdecimal()}


def _numbers(value: Json) -> Iterator[int]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield int(value)
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _numbers(inner)

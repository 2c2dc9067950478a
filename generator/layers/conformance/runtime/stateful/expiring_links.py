"""Expiring links in responses, which work without credentials."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import requests

from ..api import Operation
from ..http.network_errors import describe_no_response
from ..http.transport import TIMEOUT, session_for
from ..results import Result
from .check_run import CheckRun, Exchange, NotPossible
from .checks.objects import EXPIRY, LINK
from .factory import ObjectFactory
from .lists.pager import Pager

_MOST_TRIED = 30
_NUMBER = re.compile(r"[0-9]{1,15}")
_SLACK_SECONDS = 60
_LEAST_TIMESTAMP_SECONDS = 10**9
_LEAST_TIMESTAMP_MILLISECONDS = 10**12


def check_links(run: CheckRun, operation: Operation) -> Iterator[Result]:
    """Check the links of one operation; the object may be anybody's, since it is only read."""
    exchange = _find_links(run, operation)
    for name, seconds in operation.expiring:
        address = exchange.object.get(name)
        if not isinstance(address, str):
            continue
        yield from _check_link(run, exchange, address)
        yield from _check_expiry(run, exchange, address, seconds)


def _find_links(run: CheckRun, operation: Operation) -> Exchange:
    """The exchange for the first object that has such a link."""
    lister = run.api.find(operation.placeholders[-1].lister) if operation.placeholders else None
    if lister is None or lister.placeholders:
        raise NotPossible("no list shows objects to try it with")
    page = Pager(factory=ObjectFactory(run), lister=lister).page(1, _MOST_TRIED)
    names = [name for name, _ in operation.expiring]
    for item in page.items[:_MOST_TRIED]:
        exchange = run.ask(operation, {operation.placeholders[-1].name: item.get("id")})
        if exchange.succeeded and any(isinstance(exchange.object.get(name), str) for name in names):
            return exchange
    raise NotPossible("no object in the list has such an address, and the API cannot make one")


def _check_link(run: CheckRun, exchange: Exchange, address: str) -> Iterator[Result]:
    try:
        response = session_for(address).get(address, timeout=TIMEOUT)
        fine, observed = response.ok and bool(response.content), f"the address answered {response.status_code}"
    except requests.RequestException as error:
        fine, observed = False, describe_no_response(error)
    yield from run.verdict(LINK, exchange, fine, "an address that sends a file", observed=observed)


def _check_expiry(run: CheckRun, exchange: Exchange, address: str, seconds: int) -> Iterator[Result]:
    left = _seconds_left(address)
    if left is None:
        reason = f"the address does not say when it expires, and waiting {seconds} seconds is too long"
        yield from run.skip(EXPIRY, exchange.operation, reason)
        return
    fine = abs(left - seconds) <= _SLACK_SECONDS
    yield from run.verdict(EXPIRY, exchange, fine, f"an address for {seconds} seconds", observed=f"for {left:.0f}")


def _seconds_left(address: str) -> float | None:
    """The seconds until a link expires, by its query: a time, or a duration."""
    for name, value in parse_qsl(urlsplit(address).query):
        if "expire" not in name.lower() or not _NUMBER.fullmatch(value):
            continue
        number = int(value)
        if number >= _LEAST_TIMESTAMP_MILLISECONDS:
            return number / 1000 - time.time()
        return number - time.time() if number >= _LEAST_TIMESTAMP_SECONDS else float(number)
    return None

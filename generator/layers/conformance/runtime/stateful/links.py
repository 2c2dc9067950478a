"""Addresses in answers that work without credentials, for a while."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import requests

from ..description import Operation
from ..http.network_errors import silence
from ..http.transport import TIMEOUT, session
from ..results import Result
from .check_context import Exchange, NotPossible, Trial
from .checks.objects import EXPIRY, LINK
from .factory import Making
from .pager import Walk

_MOST_TRIED = 30
_NUMBER = re.compile(r"[0-9]{1,15}")
_SLACK_SECONDS = 60
_A_MOMENT_IN_SECONDS = 10**9
_A_MOMENT_IN_MILLISECONDS = 10**12


def followed(trial: Trial, operation: Operation) -> Iterator[Result]:
    """The addresses that one operation tells; the object may be anybody's, since it is only read."""
    exchange = _told(trial, operation)
    for name, seconds in operation.expiring:
        address = exchange.object.get(name)
        if not isinstance(address, str):
            continue
        yield from _followed(trial, exchange, address)
        yield from _expiring(trial, exchange, address, seconds)


def _told(trial: Trial, operation: Operation) -> Exchange:
    """The answer for the first object that has such an address."""
    lister = trial.api.operation(operation.placeholders[-1].lister) if operation.placeholders else None
    if lister is None or lister.placeholders:
        raise NotPossible("no list tells objects to try it with")
    page = Walk(making=Making(trial), lister=lister).page(1, _MOST_TRIED)
    names = [name for name, _ in operation.expiring]
    for item in page.items[:_MOST_TRIED]:
        exchange = trial.ask(operation, {operation.placeholders[-1].name: item.get("id")})
        if exchange.succeeded and any(isinstance(exchange.object.get(name), str) for name in names):
            return exchange
    raise NotPossible("no object in the list has such an address, and the API cannot make one")


def _followed(trial: Trial, exchange: Exchange, address: str) -> Iterator[Result]:
    try:
        answer = session().get(address, timeout=TIMEOUT)
        fine, observed = answer.ok and bool(answer.content), f"the address answered {answer.status_code}"
    except requests.RequestException as error:
        fine, observed = False, silence(error)
    yield from trial.verdict(LINK, exchange, fine, "an address that answers a file", observed=observed)


def _expiring(trial: Trial, exchange: Exchange, address: str, seconds: int) -> Iterator[Result]:
    left = _left(address)
    if left is None:
        reason = f"the address does not tell when it expires, and waiting {seconds} seconds is too long"
        yield from trial.skipped(EXPIRY, exchange.operation, reason)
        return
    fine = abs(left - seconds) <= _SLACK_SECONDS
    yield from trial.verdict(EXPIRY, exchange, fine, f"an address for {seconds} seconds", observed=f"for {left:.0f}")


def _left(address: str) -> float | None:
    """The seconds that an address works, as its query tells: a moment, or a duration."""
    for name, value in parse_qsl(urlsplit(address).query):
        if "expire" not in name.lower() or not _NUMBER.fullmatch(value):
            continue
        number = int(value)
        if number >= _A_MOMENT_IN_MILLISECONDS:
            return number / 1000 - time.time()
        return number - time.time() if number >= _A_MOMENT_IN_SECONDS else float(number)
    return None

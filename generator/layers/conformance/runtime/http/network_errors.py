"""Network errors as sentences."""

from __future__ import annotations

from http.client import IncompleteRead

import requests
from urllib3.exceptions import ProtocolError

from .rate_limit import ServerGone, Throttled, TimeIsUp
from .transport import DEEPEST_JSON, LARGEST_RESPONSE, ResponseTooDeep, ResponseTooLarge

_WHERE = "is this the address of the API?"
_FAULTS: tuple[tuple[type[Exception], str, str], ...] = (
    (requests.exceptions.Timeout, "does not answer in time", ""),
    (requests.exceptions.SSLError, "has no certificate that can be trusted", ""),
    (requests.exceptions.ContentDecodingError, "sends a body that is not compressed as its head says", ""),
    (ResponseTooLarge, f"sends more than {LARGEST_RESPONSE >> 20} MiB", _WHERE),
    (ResponseTooDeep, f"sends JSON that is nested too deep to be read, more than {DEEPEST_JSON} levels", _WHERE),
    (Throttled, "reports too many requests (429 or 503)", "wait a while, or say --rate"),
    (TimeIsUp, "was not asked, since the time was up", "give --time more"),
    (ServerGone, "does not answer any more", ""),
)


def describe_failure(server: str, error: Exception) -> str:
    """What the server did instead of responding, and advice."""
    words, advice = _explain(error)
    return f"{server} {words}: {advice}" if advice else f"{server} {words}."


def describe_no_response(error: Exception) -> str:
    """The same for a report, when the address is known to be correct."""
    words, _ = _explain(error)
    return f"no response: the server {words}"


def _explain(error: Exception) -> tuple[str, str]:
    """What the server did, as a verb and what follows; and advice, or nothing."""
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE" not in str(error).upper():
        return "does not speak TLS as it should", "is it http, and not https?"
    for kind, words, advice in _FAULTS:
        if isinstance(error, kind):
            return words, advice
    reason = error.args[0] if error.args else None
    if isinstance(reason, ProtocolError):
        cause = reason.args[-1] if reason.args else reason
        closed = isinstance(cause, ConnectionError | IncompleteRead)
        return "closes the connection before it has answered" if closed else "sends what is no HTTP", ""
    return "cannot be reached", "is the server running, and the address right?"

"""Why a request got no answer that could be read, in words."""

from __future__ import annotations

from http.client import IncompleteRead

import requests
from urllib3.exceptions import ProtocolError

from .rate_limit import Gone, Throttled, TimeIsUp
from .transport import DEEPEST_JSON, LARGEST_ANSWER, AnswerTooDeep, AnswerTooLarge

_WHERE = "is this the address of the API?"
_FAULTS: tuple[tuple[type[Exception], str, str], ...] = (
    (requests.exceptions.Timeout, "does not answer in time", ""),
    (requests.exceptions.SSLError, "has no certificate that can be trusted", ""),
    (requests.exceptions.ContentDecodingError, "answers a body that is not compressed as its head says", ""),
    (AnswerTooLarge, f"answers more than {LARGEST_ANSWER >> 20} MiB", _WHERE),
    (AnswerTooDeep, f"answers JSON that is nested too deep to be read, more than {DEEPEST_JSON} levels", _WHERE),
    (Throttled, "answers that there are too many requests (429 or 503)", "wait a while, or say --rate"),
    (TimeIsUp, "was not asked, since the time was up", "give --time more"),
    (Gone, "does not answer any more", ""),
)


def failure(server: str, error: Exception) -> str:
    """What the server did in the place of an answer, and advice."""
    words, advice = _why(error)
    return f"{server} {words}: {advice}" if advice else f"{server} {words}."


def silence(error: Exception) -> str:
    """The same for a report, where the address has been seen to be right."""
    words, _ = _why(error)
    return f"no answer: the server {words}"


def _why(error: Exception) -> tuple[str, str]:
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
        return "closes the connection before it has answered" if closed else "answers what is no HTTP", ""
    return "cannot be reached", "is the server running, and the address right?"

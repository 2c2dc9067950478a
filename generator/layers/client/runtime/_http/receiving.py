"""What the sync and the async transport have in common: timeouts, limits, failures."""

from __future__ import annotations

from typing import Any

import httpx2

from .._calls.messages import Failure, SignedRequest
from .unpacking import Damaged, Oversized

LARGEST = 64 << 20  # no response but a file comes near
CAUGHT = (httpx2.HTTPError, httpx2.InvalidURL, Damaged, Oversized, TimeoutError)


def choose_timeouts(http: httpx2.Client | httpx2.AsyncClient, seconds: float | None) -> dict[str, Any]:
    """The timeouts of the single steps: those of the client, and none longer than the whole attempt may be."""
    own = http.timeout.as_dict()
    if seconds is None:
        return dict(own)
    return {name: seconds if limit is None else min(seconds, limit) for name, limit in own.items()}


def build_request(
    http: httpx2.Client | httpx2.AsyncClient, request: SignedRequest, content: bytes | None
) -> httpx2.Request:
    """The request of the HTTP library."""
    extensions = {"timeout": choose_timeouts(http, request.timeout)}
    return http.build_request(
        request.method, request.url, headers=request.headers, content=content, extensions=extensions
    )


def read_content(response: httpx2.Response) -> bytes:
    """The content of a response that was read already."""
    try:
        return response.content
    except httpx2.ResponseNotRead:
        raise Damaged("its body was read by somebody else") from None


def to_failure(error: Exception) -> Failure:
    """Keep only the text: the exception itself holds the request and its secrets."""
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx2.InvalidURL):
        return Failure("unsendable", reason, sent=False)
    if isinstance(error, Oversized):
        return Failure("oversized", reason, sent=True)
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        unsent = isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        return Failure("timeout", type(error).__name__, sent=not unsent)
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError | httpx2.UnsupportedProtocol):
        return Failure("unreachable", reason, sent=False)
    return Failure("broken", reason, sent=True)

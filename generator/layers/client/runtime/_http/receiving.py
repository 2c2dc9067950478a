"""What the sync and the async transport have in common: limits and failures."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2

from .._calls.messages import Failure, RawResponse, SignedRequest
from .._files.download import Target
from .._files.part import Damaged
from .unpacking import Oversized

_QUERY = re.compile(r"\?[^\s'\"]*")  # it holds the signature and what was sent
LARGEST = 64 << 20  # no response but a file comes near
CAUGHT = (httpx2.HTTPError, httpx2.InvalidURL, Damaged, Oversized, TimeoutError, UnicodeError)


def read_content(response: httpx2.Response) -> bytes:
    """The content of a response that was read already."""
    try:
        return response.content
    except httpx2.ResponseNotRead:
        raise Damaged("its body was read by somebody else") from None


def add_range(request: SignedRequest, target: Target | None) -> SignedRequest:
    """The request, asking only for what the target still lacks."""
    headers = {} if target is None else target.headers()
    return replace(request, headers={**request.headers, **headers}) if headers else request


def to_outcome(error: Exception, target: Target | None = None, *, is_unsent: bool = False) -> RawResponse | Failure:
    """The failure of an attempt, and whether it brought something of the file.

    A hook of the user's HTTP client may have raised for an error status, which is a response.
    """
    if isinstance(error, httpx2.HTTPStatusError):
        content = error.response.content if error.response.is_stream_consumed else b""
        return RawResponse(error.response.status_code, error.response.headers, content)
    failure = replace(_describe(error), sent=False) if is_unsent else _describe(error)
    return replace(failure, progressed=True) if target is not None and target.has_grown() else failure


def _describe(error: Exception) -> Failure:
    """Keep only the text: the exception itself holds the request and its secrets."""
    if isinstance(error, UnicodeEncodeError):
        return Failure("unsendable", "a header holds characters that no header can carry", sent=False)
    if isinstance(error, UnicodeError):  # of the codec for host names, which the HTTP library leaves to the socket
        return Failure("unreachable", "the HTTP client has a proxy or server whose name no host can have", sent=False)
    reason = _QUERY.sub("?…", str(error)) or type(error).__name__
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

"""Signed requests as those of the HTTP library; the URL of the server is parsed once, not for every request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

import httpx2

from .._calls.messages import SignedRequest
from .._session.session import Session

T = TypeVar("T")
_PLAIN = re.compile(r"/[A-Za-z0-9_~!$&'()*+,;=:@%/.?-]*", re.ASCII)
_USUAL = httpx2.Timeout(5.0)  # of the HTTP library, for each step
_OWN = ("accept", "accept-encoding")


class RequestWriter(Generic[T]):
    """Writes the requests of one session for an HTTP client of our own.

    They go to its `transport`: what the client itself adds, cookies, redirects and other
    credentials, would break a signed request, and takes a sixth of a call's time.
    """

    def __init__(self, http: httpx2.Client | httpx2.AsyncClient, session: Session) -> None:
        self._http = http
        self._origin = session.origin
        self._url = httpx2.URL(self._origin)
        self.transport = cast("T", http._transport_for_url(self._url))
        kept = [(name, value) for name, value in http.headers.raw if name.decode().lower() not in _OWN]
        self._headers = [(b"Host", self._url.netloc), *kept]
        self._taken = {name.decode().lower() for name, _ in self._headers}

    def write(self, request: SignedRequest, content: bytes | None) -> httpx2.Request:
        """The request of the HTTP library."""
        extensions = {"timeout": choose_timeouts(self._http, request.timeout)}
        target = request.url[len(self._origin) :]
        if not _PLAIN.fullmatch(target) or "/." in target:
            return write_request(self._http, request, content)
        stream = httpx2.ByteStream(content or b"")
        headers = self._merge(request.headers)
        if content is not None or request.method in ("POST", "PUT", "PATCH"):
            headers.append((b"Content-Length", b"%d" % len(content or b"")))
        built = httpx2.Request(request.method, self._url, headers=headers, stream=stream, extensions=extensions)
        built.url = _Target(self._url, target)
        return built

    def _merge(self, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        added = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        if self._taken.isdisjoint(map(str.lower, headers)):
            return [*self._headers, *added]
        replaced = {name.lower().encode() for name in headers}
        return [*(pair for pair in self._headers if pair[0].lower() not in replaced), *added]


class _Target(httpx2.URL):
    """The URL of a server with another path and query, which are encoded already."""

    def __init__(self, server: httpx2.URL, target: str) -> None:
        super().__init__(server)
        self._target = target

    @property
    def raw_path(self) -> bytes:
        return self._target.encode("ascii")

    def __str__(self) -> str:
        return f"{super().__str__().rstrip('/')}{self._target}"

    def __repr__(self) -> str:
        return f"<URL {super().__str__()}>"


def write_request(
    http: httpx2.Client | httpx2.AsyncClient, request: SignedRequest, content: bytes | None
) -> httpx2.Request:
    """The request as the user's HTTP client builds it, with its headers and cookies."""
    extensions = {"timeout": choose_timeouts(http, request.timeout)}
    return http.build_request(
        request.method, request.url, headers=request.headers, content=content, extensions=extensions
    )


def choose_timeouts(http: httpx2.Client | httpx2.AsyncClient, seconds: float | None) -> dict[str, Any]:
    """The timeouts of the single steps: those of the client, and none longer than the whole attempt may be.

    A client that was made without a timeout has that of the library, which nobody chose.
    """
    own = httpx2.Timeout(None).as_dict() if http.timeout == _USUAL else http.timeout.as_dict()
    if seconds is None:
        return own
    return {name: seconds if limit is None else min(seconds, limit) for name, limit in own.items()}

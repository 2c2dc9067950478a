"""Connections with limits: every response has a limit of time, of size and of JSON depth."""

from __future__ import annotations

import io
import re
import time
from http.client import HTTPResponse
from typing import Any

import requests
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

CONNECT_SECONDS = 5.0
RESPONSE_SECONDS = 20.0
TIMEOUT = (CONNECT_SECONDS, RESPONSE_SECONDS)
# Zips of scanned exams are the largest responses, and far smaller.
LARGEST_RESPONSE = 64 * 2**20
# Described JSON is not ten levels deep, and JSON parsers recurse for each level.
DEEPEST_JSON = 100
_CHUNK = 2**16
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


class ResponseTooLarge(RequestException):
    """The response is larger than any of the API."""


class ResponseTooDeep(RequestException):
    """The JSON is nested deeper than any of the API."""


class _DeadlineReader(io.RawIOBase):
    """Reads with one deadline for the whole response, and not one for each read."""

    def __init__(self, raw: io.RawIOBase, sock: Any, seconds: float) -> None:
        self._raw = raw
        self._sock = sock
        self._end = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the response did not end in time")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineResponse(HTTPResponse):
    """A response whose head and body must arrive within the timeout of its socket."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        seconds = sock.gettimeout()
        if seconds is not None:
            self.fp = io.BufferedReader(_DeadlineReader(self.fp.detach(), sock, seconds))


class _Connection(HTTPConnection):
    response_class = _DeadlineResponse


class _SecureConnection(HTTPSConnection):
    response_class = _DeadlineResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class LimitedAdapter(HTTPAdapter):
    """Reads responses within the limits; `requests` reads without any."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """The response, read to its end; raises Timeout, ResponseTooLarge or ResponseTooDeep beyond the limits."""
        response = super().send(request, *args, **kwargs)
        try:
            content = _read(response)
        except BaseException:
            response.close()
            raise
        response._content, response._content_consumed = content, True
        if is_too_deep(content):
            raise ResponseTooDeep("JSON that is too deep", request=request)
        return response


def session_for(url: str) -> requests.Session:
    """A session for one server, with the proxies and certificates that the environment names.

    `requests` reads proxies for each request, and ignores certificates for requests prepared before.
    """
    configured = limit_responses(requests.Session())
    settings = configured.merge_environment_settings(url, {}, None, None, None)
    configured.proxies, configured.verify, configured.cert = (settings[name] for name in ("proxies", "verify", "cert"))
    configured.trust_env = False
    return configured


def limit_responses(session: requests.Session) -> requests.Session:
    """The same session, with limits for responses, and without credentials of `~/.netrc`."""
    session.auth = session.auth or _leave_unchanged  # `requests` looks there only if a session has none
    if not isinstance(session.adapters.get("http://"), LimitedAdapter):
        session.mount("http://", LimitedAdapter())
        session.mount("https://", LimitedAdapter())
    return session


def _leave_unchanged(request: PreparedRequest) -> PreparedRequest:
    return request


def is_too_deep(content: bytes) -> bool:
    """Whether what looks like JSON is nested too deep for what reads it."""
    if content.lstrip()[:1] not in (b"[", b"{") or content.count(b"[") + content.count(b"{") <= DEEPEST_JSON:
        return False
    depth = 0
    for bracket in _BRACKET.findall(_TEXT.sub(b"", content)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST_JSON:
            return True
    return False


def _read(response: Response) -> bytes:
    pieces, size = [], 0
    try:
        for piece in response.iter_content(_CHUNK):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_RESPONSE:
                raise ResponseTooLarge(f"more than {LARGEST_RESPONSE >> 20} MiB", request=response.request)
    except requests.ConnectionError as error:
        if "timed out" in str(error) or "in time" in str(error):
            raise requests.ReadTimeout(*error.args, request=response.request) from error
        raise
    return b"".join(pieces)

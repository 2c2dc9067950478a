"""Connections that end: every answer has a limit of time, of size and of depth, whatever the server does."""

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
ANSWER_SECONDS = 20.0
TIMEOUT = (CONNECT_SECONDS, ANSWER_SECONDS)
# Zips of scanned exams are the largest answers, and far below.
LARGEST_ANSWER = 64 * 2**20
# What the description has is not ten deep, and the tools that read JSON call themselves for each level.
DEEPEST_JSON = 100
_CHUNK = 2**16
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


class AnswerTooLarge(RequestException):
    """More came than any answer of the API has."""


class AnswerTooDeep(RequestException):
    """JSON came that is nested deeper than any answer of the API."""


class _Timed(io.RawIOBase):
    """What a connection reads from: the time is for all that is read together, and not for each piece of it."""

    def __init__(self, raw: io.RawIOBase, sock: Any, seconds: float) -> None:
        self._raw = raw
        self._sock = sock
        self._end = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not end in time")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Timely(HTTPResponse):
    """An answer whose head and body must have come before the time limit of its socket is over."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        seconds = sock.gettimeout()
        if seconds is not None:
            self.fp = io.BufferedReader(_Timed(self.fp.detach(), sock, seconds))


class _Connection(HTTPConnection):
    response_class = _Timely


class _SecureConnection(HTTPSConnection):
    response_class = _Timely


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class Bounded(HTTPAdapter):
    """Reads answers within the limits; `requests` reads without any."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """The answer, read to its end; Timeout, AnswerTooLarge or AnswerTooDeep where it is beyond the limits."""
        response = super().send(request, *args, **kwargs)
        try:
            content = _read(response)
        except BaseException:
            response.close()
            raise
        response._content, response._content_consumed = content, True
        if is_too_deep(content):
            raise AnswerTooDeep("JSON that is too deep", request=request)
        return response


def session() -> requests.Session:
    """A session whose answers are bounded."""
    return bounded(requests.Session())


def session_for(url: str) -> requests.Session:
    """A session for one server, which reads once what the environment says of proxies and certificates.

    `requests` reads proxies for each request, and leaves certificates out where a request was prepared before.
    """
    made = session()
    settings = made.merge_environment_settings(url, {}, None, None, None)
    made.proxies, made.verify, made.cert = (settings[name] for name in ("proxies", "verify", "cert"))
    made.trust_env = False
    return made


def bounded(session: requests.Session) -> requests.Session:
    """The same session, with its answers bounded."""
    if not isinstance(session.adapters.get("http://"), Bounded):
        session.mount("http://", Bounded())
        session.mount("https://", Bounded())
    return session


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
            if size > LARGEST_ANSWER:
                raise AnswerTooLarge(f"more than {LARGEST_ANSWER >> 20} MiB", request=response.request)
    except requests.ConnectionError as error:
        if "timed out" in str(error) or "in time" in str(error):
            raise requests.ReadTimeout(*error.args, request=response.request) from error
        raise
    return b"".join(pieces)

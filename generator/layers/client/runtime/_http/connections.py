"""The HTTP client: our own one, made for the server and the environment, or that of the user, checked."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx2

from .._errors.exceptions import InvalidArgument, SetupFailed
from .._logging.redaction import mask_queries
from .._session.proxies import is_excepted
from .._session.session import Session, is_host
from .deadlines import LimitedBackend

_OF_ONE_REQUEST = frozenset(("content-length", "transfer-encoding"))
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")  # a context is made anew where one of them changed
C = TypeVar("C", httpx2.Client, httpx2.AsyncClient)


def take_client(session: Session, http: httpx2.Client | None) -> httpx2.Client:
    """The user's client, checked, or one of our own; its log shows no query of this session."""
    mask_log(session)
    return open_client(session.base_url) if http is None else check_client(http, httpx2.Client)


def open_client(base_url: str) -> httpx2.Client:
    """A client of our own."""
    http = _open(httpx2.Client, httpx2.HTTPTransport, base_url)
    _wrap_backends(http, LimitedBackend)
    return http


def open_async_client(base_url: str) -> httpx2.AsyncClient:
    """The same for async calls."""
    from .handshakes import ClosingBackend

    http = _open(httpx2.AsyncClient, httpx2.AsyncHTTPTransport, base_url)
    _wrap_backends(http, ClosingBackend)
    return http


def _open(kind: type[C], transport: Callable[..., Any], base_url: str) -> C:
    """A client without time limits: each attempt has its own."""
    needs_proxy = not is_excepted(base_url)
    if needs_proxy and not all(map(_is_proxy, getproxies().items())):
        raise _setup_error(ValueError())
    try:
        trusted = _read_certificates(*map(_find_file, _TRUST))
        return kind(transport=None if needs_proxy else transport(verify=trusted), verify=trusted, timeout=None)
    except (ImportError, OSError, ValueError, httpx2.InvalidURL) as error:
        raise _setup_error(error) from None


def _find_file(variable: str) -> tuple[str, int]:
    """The path in a variable of the environment, and when the file there was changed."""
    path = os.environ.get(variable, "")
    try:
        return path, Path(path).stat().st_mtime_ns if path else 0
    except (OSError, ValueError):
        return path, 0


@lru_cache(maxsize=8)
def _read_certificates(*_files: tuple[str, int]) -> ssl.SSLContext:
    """Whom clients trust: all clients share it, since reading it takes longer than anything else that makes one."""
    return httpx2.create_ssl_context()


def _wrap_backends(http: httpx2.Client | httpx2.AsyncClient, kind: Callable[[Any], Any]) -> None:
    """Let everything that this client connects to go through another backend."""
    transports: list[Any] = [http._transport, *http._mounts.values()]
    for transport in transports:
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = kind(pool._network_backend)


def _is_proxy(proxy: tuple[str, str]) -> bool:
    """Whether the name of the host, if there is one, is possible."""
    name, url = proxy
    if name not in ("http", "https", "all"):
        return True
    try:
        host = urlsplit(url if "://" in url else f"http://{url}").hostname
    except ValueError:  # half an IPv6 address
        return False
    return host is None or is_host(host)


def check_client(http: C, kind: type[C]) -> C:
    """The user's client; InvalidArgument if it would break the signature."""
    if not isinstance(http, kind):
        found = f"{type(http).__module__.partition('.')[0]}.{type(http).__qualname__}"
        raise InvalidArgument(f"http= must be an httpx2.{kind.__name__}, not a {found}")
    faults: dict[str, str | bool] = {
        "params": bool(http.params) and "they would be added to a query that is signed without them",
        "auth": http.auth is not None and "it would replace the token, or change what is signed",
        "follow_redirects": http.follow_redirects and "a redirected request has another path than the signed one",
    }
    if named := sorted(_OF_ONE_REQUEST.intersection(map(str.lower, http.headers))):
        faults["headers"] = f"the {named[0]} in it is that of a single request, and would break others"
    for name, fault in faults.items():
        if fault:
            raise InvalidArgument(f"the {kind.__name__} in http= must not have {name}=: {fault}")
    return http


def mask_log(session: Session) -> None:
    """Keep the queries of this session's requests out of the log of the HTTP library."""
    mask_queries("httpx2", session.service.secrets | session.service.personal)


def _setup_error(error: Exception) -> SetupFailed:
    if isinstance(error, ImportError):
        reason = "a proxy of the environment (ALL_PROXY, HTTPS_PROXY, HTTP_PROXY) speaks SOCKS, which needs socksio"
        return SetupFailed(f"{reason}: install httpx2[socks], or name the server in NO_PROXY")
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        log = os.environ.get("SSLKEYLOGFILE", "")
        if log and error.filename in (None, log) and not os.access(log, os.W_OK):
            what = "the file for the keys of connections"
            return SetupFailed(f"{what} cannot be written ({reason}): check SSLKEYLOGFILE")
        return SetupFailed(f"the certificates cannot be read ({reason}): check SSL_CERT_FILE and SSL_CERT_DIR")
    return SetupFailed("a proxy of the environment is malformed: check ALL_PROXY, HTTPS_PROXY and HTTP_PROXY")

"""Who may read credentials and messages: whoever opened the link that the sandbox printed, which works once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..errors import forbidden
from ..http.accounts import Credentials
from ..storage.state import State, exchange_fact, set_fact, shared_key

_KEY = "key"
_FACT = "page key"
_USED = "This link has been used, or is of another start: the sandbox prints a new one on stderr whenever one is used."
_LOG = logging.getLogger("procwise_sandbox.page")


class PageAccess:
    """The one link, and the cookie that it sets; both are the same for all processes of one state."""

    def __init__(self, state: State, known: Iterable[Credentials]) -> None:
        self._state = state
        self._pairs = [f"{own.token}:{own.secret_key}".encode() for own in known]
        with state.transaction() as connection:
            key = shared_key(connection).encode()
        self._session = hmac.new(key, b"session of the page", hashlib.sha256).hexdigest()
        self._cookie = f"sandbox-{hashlib.sha256(self._session.encode()).hexdigest()[:8]}"  # ports share cookies

    def new_link(self) -> str:
        """The path and query of a link that works once; those before it work no longer."""
        key = secrets.token_urlsafe(32)
        with self._state.transaction() as connection:
            set_fact(connection, _FACT, key)
        return f"/?{_KEY}={key}"

    def open_link(self, request: Request) -> Response | None:
        """The response to a request with the key of a link; None if it has none. Raises 403 if the link was used."""
        key = request.query_params.get(_KEY)
        if key is None or request.method != "GET":
            return None
        new = secrets.token_urlsafe(32)
        with self._state.transaction() as connection:
            is_right = "prefetch" not in request.headers.get("sec-purpose", "") and exchange_fact(
                connection, _FACT, key, new
            )
        if not is_right:
            raise forbidden("forbidden", _USED)
        _LOG.info("the next link to the page: http://%s/?%s=%s", request.headers["host"], _KEY, new)
        response = RedirectResponse("/", 303)
        response.set_cookie(self._cookie, self._session, httponly=True, samesite="lax")
        return response

    def is_given(self, request: Request) -> bool:
        """Whether the request has the cookie, or token and secret key of a demo user by HTTP Basic."""
        cookie = request.cookies.get(self._cookie, "")
        return hmac.compare_digest(cookie.encode(), self._session.encode()) or self._has_pair(request)

    def _has_pair(self, request: Request) -> bool:
        kind, _, sent = request.headers.get("authorization", "").partition(" ")
        try:
            pair = base64.b64decode(sent, validate=True) if kind.lower() == "basic" else b""
        except ValueError:
            return False
        return any([hmac.compare_digest(pair, own) for own in self._pairs])  # noqa: C419  # all, in the same time

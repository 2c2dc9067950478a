"""Faults of whole requests and responses: tokens and nonces that nobody described so, members that leak."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..api import Field
from .fault import SHOULD, Fault
from .responses import WholeResponse, change_members, to_response, to_whole_response

_FORMATS = {"/api/v1": "apiEuroToken {}", "/api/v3": "Token token={}"}
_NAMES = ("token", "access_token", "api_key")
_FORBIDDEN = 403
_BURNT = {"error": "The nonce was used before.", "errors": ["nonce"], "code": "nonce_used"}
Members = dict[str, Any]


async def collect_response(app: ASGIApp, scope: Scope, receive: Receive) -> WholeResponse | None:
    """The whole response of the application; None if the client is gone."""
    start: Message = {}
    content = bytearray()

    async def keep(message: Message) -> None:
        start.update(message if message["type"] == "http.response.start" else {})
        content.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return to_whole_response(start, bytes(content)) if start else None


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def replay_body(body: bytes, receive: Receive) -> Receive:
    """What gives the body to an application, and then waits with it for what comes: the end of the connection."""
    unread = [body]

    async def replay() -> Message:
        return {"type": "http.request", "body": unread.pop(), "more_body": False} if unread else await receive()

    return replay


def _find_token_in(place: str) -> Callable[[ASGIApp], ASGIApp]:
    """A request without a token header has the token in another place."""

    def wrap_app(app: ASGIApp) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            headers = dict(scope.get("headers", ()))
            form = next((text for path, text in _FORMATS.items() if scope.get("path", "").startswith(path)), "")
            if not form or b"authorization" in headers:
                await app(scope, receive, send)
                return
            body = await read_body(receive)
            token = _search(place, scope, headers, body)
            added = [(b"authorization", form.format(token).encode())] if token else []
            await app({**scope, "headers": [*scope["headers"], *added]}, replay_body(body, receive), send)

        return faulty

    return wrap_app


def _search(place: str, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> str:
    if place == "query":
        values: Mapping[str, Any] = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    elif place == "cookie":
        pairs = headers.get(b"cookie", b"").decode("latin-1").split("; ")
        values = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    else:
        try:
            values = json.loads(body)
        except ValueError:
            values = {}
    found = (values.get(name) for name in _NAMES) if isinstance(values, dict) else ()
    return next((text for text in found if isinstance(text, str)), "")


def _burn_nonces(*methods: str) -> Callable[[ASGIApp], ASGIApp]:
    """A request that is refused for its signature uses up its nonce."""

    def wrap_app(app: ASGIApp) -> ASGIApp:
        burnt: set[str] = set()

        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            nonce = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("nonce", "")
            if not nonce or scope["method"] not in methods:
                await app(scope, receive, send)
            elif nonce in burnt:
                content = json.dumps(_BURNT).encode()
                await to_response(WholeResponse(_FORBIDDEN, "application/json", {}, content))(scope, receive, send)
            elif (response := await collect_response(app, scope, receive)) is not None:
                burnt.update([nonce] if response.status == _FORBIDDEN else [])
                await to_response(response)(scope, receive, send)

        return faulty

    return wrap_app


def _with(name: str, value: str) -> Callable[[tuple[Field, ...], Members], Members]:
    return lambda _fields, members: {**members, name: value}


FAULTS: Mapping[str, Fault] = {
    "token-in-query-accepted": Fault(
        clause="x-token", meaning="the token may stand in the query", wrap_app=_find_token_in("query")
    ),
    "token-in-body-accepted": Fault(
        clause="x-token", meaning="the token may stand in a JSON body", wrap_app=_find_token_in("body")
    ),
    "token-in-cookie-accepted": Fault(
        clause="x-token", meaning="the token may stand in a cookie", wrap_app=_find_token_in("cookie")
    ),
    "nonce-burnt-by-wrong-signature": Fault(
        clause="x-signing.nonce.unique_for_seconds",
        level=SHOULD,
        meaning="a wrongly signed request uses up its nonce",
        wrap_app=_burn_nonces("GET", "POST", "PUT", "PATCH", "DELETE"),
    ),
    "nonce-burnt-by-wrong-signature-on-get": Fault(
        clause="x-signing.nonce.unique_for_seconds",
        level=SHOULD,
        meaning="a wrongly signed GET uses up its nonce",
        wrap_app=_burn_nonces("GET"),
    ),
    "nonce-burnt-by-wrong-signature-on-change": Fault(
        clause="x-signing.nonce.unique_for_seconds",
        level=SHOULD,
        meaning="a wrongly signed PATCH, PUT or DELETE uses up its nonce",
        wrap_app=_burn_nonces("PUT", "PATCH", "DELETE"),
    ),
    "secret-key-shown": Fault(
        clause="responses.schema",
        level=SHOULD,
        meaning="objects have a member secret_key that no page describes",
        wrap_handler=change_members(_with("secret_key", "4f1c0b7e9a2d")),
    ),
    "password-hash-shown": Fault(
        clause="responses.schema",
        level=SHOULD,
        meaning="objects have a member password_digest that no page describes",
        wrap_handler=change_members(_with("password_digest", "$2b$12$abcdefghijklmnopqrstuv")),
    ),
    "session-token-shown": Fault(
        clause="responses.schema",
        level=SHOULD,
        meaning="objects have a member session_token that no page describes",
        wrap_handler=change_members(_with("session_token", "8d7f6e5c4b3a")),
    ),
}

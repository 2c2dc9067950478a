"""Faults of JSON that has a member twice: one value is verified, and the other one stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from ..api import Operation
from ..http.context import Handler, HandlerResult, RequestContext
from .fault import Fault
from .messages import collect_response, read_body, replay_body
from .responses import WholeResponse, to_response

_CLAUSE = "x-signing.message.parameters"
_FORBIDDEN = 403
_STORED: ContextVar[Mapping[str, Any]] = ContextVar("stored")
_NOTHING: Mapping[str, Any] = {}
Pairs = list[tuple[str, Any]]


def _keep_first(pairs: Pairs) -> dict[str, Any]:
    return dict(reversed(pairs))


def _parse(body: bytes, keep: Callable[[Pairs], dict[str, Any]]) -> dict[str, Any] | None:
    """The members, each once; None if none comes twice."""
    try:
        pairs, members = json.loads(body, object_pairs_hook=list), json.loads(body, object_pairs_hook=keep)
    except (ValueError, RecursionError):
        return None
    return members if isinstance(members, dict) and len(members) < len(pairs) else None


def _verify(
    *verified: Callable[[Pairs], dict[str, Any]], stored: Callable[[Pairs], dict[str, Any]]
) -> Callable[[ASGIApp], ASGIApp]:
    """The signature has to fit one of the bodies that are left when each member is kept once."""

    def wrap_app(app: ASGIApp) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("method") not in ("POST", "PUT", "PATCH"):
                await app(scope, receive, send)
                return
            body = await read_body(receive)
            kept = _parse(body, stored)
            if kept is None:
                await app(scope, replay_body(body, receive), send)
                return
            _STORED.set(kept)
            response: WholeResponse | None = None
            for keep in verified:
                content = json.dumps(_parse(body, keep), ensure_ascii=False).encode()
                headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
                sized = {**scope, "headers": [*headers, (b"content-length", str(len(content)).encode())]}
                response = await collect_response(app, sized, replay_body(content, receive))
                if response is None or response.status != _FORBIDDEN:
                    break
            if response is not None:
                await to_response(response)(scope, receive, send)

        return faulty

    return wrap_app


def _store(_operation: Operation, handler: Handler) -> Handler:
    """Stores the values that were set aside for it."""

    def faulty(context: RequestContext) -> HandlerResult:
        kept = _STORED.get(_NOTHING)
        return handler(replace(context, body={name: kept.get(name, value) for name, value in context.body.items()}))

    return faulty


FAULTS: Mapping[str, Fault] = {
    "repeated-member-first-verified": Fault(
        clause=_CLAUSE,
        meaning="of a member that comes twice the first value is verified, and the last one stored",
        wrap_app=_verify(_keep_first, stored=dict),
        wrap_handler=_store,
    ),
    "repeated-member-last-verified": Fault(
        clause=_CLAUSE,
        meaning="of a member that comes twice the last value is verified, and the first one stored",
        wrap_app=_verify(dict, stored=_keep_first),
        wrap_handler=_store,
    ),
    "repeated-member-either-verified": Fault(
        clause=_CLAUSE,
        meaning="of a member that comes twice either value may be signed, and the last one is stored",
        wrap_app=_verify(_keep_first, dict, stored=dict),
        wrap_handler=_store,
    ),
}

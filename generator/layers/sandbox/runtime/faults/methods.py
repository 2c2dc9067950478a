"""Faults of methods: those that nobody described, and those that are named elsewhere than in the request line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from .fault import SHOULD, Fault
from .messages import collect_response, read_body, replay_body
from .responses import WholeResponse, to_response

_NOT_ALLOWED = 405
_OF_A_VERSION = 4  # segments of /api/v3/exams/1
_HEADER, _PARAMETER = b"x-http-method-override", "_method"
_FORM, _JSON = b"application/x-www-form-urlencoded", b"application/json"


def accept_method(method: str, is_concerned: Callable[[str], bool] = bool) -> Callable[[ASGIApp], ASGIApp]:
    """A method that no operation has is answered as if it had done something, on the paths that are concerned."""

    def wrap_app(app: ASGIApp) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("method") != method or not is_concerned(scope["path"]):
                await app(scope, receive, send)
            elif (response := await collect_response(app, scope, receive)) is not None:
                if response.status == _NOT_ALLOWED:
                    response = WholeResponse(200, "application/json", {}, b"{}")
                await to_response(response)(scope, receive, send)

        return faulty

    return wrap_app


def _is_below_object(path: str) -> bool:
    """Whether a path names a list of an object, or something that is done to one."""
    segments = [segment for segment in path.split("/") if segment]
    return len(segments) > _OF_A_VERSION and not segments[-1].isdecimal()


def _obey(find: Callable[[Scope, bytes], str], *methods: str) -> Callable[[ASGIApp], ASGIApp]:
    """Requests of these methods are carried out by the method that stands elsewhere."""

    def wrap_app(app: ASGIApp) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("method") not in methods:
                await app(scope, receive, send)
                return
            body = await read_body(receive)
            method = find(scope, body).upper() or scope["method"]
            await app({**scope, "method": method}, replay_body(body, receive), send)

        return faulty

    return wrap_app


def _in_header(scope: Scope, _body: bytes) -> str:
    found: bytes = dict(scope["headers"]).get(_HEADER, b"")
    return found.decode("latin-1")


def _in_query(scope: Scope, _body: bytes) -> str:
    query: bytes = scope["query_string"]
    return dict(parse_qsl(query.decode("latin-1"))).get(_PARAMETER, "")


def _in_body(scope: Scope, body: bytes) -> str:
    kind: bytes = dict(scope["headers"]).get(b"content-type", b"")
    if kind == _FORM:
        return dict(parse_qsl(body.decode("latin-1"))).get(_PARAMETER, "")
    try:
        members = json.loads(body) if kind == _JSON else {}
    except ValueError:
        return ""
    return str(members.get(_PARAMETER, "")) if isinstance(members, dict) else ""


FAULTS: Mapping[str, Fault] = {
    "undescribed-put-accepted": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a PUT that no page describes is answered with success",
        wrap_app=accept_method("PUT"),
    ),
    "undescribed-post-accepted": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a POST that no page describes is answered with success",
        wrap_app=accept_method("POST"),
    ),
    "undescribed-patch-accepted": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a PATCH that no page describes is answered with success",
        wrap_app=accept_method("PATCH"),
    ),
    "undescribed-delete-accepted": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a DELETE that no page describes is answered with success",
        wrap_app=accept_method("DELETE"),
    ),
    "list-of-object-deletable": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a DELETE of what lies below an object, such as a list, is answered with success",
        wrap_app=accept_method("DELETE", _is_below_object),
    ),
    "list-of-object-replaceable": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a PUT of what lies below an object, such as a list, is answered with success",
        wrap_app=accept_method("PUT", _is_below_object),
    ),
    "method-taken-from-header": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a POST is carried out as the method in the header X-HTTP-Method-Override",
        wrap_app=_obey(_in_header, "POST"),
    ),
    "method-taken-from-query": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a GET or POST is carried out as the method in the query parameter _method",
        wrap_app=_obey(_in_query, "GET", "POST"),
    ),
    "method-taken-from-body": Fault(
        clause="paths",
        level=SHOULD,
        meaning="a POST or PATCH is carried out as the method in the member _method of its body",
        wrap_app=_obey(_in_body, "POST", "PATCH"),
    ),
}

"""Which web pages may call the API from a browser, such as the signing workbench of the docs site."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..api import Api
from ..errors import ApiError, SandboxError
from ..settings.defaults import LOOPBACK

NOBODY, ANYBODY, FILES = "none", "*", "null"
_LOOPBACK = r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?"
_ORIGIN = re.compile(r"https?://[^/\s?#@]+")
_FILE_HEADERS = ("Accept-Ranges", "Content-Disposition", "Content-Range", "ETag")


def cors(app: ASGIApp, apis: Iterable[Api], origins: tuple[str, ...]) -> ASGIApp:
    """Lets pages of these origins call the application; SandboxError where one is no origin."""
    if NOBODY in origins and set(origins) != {NOBODY}:
        raise SandboxError("the origin none lets no page call: leave it out, or the other origins")
    named_origins = [origin for origin in origins if origin not in (*LOOPBACK, NOBODY)]
    for origin in named_origins:
        if origin not in (ANYBODY, FILES) and not _ORIGIN.fullmatch(origin):
            example = "write it like https://docs.example, or none for no page at all"
            raise SandboxError(f"{origin!r} is no origin of a web page: {example}")
    loopback = _LOOPBACK if set(LOOPBACK) & set(origins) else None
    if not named_origins and loopback is None:
        return app
    operations = [operation for api in apis for operation in api.operations]
    paged = [operation.pagination for operation in operations if operation.pagination]
    problem = {name for p in paged for name in (p.item_count, p.page_count, p.page_header, p.limit_header)}
    return _Cors(
        app,
        allow_origins=named_origins,
        allow_origin_regex=loopback,
        allow_methods=sorted({"HEAD", *(operation.method for operation in operations)}),
        allow_headers=sorted({api.token.header for api in apis if api.token}),
        expose_headers=sorted({*problem, *_FILE_HEADERS}),
    )


class _Cors(CORSMiddleware):
    """Leaves requests without an Origin header alone; its error responses are JSON."""

    @property
    def _headers(self) -> list[str]:
        """The headers that pages may send, as they are written."""
        return self.preflight_headers["Access-Control-Allow-Headers"].split(", ")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def preflight_response(self, request_headers: Headers) -> Response:
        plain = super().preflight_response(request_headers)
        if plain.status_code == 200:
            content: dict[str, object] = {}
        else:
            content = self._preflight_error(request_headers, str(bytes(plain.body), "ascii")).content
        unsized = {name: value for name, value in plain.headers.items() if not name.startswith("content-")}
        return JSONResponse(content, plain.status_code, unsized)

    def _preflight_error(self, headers: Headers, problem: str) -> ApiError:
        """The error response; `problem` is the text of Starlette's middleware, of which one word names the cause."""
        if "origin" in problem:
            return ApiError(400, "origin_refused", "Pages of this origin may not call; see the option --cors.")
        if "method" in problem:
            method = headers["access-control-request-method"]
            sentence = f"Pages may not use the method {method}; they may use {', '.join(self.allow_methods)}."
        elif "headers" in problem:
            sent = [name.strip() for name in headers.get("access-control-request-headers", "").split(",")]
            rejected = [name for name in sent if name.lower() not in self.allow_headers]
            sentence = f"Pages may not send the header {', '.join(rejected)}; they may send {', '.join(self._headers)}."
        else:
            sentence = "Pages of the internet may not call into this network."
        return ApiError(400, "preflight_refused", sentence)

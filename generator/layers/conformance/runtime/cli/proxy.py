"""A proxy on this machine that signs what passes through it, so that any tool can talk to a signed API."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import requests
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..api import Api, Credentials
from ..errors import CannotRun
from ..http.caller import base_url
from ..http.network_errors import describe_failure
from ..http.signer import Signer
from ..http.transport import DEEPEST_JSON, TIMEOUT, is_too_deep, session_for

HOST = "127.0.0.1"
_SHUTDOWN_SECONDS = 10
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
# Headers of one connection, or of an encoding that is decoded here.
_NOT_FORWARDED = frozenset(
    ("connection", "content-encoding", "content-length", "date", "keep-alive", "server", "transfer-encoding")
)
_FORWARDED = frozenset(("content-type", "range", "if-range"))


class Proxy:
    """Signs requests as one user and forwards them; their path may lack the base path of the API."""

    def __init__(self, api: Api, url: str, credentials: Credentials, allowed: tuple[str, ...] = ()) -> None:
        """`allowed` are the origins of web pages that may use it, such as `http://localhost:5173`."""
        self._api = api
        self._target = base_url(url, api)
        self._signer = Signer(api, credentials)
        self._session = session_for(self._target)
        self._allowed = allowed

    def app(self, ready: Callable[[], None]) -> Starlette:
        """The proxy as an application; `ready` is called when it starts."""

        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            ready()
            yield

        cors = Middleware(CORSMiddleware, allow_origins=self._allowed, allow_methods=_METHODS, allow_headers=["*"])
        routes = [Route("/{path:path}", self.response, methods=_METHODS)]
        return Starlette(routes=routes, middleware=[cors] if self._allowed else [], lifespan=lifespan)

    async def response(self, request: Request) -> Response:
        """The server's response to the signed request; 403 if it comes from a web page that is not allowed."""
        if sentence := find_rejection(request, self._allowed):
            return JSONResponse({"error": sentence}, status_code=403)
        body = await request.body()
        if is_too_deep(body):
            sentence = f"the proxy does not sign JSON that is nested more than {DEEPEST_JSON} levels deep."
            return JSONResponse({"error": sentence}, status_code=400)
        try:
            return await run_in_threadpool(self._forward, request, body)
        except requests.RequestException as error:
            return JSONResponse({"error": describe_failure(self._target, error)}, status_code=502)

    def _forward(self, request: Request, body: bytes) -> Response:
        path = request.scope["raw_path"].decode("latin-1").removeprefix(self._api.base_path.rstrip("/"))
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {name: value for name, value in request.headers.items() if name in _FORWARDED}
        plain = requests.Request(request.method, self._target + path + query, headers=headers, data=body or None)
        signed = self._session.prepare_request(plain)
        ranged = {name: value for name, value in headers.items() if name != "content-type"}
        signed = self._signer(signed)
        signed.headers.update(ranged)  # no signature covers a header
        response = self._session.send(signed, timeout=TIMEOUT, allow_redirects=False)
        headers = {name: value for name, value in response.headers.items() if name.lower() not in _NOT_FORWARDED}
        # The proxy decides which page may read it.
        kept = {name: value for name, value in headers.items() if not name.lower().startswith("access-control-")}
        return Response(response.content, status_code=response.status_code, headers=kept)


def find_rejection(request: Request, allowed: tuple[str, ...], hosts: tuple[str, ...] = ()) -> str:
    """Why a request is not forwarded: any page in a browser on this machine can send one here.

    `allowed` are the origins of pages that may; `hosts` are names of the proxy beside its own.
    """
    own = [f"{name}:{request.scope['server'][1]}" for name in (HOST, "localhost")]
    host, origin = request.headers.get("host", ""), request.headers.get("origin", "")
    if host not in (*own, *hosts):
        return f"the proxy is at {own[0]} and not at {host!r}: ask it by its own address."
    if origin in (*allowed, *(f"http://{one}" for one in own)):
        return ""
    if origin:
        return f"a web page of {origin!r} may not use the proxy: start it with --allow-origin {origin} to let it in."
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return "a web page of another site may not use the proxy: start it with --allow-origin to let it in."
    return ""


def serve(
    api: Api,
    url: str,
    credentials: Credentials,
    port: int,
    announce: Callable[[str], None],
    allowed: tuple[str, ...] = (),
) -> None:
    """Serve until interrupted; `announce` gets one line of JSON with `base_url` and `target` first."""
    listen(lambda ready: Proxy(api, url, credentials, allowed).app(ready), base_url(url, api), port, announce)


def listen(
    build_app: Callable[[Callable[[], None]], Starlette],
    target: str,
    port: int,
    announce: Callable[[str], None],
    *,
    adds_headers: bool = True,
) -> None:
    """Serve an application on this machine until interrupted; it gets what to call when it starts.

    `adds_headers` says whether responses get a Date and a Server of their own.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()  # before the line that announces it: from then on a connection waits to be accepted
        except OSError as error:
            raise CannotRun(f"port {port} cannot be listened on: {error.strerror}.") from None
        own = f"http://{HOST}:{listener.getsockname()[1]}"
        line = json.dumps({"base_url": own, "target": target})
        app = build_app(lambda: announce(line))
        # httptools would lose the body of a request that offers HTTP/2; h11 ignores the offer
        config = uvicorn.Config(
            app,
            log_level="warning",
            http="h11",
            ws="none",
            server_header=adds_headers,
            date_header=adds_headers,
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
        asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))

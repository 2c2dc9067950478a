"""A program: every scheme's client calls its sandbox, all in one process; then what it sent is changed, and sent.

The result goes to standard output, as JSON: for each version and operation the status and the code of each request.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

import procwise_sandbox
from procwise.signing.language import SigningScheme, used_names
from procwise.signing.messages import Request, request_of
from procwise.signing.messages.mutations import find_covered, mutations_of
from procwise_sandbox.http.request_verification import credentials_of_signer

URL = "https://api.shelf.example"
SETTINGS = {"bucket": "shelf", "region": "north", "service": "shelf", "expires": "77"}
FAR_SECONDS = 10**6


class Clock:
    """The clock of the sandbox."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Server(httpx2.ASGITransport):
    """The sandbox; it keeps the last request as it came, and may leave it without carrying it out."""

    last: Request | None = None
    forwards = True

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
        target = request.url.raw_path.decode()
        self.last = request_of(request.method, f"{URL}{target}", headers, await request.aread())
        return await super().handle_async_request(request) if self.forwards else httpx2.Response(200, json={})

    async def send(self, request: Request) -> tuple[int, str]:
        """Status and code of the response."""
        host = [] if any(name.lower() == "host" for name, _ in request.headers) else [("Host", request.authority)]
        headers = [pair for pair in (*host, *request.headers) if pair[0].lower() != "content-length"]
        length = [("Content-Length", str(len(request.body)))] if request.body else []
        built = httpx2.Request(
            request.method, f"{URL}{request.target}", headers=[*headers, *length], content=request.body
        )
        response = await super().handle_async_request(built)
        content = json.loads(await response.aread() or b"null")
        return response.status_code, str(content.get("code", "")) if isinstance(content, dict) else ""


@dataclass(frozen=True)
class Signer:
    """A user of one version, as whoever signs by hand."""

    scheme: SigningScheme
    credentials: Mapping[str, str]
    settings: Mapping[str, str]


async def call_version(version: str, server: Server, clock: Clock, own: Any) -> dict[str, Any]:
    """All that is tried on one version."""
    scheme = importlib.import_module(f"procwise.signing.{version}").REQUEST_SCHEME
    credentials = credentials_of_signer(scheme, own.secret_key, {"access_key": own.token, "token": own.token})
    settings = {name: text for name, text in SETTINGS.items() if name in scheme.settings}
    used = used_names(scheme, "credential")
    given = {name: text for name, text in own.credentials.items() if name in used}
    client = importlib.import_module(f"procwise.{version}").AsyncClient(
        token=own.token,
        secret_key=own.secret_key,
        base_url=URL,
        credentials=given,
        settings=settings,
        max_retries=0,
        clock_skew="off",
        http=httpx2.AsyncClient(transport=server),
    )
    calls: dict[str, Callable[[], Any]] = {
        "find": lambda: client.books.find(title="Kidnapped & Ü +1"),
        "add": lambda: client.books.add(title="Kidnapped & Ü +1", pages=240),
    }
    signer = Signer(scheme, credentials, settings)
    return {name: await try_call(call, server, clock, signer) for name, call in calls.items()}


async def try_call(call: Callable[[], Any], server: Server, clock: Clock, signer: Signer) -> dict[str, Any]:
    """A call that is carried out; the same held back, sent, sent once more, changed in every way, and too late."""
    try:
        await call()
    except Exception as error:  # noqa: BLE001  # the test shows it
        return {"error": f"{type(error).__name__}: {error} {server.last}"}
    server.forwards = False
    await call()
    server.forwards, held = True, server.last
    assert held is not None
    first, second = await server.send(held), await server.send(held)
    changed = {name: change(held) for name, change in mutations_of(signer.scheme).items()}
    found = {name: await server.send(one) for name, one in changed.items() if one is not None and one != held}
    clock.ahead = FAR_SECONDS
    late = await server.send(held)
    clock.ahead = 0.0
    covered = find_covered(
        signer.scheme, held, signer.credentials, settings=signer.settings, now_ms=time.time_ns() // 10**6
    )
    sent = {"first": first, "second": second, "late": late}
    return {"error": "", "changed": found, **sent, "covered": covered}


async def main() -> None:
    """Print everything as one line."""
    clock = Clock()
    application = procwise_sandbox.app(clock=clock, page=False)
    own = application.state.credentials["demo"]
    server = Server(app=application)
    versions = json.loads(input())
    with procwise_sandbox.running(page=False) as running:
        first_line = json.loads(running.line())
    seen = {version: await call_version(version, server, clock, own) for version in versions}
    print(json.dumps({**seen, "first line": first_line}))


if __name__ == "__main__":
    asyncio.run(main())

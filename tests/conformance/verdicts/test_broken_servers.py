"""Servers that no verdict can be given about: one sentence and exit code 2 in time, whatever they do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import Response

from tests.conformance.conftest import Command
from tests.conformance.run.test_preflight import check_cannot_run
from tests.conformance.servers.broken_servers import (
    Handler,
    drip_body,
    drip_head,
    endless,
    raw,
    reset,
    response,
    send_compressed,
    serve_raw,
)
from tests.conformance.servers.model_server import Model, serve
from tests.proofs import mark_most_slow

BUSY = "429 Too Many Requests"
SENTENCES: dict[str, tuple[Handler, tuple[str, ...]]] = {
    "deep JSON": (response(b"[" * 100_000), ("too deep",)),
    "endless body": (endless, ("64 MiB",)),
    "swelling body": (send_compressed, ("64 MiB",)),
    "503 of HTML": (response(b"<html>", "503 Unavailable", kind="text/html"), ("503", "text/html")),
    "500 of JSON": (response(b"{}", "500 Broken"), ("500", "application/json", "log")),
    "422 of JSON": (response(b"{}", "422 Unprocessable"), ("422", "application/json")),
    "429 with a wait": (response(b"{}", BUSY, more="Retry-After: 1\r\n"), ("429", "--rate")),
    "429 for an hour": (response(b"{}", BUSY, more="Retry-After: 3600\r\n"), ("429", "--rate")),
    "HTML": (response(b"<html>", kind="text/html"), ("200 text/html", "address of the API")),
    "nothing": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), ("204", "nothing in it")),
    "broken JSON": (response(b"[1,"), ("no JSON",)),
    "broken gzip": (response(b"xx", more="Content-Encoding: gzip\r\n"), ("not compressed",)),
    "an SSH banner": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), ("no HTTP",)),
    "a reset": (reset, ("closes the connection",)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", mark_most_slow(SENTENCES, 4))
def test_sentence(shelf_conformance: Command, name: str) -> None:
    how, words = SENTENCES[name]
    with serve_raw(how) as url:
        check_cannot_run(shelf_conformance(url), *words)


@pytest.mark.parametrize("how", [drip_head, drip_body])
def test_one_byte_at_a_time(shelf_conformance: Command, how: Handler) -> None:
    started = time.monotonic()
    with serve_raw(how) as url:
        check_cannot_run(shelf_conformance(url, "--time", "4s"), "in time")
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://127.0.0.1:99999", "ftp://127.0.0.1", "http://a b", "http://", "http:///rest", "http://*"],
)
@pytest.mark.parametrize("options", [(), ("--profile", "read-only"), ("--i-own-this",)])
def test_no_url(shelf_conformance: Command, url: str, options: tuple[str, ...]) -> None:
    check_cannot_run(shelf_conformance(url, *options), "no http URL")


@pytest.mark.parametrize("url", ["http://user:hunter2@127.0.0.1:1", "http://hunter2@127.0.0.1:1", "hunter2@[::1"])
def test_credentials_in_the_url(shelf_conformance: Command, url: str) -> None:
    outcome = shelf_conformance(url)
    check_cannot_run(outcome)
    written = [path.read_text("utf-8") for path in outcome.folder.rglob("*") if path.is_file()]
    assert "hunter2" not in outcome.errors + "".join(written)


OF_ALL_PHASES = ("--include-check", "SIG-00*,MOD-*,SCH-*", "--max-examples", "2")


class Busy(Model):
    """Refuses the second of every three requests, after it has noted their nonces as a right server may."""

    async def response(self, request: Request) -> Response:
        response = await super().response(request)
        if len(self.requests) % 3 == 2 and request.method == "GET":
            return Response(b"{}", 429, {"retry-after": "0"}, "application/json")
        return response


@pytest.mark.slow
def test_a_busy_server_is_waited_for(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    honest = model("shelf")
    with serve(Busy(honest.api, honest.users, frozenset())) as url:
        outcome = shelf_conformance(url, "--operations", "listBooks,showBook", *OF_ALL_PHASES)
    assert (outcome.code, outcome.findings) == (0, []), outcome.output
    assert outcome.report["coverage"][0]["statuses"]["429"] > 10


class Quota(Model):
    """Takes so many requests, and then no more."""

    async def response(self, request: Request) -> Response:
        if len(self.requests) > 60:
            return Response(b"{}", 429, media_type="application/json")
        return await super().response(request)


@pytest.mark.slow
def test_what_a_server_does_not_take_is_skipped(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    honest = model("shelf")
    with serve(Quota(honest.api, honest.users, frozenset())) as url:
        outcome = shelf_conformance(url, "--operations", "listBooks,showBook", "--profile", "read-only")
    assert (outcome.code, outcome.findings) == (0, []), outcome.output
    skipped = [result for result in outcome.report["results"] if "too many requests" in result["observed"]]
    assert {result["layer"] for result in skipped} >= {"signature", "schema"}
    assert {result["status"] for result in skipped} == {"skipped"}
    assert any("429" in note and "--rate" in note for note in outcome.report["notes"])


class Deep(Model):
    """Responds to one operation with JSON that is too deep."""

    async def response(self, request: Request) -> Response:
        response = await super().response(request)
        return Response(b"[" * 100_000, media_type="application/json") if request.method == "PATCH" else response


@pytest.mark.slow
def test_an_unreadable_response_is_a_failure(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    honest = model("shelf")
    with serve(Deep(honest.api, honest.users, frozenset())) as url:
        outcome = shelf_conformance(url, "--operations", "changeBook", *OF_ALL_PHASES)
    assert outcome.code == 1, outcome.errors
    assert {result["layer"] for result in outcome.findings} == {"signature", "model", "schema"}
    assert {result["layer"] for result in outcome.findings if "too deep to be read" in result["observed"]} == {
        "signature",
        "model",
        "schema",
    }
    assert not [result for result in outcome.report["results"] if result["status"] == "error"]


class Stopping(Model):
    """Stops answering after some requests, until it has a bug."""

    async def response(self, request: Request) -> Response:
        while len(self.requests) > 30 and not self.bugs:
            await asyncio.sleep(0.1)
        return await super().response(request)


@pytest.mark.slow
def test_time_ends_the_waiting(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    honest, started = model("shelf"), time.monotonic()
    server = Stopping(honest.api, honest.users, frozenset())
    with serve(server) as url:
        outcome = shelf_conformance(url, "--time", "4s")
        took, server.bugs = time.monotonic() - started, frozenset(("goes on",))
    assert (outcome.code, "stopped answering" in outcome.errors) == (2, True), outcome.output
    assert took < 30

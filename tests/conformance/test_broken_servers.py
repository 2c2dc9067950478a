"""Servers that no verdict can be given about: one sentence and exit code 2 in time, whatever they do."""

from __future__ import annotations

import time

import pytest

from tests.conformance.broken_servers import (
    Answering,
    answer,
    answering,
    dripping_body,
    dripping_head,
    endless,
    raw,
    reset,
    swelling,
)
from tests.conformance.conftest import Command
from tests.conformance.test_preflight import refused

BUSY = "429 Too Many Requests"
SENTENCES: dict[str, tuple[Answering, tuple[str, ...]]] = {
    "deep JSON": (answer(b"[" * 100_000), ("too deep",)),
    "endless body": (endless, ("64 MiB",)),
    "swelling body": (swelling, ("64 MiB",)),
    "503 of HTML": (answer(b"<html>", "503 Unavailable", kind="text/html"), ("503", "text/html")),
    "500 of JSON": (answer(b"{}", "500 Broken"), ("500", "application/json", "log")),
    "422 of JSON": (answer(b"{}", "422 Unprocessable"), ("422", "application/json")),
    "429 with a wait": (answer(b"{}", BUSY, more="Retry-After: 1\r\n"), ("429", "--rate")),
    "429 for an hour": (answer(b"{}", BUSY, more="Retry-After: 3600\r\n"), ("429", "--rate")),
    "HTML": (answer(b"<html>", kind="text/html"), ("200 text/html", "address of the API")),
    "nothing": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), ("204", "nothing in it")),
    "broken JSON": (answer(b"[1,"), ("no JSON",)),
    "broken gzip": (answer(b"xx", more="Content-Encoding: gzip\r\n"), ("not compressed",)),
    "an SSH banner": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), ("no HTTP",)),
    "a reset": (reset, ("closes the connection",)),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentence(shelf_conformance: Command, name: str) -> None:
    how, words = SENTENCES[name]
    with answering(how) as url:
        refused(shelf_conformance(url), *words)


@pytest.mark.parametrize("how", [dripping_head, dripping_body])
def test_one_byte_at_a_time(shelf_conformance: Command, how: Answering) -> None:
    started = time.monotonic()
    with answering(how) as url:
        refused(shelf_conformance(url, "--time", "4s"), "in time")
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://127.0.0.1:99999", "ftp://127.0.0.1", "http://a b", "http://", "http:///rest", "http://*"],
)
@pytest.mark.parametrize("options", [(), ("--profile", "read-only"), ("--i-own-this",)])
def test_no_url(shelf_conformance: Command, url: str, options: tuple[str, ...]) -> None:
    refused(shelf_conformance(url, *options), "no http URL")


@pytest.mark.parametrize("url", ["http://user:hunter2@127.0.0.1:1", "http://hunter2@127.0.0.1:1", "hunter2@[::1"])
def test_credentials_in_the_url(shelf_conformance: Command, url: str) -> None:
    outcome = shelf_conformance(url)
    refused(outcome)
    written = [path.read_text("utf-8") for path in outcome.folder.rglob("*") if path.is_file()]
    assert "hunter2" not in outcome.errors + "".join(written)

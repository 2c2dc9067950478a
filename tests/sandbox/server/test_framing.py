"""Where one request ends and the next begins: all who read along have to understand the same."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.programs import PROGRAMS
from tests.sandbox.sandbox_calls import Caller
from tests.sandbox.server.test_upgrade_offers import create_exam, exchange, head, last, names, statuses
from tests.shared import make_environment

HEALTH = b"GET /healthz HTTP/1.1\r\n"
CLOSE = b"Connection: close\r\n\r\n"


def post(demo: Caller, name: str) -> bytes:
    body = create_exam(demo, name)
    return head(demo, b"", b"Content-Length: %d\r\n" % len(body)) + body


@pytest.mark.parametrize(
    ("garbage", "status"),
    [
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnothing", 400),
        (b"GET /" + b"x" * 70_000, 414),
        (b"GET /?" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 70_000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-More: x\r\n" * 7_000, 431),
    ],
    ids=lambda value: repr(value)[:60],
)
@pytest.mark.parametrize("count", [1, 3])
def test_what_is_before_garbage_gets_a_response(demo: Caller, garbage: bytes, status: int, count: int) -> None:
    name = f"{count} before {garbage[:60]!r} {len(garbage)}"
    received = exchange(demo, b"".join(post(demo, name) for _ in range(count)) + garbage)
    assert statuses(received) == [200] * count + [status]
    assert names(demo, name) == count


def test_a_request_whose_body_breaks_off_is_not_carried_out(demo: Caller) -> None:
    start = head(demo, b"", b"Transfer-Encoding: chunked\r\n")
    body = create_exam(demo, "broken off")
    whole = b"%x\r\n%s\r\n" % (len(body), body)
    for before, expected in ((b"", [400]), (post(demo, "before"), [200, 400])):
        assert statuses(exchange(demo, before + start + whole + b"nothing\r\n")) == expected
    assert names(demo, "broken off") == 0


@pytest.mark.slow
@pytest.mark.parametrize(("path", "header"), [(b"/healthz", b""), (b"/api/v3/exams", b"Expect: 100-continue\r\n")])
def test_nothing_is_sent_after_the_refusal_of_a_body(root: Path, tmp_path: Path, path: bytes, header: bytes) -> None:
    """The request itself is read a moment later: what it would send is dropped, and nothing fails for it."""
    start = b"POST %s HTTP/1.1\r\nHost: x\r\n%sTransfer-Encoding: chunked\r\n\r\n" % (path, header)
    call = ("procwise_sandbox", "--port", "0", "--files", str(tmp_path))
    with PROGRAMS.start(*call, environment=make_environment(root / "generated")) as server:
        address = urlsplit(json.loads(server.stdout.readline())["base_url"])
        with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
            connection.sendall(start + b"5\r\nabcde\r\nnothing\r\n")
            received = connection.makefile("rb").read()
        server.terminate()
        _, errors = server.communicate()
    assert statuses(received) == [400]
    assert "Traceback" not in errors


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("packets", [1, 2])
def test_all_requests_before_an_end_get_responses(demo: Caller, count: int, packets: int) -> None:
    name = f"{count} ended, {packets}"
    requests = b"".join(post(demo, name) for _ in range(count))
    parts = [requests] if packets == 1 else [requests[:-7], requests[-7:]]
    assert statuses(exchange(demo, *parts, ends=True)) == [200] * count
    assert names(demo, name) == count


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
PATH = b"/healthz?x="


@pytest.mark.parametrize("packets", [1, 3])
@pytest.mark.parametrize("offer", [b"", OFFER], ids=["", "offer"])
@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        (PATH + b"x" * (65_535 - len(PATH)), b"", 200),
        (PATH + b"x" * (65_536 - len(PATH)), b"", 414),
        (PATH + b"%41" * 60_000, b"", 414),
        (b"/" + b"x" * 66_000, b"", 414),
        (b"/" + b"x" * 8_191, b"", 404),
        (b"/" + b"x" * 8_192, b"", 414),
        (PATH, b"X-Long: " + b"x" * 65_000 + b"\r\n", 200),
        (PATH, b"X-Long: " + b"x" * 66_000 + b"\r\n", 431),
        (PATH, b"Cookie: a=" + b"x" * 200_000 + b"\r\n", 431),
        (PATH, b"X" * 66_000 + b": x\r\n", 431),
        (PATH, b"X-More: x\r\n" * 190, 200),
        (PATH, b"X-More: x\r\n" * 201, 431),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_too_long_is_named(
    demo: Caller, target: bytes, headers: bytes, status: int, offer: bytes, packets: int
) -> None:
    sent = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n" + offer + headers + (b"\r\n" if offer else CLOSE)
    length = len(sent) // packets + 1
    received = exchange(demo, *(sent[at : at + length] for at in range(0, len(sent), length)), ends=bool(offer))
    assert statuses(received) == [status]


@pytest.mark.parametrize("left_out", [1, 40])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_request_that_an_end_cuts_short_is_not_carried_out(demo: Caller, count: int, left_out: int) -> None:
    before, name = f"{count} before {left_out}", f"cut short by {left_out} after {count}"
    requests = b"".join(post(demo, before) for _ in range(count)) + post(demo, name)[:-left_out]
    assert statuses(exchange(demo, requests, ends=True)) == [200] * count + [400]
    assert (names(demo, before), names(demo, name)) == (count, 0)


def test_headers_that_an_end_cuts_short_close_the_connection(demo: Caller) -> None:
    requests = post(demo, "whole") + head(demo, b"", b"Content-Length: 5\r\n")[:-9]
    assert statuses(exchange(demo, requests, ends=True)) == [200]
    assert exchange(demo, b"", ends=True) == b""


@pytest.mark.parametrize("trailer", ["Authorization", "Content-Type"])
@pytest.mark.parametrize("packets", [1, 2])
def test_trailers_never_count(demo: Caller, trailer: str, packets: int) -> None:
    name = f"{trailer} {packets}"
    body = create_exam(demo, name)
    whole = head(demo, b"", b"Transfer-Encoding: chunked\r\n")
    (line,) = [line for line in whole.split(b"\r\n") if line.startswith(trailer.encode())]
    parts = [whole.replace(line + b"\r\n", b"") + b"%x\r\n%s\r\n0\r\n" % (len(body), body), line + b"\r\n\r\n"]
    received = exchange(demo, *(parts if packets == 2 else [b"".join(parts)]), last(demo))
    assert statuses(received) in ([401, 200], [403, 200], [422, 200])
    assert names(demo, name) == 0


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (HEALTH + CLOSE, 400),
        (HEALTH + b"Host: x\r\nHost: x\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x\r\nhost: y\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x y\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x/y\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x@y\r\n" + CLOSE, 400),
        (b"GET /healthz HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
        (HEALTH + b"Host: [::1\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x:80:80\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x:port\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x%zz\r\n" + CLOSE, 400),
        (HEALTH + b"Host: x:\r\n" + CLOSE, 200),
        (HEALTH + b"Host: [::1]:8080\r\n" + CLOSE, 200),
        (HEALTH + b"Host:\r\n" + CLOSE, 200),
        (HEALTH + b"Host: x\r\nTransfer-Encoding: gzip, chunked\r\n" + CLOSE, 501),
        (HEALTH + b"Host: x\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n" + CLOSE, 501),
        (HEALTH + b"Host: x\r\nTransfer-Encoding: identity\r\n" + CLOSE, 501),
        (HEALTH + b"Host: x\r\nTransfer-Encoding: Chunked\r\n" + CLOSE + b"0\r\n\r\n", 200),
    ],
)
def test_host_and_transfer_encoding(demo: Caller, request_head: bytes, status: int) -> None:
    received = exchange(demo, request_head)
    assert statuses(received) == [status]
    assert status == 200 or b'"code": "' in received

"""Trouble on the way to a client: seen by raw sockets, by an HTTP client, and by the client package."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest

from procwise_sandbox import Running, SandboxError, app, running
from tests.sandbox.sandbox_calls import Caller, send


@contextmanager
def run_troubled(*network: str) -> Iterator[tuple[Running, Caller]]:
    with running(network=network) as sandbox:
        yield sandbox, Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)


def raw(caller: Caller, method: str = "GET", **settings: object) -> bytes:
    """All bytes of the response to one request for exams, until the server closes the connection."""
    address = urlsplit(caller.base_url)
    query = urlencode(caller.sign({**caller.stamp(), **settings}))
    lines = [f"{method} /api/v3/exams?{query} HTTP/1.1", "Host: x", f"Authorization: Token token={caller.token}"]
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def exams(response: bytes) -> int:
    return response.count(b'"institute_id"')


def test_a_dropped_request_is_not_carried_out_and_a_lost_one_is(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), run_troubled("drop=1x") as (_, dropped), run_troubled("lose=1x") as (_, lost):
        before = [raw(caller, "POST", name="n", type="demo") for caller in (dropped, lost)]
        after = [exams(raw(caller)) for caller in (dropped, lost)]
    assert before == [b"", b""]
    assert after == [4, 5]
    assert not caplog.records


def test_a_cut_response_is_half_of_what_it_announces(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), run_troubled("truncate=1x") as (_, caller):
        cut, whole = raw(caller), raw(caller)
    head, _, body = cut.partition(b"\r\n\r\n")
    full = whole.partition(b"\r\n\r\n")[2]
    assert f"content-length: {len(full)}".encode() in head.lower()
    assert body == full[: len(full) // 2]
    assert not caplog.records


@pytest.mark.parametrize(("status", "code"), [(429, "too_many_requests"), (503, "unavailable")])
def test_the_first_requests_are_rejected_for_a_while(status: int, code: str) -> None:
    with run_troubled(f"{status}=2x", "retry-after=1500ms") as (_, caller):
        replies = [caller.call("GET", "/exams") for _ in range(3)]
        assert [reply.status for reply in replies] == [status, status, 200]
        assert (replies[0].code, replies[0].headers["retry-after"]) == (code, "2")


def test_every_response_is_late_but_that_of_the_health_check() -> None:
    with run_troubled("latency=300ms") as (sandbox, caller):
        times = []
        for call in (lambda: caller.call("GET", "/exams"), lambda: send(sandbox.base_url, "GET", "/healthz")):
            started_command = time.perf_counter()
            assert call().status == 200
            times.append(time.perf_counter() - started_command)
    assert times[0] >= 0.3 > times[1]


def outcomes(*network: str) -> list[int]:
    """The statuses of 24 requests over connections that are kept open; 0 where there was no response."""
    result = []
    with run_troubled(*network) as (sandbox, _), httpx2.Client(base_url=sandbox.base_url) as client:
        for _ in range(24):
            try:
                result.append(client.get("/api/v3/nowhere").status_code)
            except httpx2.RemoteProtocolError:
                result.append(0)
            assert client.get("/healthz").status_code == 200
    return result


def test_the_same_seed_is_the_same_trouble() -> None:
    mixed = ("drop=0.25", "429=0.25")
    first, repeated, other = outcomes(*mixed), outcomes(*mixed, "seed=0"), outcomes(*mixed, "seed=1")
    assert first == repeated != other
    assert {*first} == {*other} == {0, 404, 429}


def test_a_trouble_does_not_depend_on_the_others() -> None:
    alone, beside = outcomes("drop=0.25"), outcomes("429=1x", "drop=0.25")
    assert beside[1:] == alone[1:]
    assert 0 in alone[1:]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("drop", "'drop' says nothing of a network: write drop=SHARE, lose=SHARE"),
        ("rain=1", "'rain=1' says nothing of a network"),
        ("drop=2", "'2' is no share of requests: write 0.1 for a tenth, or 3x for the first three"),
        ("drop=", "'' is no share"),
        ("drop=-1", "'-1' is no share"),
        ("503=0.1x", "'0.1x' is no share"),
        ("drop=٣x", "is no share"),
        ("latency=5", "'5' is no duration"),
        ("seed=x", "'x' is no seed"),
    ],
)
def test_what_is_no_trouble_says_why(word: str, said: str) -> None:
    with pytest.raises(SandboxError) as error_of:
        app(network=[word])
    assert said in str(error_of.value)


@pytest.mark.parametrize("count", [1, 3, 4])
def test_who_sends_no_more_before_the_responses_is_no_error(count: int, caplog: pytest.LogCaptureFixture) -> None:
    request = b"GET /api/v3/exams HTTP/1.1\r\nHost: x\r\n\r\n"
    with caplog.at_level(logging.ERROR), run_troubled("latency=100ms") as (sandbox, _):
        address = urlsplit(sandbox.base_url)
        with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
            connection.sendall(request * count)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                continue
            time.sleep(0.5)  # what is at work comes to its end
        assert send(sandbox.base_url, "GET", "/healthz").status == 200
    assert not caplog.records

"""Requests that would cost far more than others, from a sender who knows a token and no secret key."""

from __future__ import annotations

import json
import select
import socket
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.benchmarks.hostile import COST_BAR, NOISE, ROUNDS, attacks, bodies, count_reads, read_cost
from tests.benchmarks.sandbox import sandbox, sign
from tests.sandbox.sandbox_calls import Caller, Reply, send

FORM = "application/x-www-form-urlencoded"
PART = b'--limit\r\nContent-Disposition: form-data; name="a[]"\r\n\r\nx\r\n'


def post(demo: Caller, media_type: str, body: bytes) -> Reply:
    """A POST with a known token and a signature of zeros."""
    query = urlencode({**demo.stamp(), "signature": "0" * 64})
    headers = {**demo.authorization, "Content-Type": media_type}
    return send(demo.base_url, "POST", f"/api/v3/exams?{query}", headers, body)


@pytest.mark.parametrize("name", [*bodies()])
def test_what_the_benchmark_sends_is_rejected_by_its_signature(demo: Caller, name: str) -> None:
    reply = post(demo, *bodies()[name])
    assert (reply.status, reply.code) == (403, "signature_invalid")


@pytest.mark.slow
def test_the_worst_costs_about_20_reads(tmp_path: Path) -> None:
    """Bodies, queries and headers of up to 100 kB whose signature is wrong, in CPU time of the server.

    `make bench` has the bar itself; others use this machine too.
    """
    with sandbox(tmp_path / "state.db") as (credentials, server):
        read = partial(sign, credentials, "GET", "/api/v3/exams/1", {"id": "1"}, {})
        usual = min(read_cost(server, read) for _ in range(ROUNDS))
        costs = {
            name: count_reads(server, lambda sent=sent: sent, read, usual)  # type: ignore[misc]
            for name, sent in attacks(credentials).items()
        }
    assert len(costs) > 40
    assert {name: one for name, one in costs.items() if one > NOISE * COST_BAR} == {}


@pytest.mark.parametrize(
    ("media_type", "body", "message"),
    [
        ("application/json", json.dumps({"x": [1] * 2048}).encode(), "The request body has more than 2048 values."),
        ("application/json", json.dumps({"x": [[]] * 2048}).encode(), "The request body has more than 2048 values."),
        (FORM, b"&".join([b"a=1"] * 1025), "There are more than 1024 parameters."),
        (FORM, b"&".join([b"a[][]=1"] * 513), "The parameter names have more than 1024 brackets."),
        (FORM, b"&".join([b"a[][b][c]=1"] * 342), "The parameter names have more than 1024 brackets."),
        (
            "multipart/form-data; boundary=limit",
            PART * 33 + b"--limit--\r\n",
            "The multipart body has more than 32 parts.",
        ),
    ],
)
def test_a_limit_says_what_it_is(demo: Caller, media_type: str, body: bytes, message: str) -> None:
    reply = post(demo, media_type, body)
    assert (reply.status, reply.code, reply.json["error"]) == (422, "unreadable", message)


def test_a_large_request_with_a_wrong_signature_is_not_explained(demo: Caller) -> None:
    small, large = (post(demo, "application/json", json.dumps({"name": "n" * size}).encode()) for size in (10, 20_000))
    assert "base_string" in small.json["explanation"]
    assert large.json["explanation"] == {"cause": "unknown: mistakes are not looked for in requests as large as this"}


def test_a_list_is_sorted_by_a_few_columns(demo: Caller) -> None:
    assert (
        demo.call("GET", "/exams", query={"sort": json.dumps([{"name": "asc"}, {"start_time": "desc"}])}).status == 200
    )
    for terms in ([{"name": "asc"}] * 101, [{"name": "asc"}] * 900, [{"n" * 5_000: "asc"}] * 2):
        reply = demo.call("GET", "/exams", query={"sort": json.dumps(terms)})
        assert (reply.status, [*reply.json["errors"]]) == (422, ["sort"])
        assert len(reply.content) < 1000


def test_the_health_check_does_not_wait_for_attacks(demo: Caller) -> None:
    address = urlsplit(demo.base_url)
    attack = attacks({"token": demo.token})["deep objects in a list"]
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=60))
            for _ in range(40)
        ]
        for connection in connections:
            connection.sendall(attack)
        assert send(demo.base_url, "GET", "/healthz").status == 200
        answered, _, _ = select.select(connections, [], [], 0)
        assert len(answered) < len(connections)
        assert all(connection.recv(65536).startswith(b"HTTP/1.1 403") for connection in connections)


SLOW_TO_EXPLAIN = {
    "lists": {f"k{number}": [True, None, 1] for number in range(70)},
    "deep lists": {"k": [{"a": [1, {"b": None}]}] * 140},
    "moments": {f"k{number}": "2020-01-01T00:00:00.000+02:00" for number in range(50)},
    "a large list": {"k": ['"\\'] * 2000},
    "a large text in a list": {"k": ['"\\' * 100_000]},
}


@pytest.mark.slow
@pytest.mark.parametrize("body", SLOW_TO_EXPLAIN.values(), ids=SLOW_TO_EXPLAIN)
def test_others_do_not_wait_for_signatures_that_are_refused(demo: Caller, body: dict[str, object]) -> None:
    address = urlsplit(demo.base_url)
    query = urlencode({**demo.stamp(), "signature": "0" * 64})
    sent = json.dumps(body).encode()
    head = f"POST /api/v3/exams?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: {demo.authorization['Authorization']}"
    head += f"\r\nContent-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=60))
            for _ in range(60)
        ]
        for connection in connections:
            connection.sendall(head.encode() + sent)
        assert send(demo.base_url, "GET", "/healthz").status == 200
        assert demo.call("GET", "/exams/{id}", id=1).status == 200
        answered, _, _ = select.select(connections, [], [], 0)
        assert len(answered) < len(connections)
        assert all(connection.recv(65536).startswith(b"HTTP/1.1 403") for connection in connections)


@pytest.mark.slow
def test_signed_requests_do_not_wait_for_password_checks(demo: Caller) -> None:
    """A check takes 25 ms, and one runs at a time: 40 of them go on for a second at least."""
    address = urlsplit(demo.base_url)
    body = json.dumps({"user": {"email": "nobody@staff.example", "password": "wrong"}}).encode()
    head = (
        f"POST /users/sign_in.json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=60))
            for _ in range(40)
        ]
        for connection in connections:
            connection.sendall(f"{head}\r\n\r\n".encode() + body)
        assert demo.call("GET", "/exams/{id}", id=1).status == 200
        answered, _, _ = select.select(connections, [], [], 0)
        assert len(answered) < len(connections)
        assert all(connection.recv(65536).startswith(b"HTTP/1.1 401") for connection in connections)

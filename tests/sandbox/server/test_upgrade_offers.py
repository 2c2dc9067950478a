"""Offers to switch the protocol, as `curl --http2` and Java's HttpClient send them by themselves, are ignored."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.sandbox.sandbox_calls import Caller

OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
WEBSOCKET = b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
JAVA = """
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Post {
    public static void main(String[] given) throws Exception {
        var body = HttpRequest.BodyPublishers.ofString(given[2]);
        var request = HttpRequest.newBuilder(URI.create(given[0])).header("Authorization", given[1])
            .header("Content-Type", "application/json").POST(body).build();
        var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(response.statusCode() + " " + response.version() + " " + response.body());
    }
}
"""


def create_exam(demo: Caller, name: str) -> bytes:
    """The body of a signed POST /exams."""
    return json.dumps(demo.sign({**demo.stamp(), "name": name, "type": "demo"})).encode()


def head(
    demo: Caller, offer: bytes, framing: bytes, method: bytes = b"POST", target: bytes = b"/api/v3/exams"
) -> bytes:
    token = demo.authorization["Authorization"].encode()
    first = b"%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n" % (method, target, token)
    return first + b"Content-Type: application/json\r\n" + offer + framing + b"\r\n"


def exchange(demo: Caller, *parts: bytes, ends: bool = False) -> bytes:
    """What comes back until the server closes, where the parts are sent as packets of their own.

    A client that `ends` says after them that it sends nothing more, and goes on to read.
    """
    address = urlsplit(demo.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def last(demo: Caller) -> bytes:
    """A request that ends the connection."""
    query = urlencode(demo.sign({**demo.stamp(), "limit": 1}))
    return head(demo, b"", b"Connection: close\r\n", b"GET", f"/api/v3/exams?{query}".encode())


def statuses(received: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", received)]


def names(demo: Caller, name: str) -> int:
    query = {"filter": json.dumps({"name": {"eq": name}})}
    return len(demo.call("GET", "/exams", query=query).json["exams"])


@pytest.mark.parametrize("offer", [OFFER, WEBSOCKET], ids=["h2c", "websocket"])
@pytest.mark.parametrize("way", ["one packet", "two packets", "byte by byte", "chunked", "expect"])
def test_the_body_of_an_offering_request_counts(demo: Caller, way: str, offer: bytes) -> None:
    name = f"{way} {offer[-9:]!r}"
    body = create_exam(demo, name)
    framing = b"Content-Length: %d\r\n" % len(body)
    if way == "chunked":
        framing, body = b"Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    if way == "expect":
        framing += b"Expect: 100-continue\r\n"
    start = head(demo, offer, framing)
    parts = {"two packets": [start, body], "byte by byte": [bytes([one]) for one in start + body]}
    received = exchange(demo, *parts.get(way, [start + body]), last(demo))
    assert statuses(received)[-2:] == [200, 200]
    assert names(demo, name) == 1


def test_a_body_that_is_a_request_is_a_body(demo: Caller) -> None:
    inner = create_exam(demo, "inner")
    body = head(demo, b"", b"Content-Length: %d\r\n" % len(inner)) + inner
    received = exchange(demo, head(demo, OFFER, b"Content-Length: %d\r\n" % len(body)) + body, last(demo))
    assert statuses(received) == [422, 200]
    assert names(demo, "inner") == 0


def test_offers_in_a_pipeline_get_responses_in_their_order(demo: Caller) -> None:
    bodies = [create_exam(demo, f"pipeline {number}") for number in range(3)]
    requests = b"".join(head(demo, OFFER, b"Content-Length: %d\r\n" % len(body)) + body for body in bodies)
    received = exchange(demo, requests + last(demo))
    assert statuses(received) == [200] * 4
    places = [received.index(b"pipeline %d" % number) for number in range(3)]
    assert places == sorted(places)


def test_an_offer_without_a_body_and_a_refused_one(demo: Caller) -> None:
    query = urlencode(demo.sign({**demo.stamp(), "limit": 1}))
    offering = head(demo, OFFER, b"", b"GET", f"/api/v3/exams?{query}".encode())
    replayed = create_exam(demo, "once")
    post = head(demo, OFFER, b"Content-Length: %d\r\n" % len(replayed)) + replayed
    assert statuses(exchange(demo, offering, post, post, last(demo))) == [200, 200, 403, 200]


def test_a_tunnel_is_refused_and_carries_nothing(demo: Caller) -> None:
    inner = create_exam(demo, "tunnel")
    request = head(demo, b"", b"Content-Length: %d\r\n" % len(inner)) + inner
    received = exchange(demo, b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n" + request)
    assert len(statuses(received)) == 1
    assert 400 <= statuses(received)[0] < 500
    assert names(demo, "tunnel") == 0


@pytest.mark.needs("curl")
def test_curl_with_http2(demo: Caller) -> None:
    body = create_exam(demo, "by curl").decode()
    header = f"Authorization: {demo.authorization['Authorization']}"
    url = f"{demo.base_url}/api/v3/exams"
    call = ["curl", "-sS", "--noproxy", "*", "--http2", "-w", " %{http_code}", "-H", header]
    call += ["-H", "Content-Type: application/json", "-d", body, url]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout.endswith(" 200")
    assert names(demo, "by curl") == 1


@pytest.mark.slow
@pytest.mark.needs("javac")
def test_the_http_client_of_java(demo: Caller, tmp_path: Path) -> None:
    source = tmp_path / "Post.java"
    source.write_text(JAVA)
    url, token = f"{demo.base_url}/api/v3/exams", demo.authorization["Authorization"]
    call = ["java", str(source), url, token, create_exam(demo, "by Java").decode()]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("200 HTTP_1_1 "), done
    assert names(demo, "by Java") == 1

"""The worst that one request of 100 kB costs the sandbox, whose sender knows a token and no secret key."""

from __future__ import annotations

import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

from tests.benchmarks.rows import Row
from tests.benchmarks.sandbox import Server, sandbox, sign, skip

SIZE = 100_000
VALUES, NAMES, BRACKETS, PARTS = 2_000, 1_020, 1_020, 32  # almost as many as the sandbox takes
ROUNDS = 3
REQUESTS = 300
HEALTH_REQUESTS = 40
READS = 40  # so that ticks of the processor's clock do not matter
COST_BAR = 20.0
NOISE = 2  # a test allows so many times the bar: others use the machine while it measures
HEALTH_BAR = 5.0
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_MULTIPART = "multipart/form-data; boundary=limit"
_STAMPED = "timestamp={now}&nonce={now}&signature=" + "0" * 64


def bodies() -> dict[str, tuple[str, bytes]]:
    """Media type and body of each attack, by name."""
    part = b'--limit\r\nContent-Disposition: form-data; name="a[]"\r\n\r\nx\r\n'
    upload = b'--limit\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\nx\r\n'
    deep = b'{"x":' * 90 + b"1" + b"}" * 90
    return {
        "one long text": (_JSON, _json({"x": "a" * SIZE})),
        "a long text in a list": (_JSON, _json({"x": ["a" * SIZE]})),
        "many texts in a list": (_JSON, _json({"x": ["a"] * VALUES})),
        "quotes in a list": (_JSON, _json({"x": ['"' * (SIZE // 2)]})),
        "control characters in a list": (_JSON, _json({"x": ["\n\u0085" * (SIZE // 4)]})),
        "many characters in a list": (_JSON, _json({"x": ["\n" + "".join(map(chr, range(0x3400, 0xB400)))]})),
        "characters beyond ASCII in a list": (_JSON, _json({"x": ["\u00e9" * (SIZE // 2)]})),
        "many lists": (_JSON, _json({"x": [[]] * VALUES})),
        "many members": (_JSON, _json({f"x{number}": 1 for number in range(VALUES)})),
        "90 long texts": (_JSON, _json({f"x{number}": "a" * (SIZE // 90) for number in range(90)})),
        "long names": (_JSON, _json({f"{'x' * (SIZE // 90)}{number}": 1 for number in range(90)})),
        "many numbers": (_JSON, _json({"x": [1.5] * VALUES})),
        "a long number": (_JSON, b'{"x":0.' + b"1" * SIZE + b"}"),
        "deep objects in a list": (_JSON, b'{"x":[' + b",".join([deep] * (VALUES // 92)) + b"]}"),
        "bracketed names": (_FORM, b"&".join(b"a[][b%d][c]=1" % number for number in range(BRACKETS // 3))),
        "a long list": (_FORM, b"&".join([b"a[]=1"] * BRACKETS)),
        "many brackets": (_FORM, b"&".join([b"a" + b"[]" * 30 + b"=1"] * (BRACKETS // 30))),
        "open brackets": (_FORM, b"&".join([b"a" + b"[" * 30 + b"=1"] * (BRACKETS // 30))),
        "many parameters": (_FORM, b"&".join(b"a%d=1" % number for number in range(NAMES))),
        "percent signs": (_FORM, b"a=" + b"%41" * (SIZE // 3)),
        "multipart fields": (_MULTIPART, part * PARTS + b"--limit--\r\n"),
        "multipart files": (_MULTIPART, upload * PARTS + b"--limit--\r\n"),
        "half of a boundary": (_MULTIPART, part + b"\r\n--limi" * (SIZE // 8)),
    }


def slow_to_explain() -> dict[str, tuple[str, bytes]]:
    """Small bodies whose wrong signature is explained, with values that programs write in many ways."""
    one_of_each: list[object] = [True, None, [True, None, "\u00e9/"], " \u00c9 /", 12.5, '{"\u00e9": [1, "/"]}']
    values: dict[str, Callable[[int], object]] = {
        "lists": lambda _: [True, None, 1],
        "nested objects in lists": lambda _: [{"a": [1, {"b": None}]}] * 2,
        "moments": lambda _: "2020-01-01T00:00:00.000+02:00",
        "texts of JSON": lambda _: '[1, {"a": "\u00e9/"}]',
        "numbers": lambda _: 12.5,
        "empty values": lambda _: None,
        "long texts": lambda _: "\u00c9 /" * 10,
        "values of all kinds": lambda number: one_of_each[number % len(one_of_each)],
    }
    found = {
        f"{count} {name}": (_JSON, _json({f"{'abcde'[number % 5]}{number}": make(number) for number in range(count)}))
        for name, make in values.items()
        for count in (5, 25, 70)
    }
    letters = ['"\u00e9\\u00e9/"'] * 400
    return found | {"a long text of JSON": (_JSON, _json({"x": f"[{','.join(letters)}]"}))}


def queries() -> dict[str, str]:
    """The query of each attack that needs no body; httptools takes 64 kB of headers."""
    half = 60_000
    return {
        "a long filter": f"filter={quote('{' + '[' * (half // 9))}",
        "sort terms": f"sort={quote(json.dumps([{'name': 'asc'}] * (half // 30)))}",
        "a long query": f"x={'a' * half}",
        "lists in the query": "&".join(["x[]=a"] * BRACKETS),
    }


def paths() -> dict[str, str]:
    """Paths that lead nowhere."""
    return {
        "a path of base paths": "/api/v1" + "/v1" * 20_000,
        "a path of slashes": "/api/v3" + "/" * 60_000,
        "a path of numbers": "/api/v3/exams" + "/1" * 30_000,
        "an escaped path": "/" + "%65" * 20_000,
        "a long format": "/api/v3/exams/1" + ".json" * 12_000,
    }


def request(credentials: Mapping[str, Any], method: str, path: str, query: str, media_type: str, body: bytes) -> bytes:
    """A request with a known token and a wrong signature."""
    lines = [
        f"{method} {path}?{_STAMPED.format(now=int(time.time() * 1000))}{query and '&' + query} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Token token={credentials['token']}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def attacks(credentials: Mapping[str, Any]) -> dict[str, bytes]:
    """The requests by name."""
    path = "/api/v3/exams"
    found = {
        name: request(credentials, "POST", path, "", *body) for name, body in (bodies() | slow_to_explain()).items()
    }
    found |= {name: request(credentials, "GET", path, query, _JSON, b"") for name, query in queries().items()}
    return found | {name: request(credentials, "GET", wrong, "", _JSON, b"") for name, wrong in paths().items()}


def _usual(credentials: Mapping[str, Any], server: Server) -> float:
    return server.cost([sign(credentials, "GET", "/api/v3/exams/1", {"id": "1"}, {}) for _ in range(REQUESTS)])


def _health(server: Server) -> float:
    """Milliseconds until the health check is answered, on a connection of its own."""
    began = time.perf_counter()
    for _ in range(HEALTH_REQUESTS):
        assert status(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == 200
    return (time.perf_counter() - began) * 1000 / HEALTH_REQUESTS


@contextmanager
def _repeat(server: Server, sent: bytes) -> Iterator[None]:
    """The attack again and again, for as long as the context lasts."""
    ended = Event()

    def attack() -> None:
        while not ended.is_set():
            status(server, sent)

    thread = Thread(target=attack)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def measure() -> Iterator[Row]:
    """The most expensive attack beside a signed read, and the health check while it goes on."""
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder) / "state.db") as (credentials, server):
        usual = min(_usual(credentials, server) for _ in range(ROUNDS))
        costs = {name: min(cost(server, sent) for _ in range(ROUNDS)) for name, sent in attacks(credentials).items()}
        worst = max(costs, key=lambda name: costs[name])
        yield Row(f"up to 100 kB: {worst}, wrongly signed, beside a read", "ms", costs[worst], usual, COST_BAR)
        quiet = min(_health(server) for _ in range(ROUNDS))
        with _repeat(server, attacks(credentials)[worst]):
            busy = min(_health(server) for _ in range(ROUNDS))
        yield Row("/healthz meanwhile", "ms", busy, quiet, HEALTH_BAR)


def read_cost(server: Server, sign: Callable[[], bytes]) -> float:
    """CPU milliseconds of a signed read on a connection of its own, as attacks have one."""
    reads = [sign() for _ in range(READS)]
    before = server.cpu()
    assert {status(server, sent) for sent in reads} == {200}
    return (server.cpu() - before) * 1000 / READS


def count_reads(server: Server, attack: Callable[[], bytes], read: Callable[[], bytes], usual: float) -> float:
    """How many reads an attack costs; side by side if they seem too many, as others use this machine too."""
    least = cost(server, attack()) / usual
    for _ in range(ROUNDS if least > COST_BAR else 0):
        least = min(least, cost(server, attack(), times=5) / read_cost(server, read))
    return least


def cost(server: Server, sent: bytes, times: int = 2) -> float:
    """CPU milliseconds of one such request."""
    before = server.cpu()
    for _ in range(times):
        assert 400 <= status(server, sent) < 500
    return (server.cpu() - before) * 1000 / times


def status(server: Server, sent: bytes) -> int:
    with socket.create_connection(("127.0.0.1", server.port), timeout=300) as connection:
        connection.sendall(sent)
        responses = connection.makefile("rb")
        first = responses.readline()
        skip(responses)
        return int(first.split()[1])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

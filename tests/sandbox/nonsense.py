"""Requests of which most are nonsense, rightly signed or with broken bytes, and the statuses of their responses."""

from __future__ import annotations

import itertools
import json
import random
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from procwise_sandbox.api import Api, Operation
from procwise_sandbox.loading import load_description
from tests.benchmarks.sandbox import Server, skip

_LOCKING = (("institutes", "delete"), ("users", "delete"))
_NONCES = itertools.count(time.time_ns())
_TEXTS = (
    "",
    "a",
    "é",
    "\U0001f393",
    "a\u0301",
    "\0",
    "a?b=c&d",
    "%",
    "null",
    "true",
    "0",
    "-1",
    "1e309",
    "2031-05-04T09:00:00Z",
    "9999-12-31",
    '{"name":{"eq":"x"}}',
    '[{"name":"asc"}]',
    "x" * 5000,
    "../../etc/passwd",
    "'; DROP TABLE exams; --",
    "<script>",
)
_NUMBERS = (0, 1, -1, 7, 299, 300, 301, 2**31, 2**53 + 1, 2**63, -(2**63), 10**30, 0.1, -2.5, 1e308, 5e-324)
_OTHERS = (None, True, False, [], {}, [None], ["de", 7], {"a": {"b": [1]}}, [[[]]])


def send_signed(chance: random.Random, credentials: Mapping[str, Any], server: Server, count: int) -> Counter[str]:
    """Nonsense that is signed rightly, so that it reaches the behaviour of every operation."""
    calls = _calls()
    users = [credentials, credentials["second"], credentials["superuser"]]
    requests = (_nonsense(chance, *chance.choice(calls), chance.choice(users)) for _ in range(count))
    return count_statuses(server, requests)


def _calls() -> list[tuple[Api, Operation]]:
    """All operations but those that would lock the callers out: most of the rest would then be 401."""
    all_ = ((api, operation) for api in load_description().apis for operation in api.operations)
    return [(api, one) for api, one in all_ if (one.resource, one.kind) not in _LOCKING]


def send_broken(chance: random.Random, credentials: Mapping[str, Any], server: Server, count: int) -> Counter[str]:
    """Requests with bytes turned, lost, doubled or thrown in."""
    calls = _calls()
    return count_statuses(
        server, (_mutate(chance, _nonsense(chance, *chance.choice(calls), credentials)) for _ in range(count))
    )


def _nonsense(chance: random.Random, api: Api, operation: Operation, user: Mapping[str, str]) -> bytes:
    names = operation.path.split("{")[1:]
    path = {part.partition("}")[0]: chance.choice(["1", "2", "3", "0", "x", "é", "9" * 30]) for part in names}
    query = {name: str(_value(chance)) for name in _some(chance, operation.query)}
    body = {name: _value(chance) for name in _some(chance, operation.settable)}
    target = api.base_path + operation.path
    for name, value in path.items():
        target = target.replace(f"{{{name}}}", quote(value, safe=""))
    scheme = api.scheme
    if scheme and operation.signed:
        now = {"now_ms": int(time.time() * 1000), "nonce": next(_NONCES)}
        params = scheme.stamp({**body, **query, **path}, **now)
        own = {name: params[name] for name in (scheme.timestamp_parameter, scheme.nonce_parameter)}
        query = {**query, **own, scheme.signature_parameter: scheme.sign(params, user["secret_key"])}
    content = json.dumps(body).encode() if body else b""
    token = api.token.format.replace("{token}", user["token"]) if api.token else ""
    head = (
        f"{operation.method} {target}?{urlencode(query, errors='surrogatepass')} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: {token}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _some(chance: random.Random, names: tuple[str, ...]) -> list[str]:
    return chance.sample(names, chance.randint(0, min(4, len(names))))


def _value(chance: random.Random) -> Any:
    return chance.choice(chance.choice((_TEXTS, _NUMBERS, _OTHERS)))


def _mutate(chance: random.Random, request: bytes) -> bytes:
    broken = bytearray(request)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(broken))
        match chance.randrange(4):
            case 0:
                broken[place] ^= 1 << chance.randrange(8)
            case 1:
                del broken[place : place + chance.randint(1, 20)]
            case 2:
                broken[place:place] = chance.randbytes(chance.randint(1, 20))
            case _:
                broken[place:place] = broken[place : place + chance.randint(1, 50)]
        broken = broken or bytearray(b"\0")
    return bytes(broken)


def count_statuses(server: Server, requests: Iterator[bytes]) -> Counter[str]:
    """The statuses of the responses; each broken request gets a connection of its own."""
    found: Counter[str] = Counter()
    for request in requests:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                response = connection.makefile("rb")
                line = response.readline()
                skip(response)
            except ConnectionError:
                line = b""
        found[line.split()[1].decode() if line else "closed"] += 1
    return found

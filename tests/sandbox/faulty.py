"""A sandbox whose clock the test sets, its users, and requests that are signed in other ways than the valid one."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs

from procwise_sandbox import Running, app, running
from tests.sandbox.sandbox_calls import Caller, Reply, base_string, conforms, send, signature, text

NUMBERS = itertools.count(1)
Params = Mapping[str, object]
Sign = Callable[[Params, str], str]


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class World:
    """A running sandbox and whoever calls it."""

    sandbox: Running
    clock: Clock

    def caller(self, user: str = "demo", api: str = "v3") -> Caller:
        own = getattr(self.sandbox, user)
        return Caller(self.sandbox.base_url, own.token, own.secret_key, api, self.clock)

    def create_exam(self, **settings: object) -> dict[str, Any]:
        reply = self.caller().call("POST", "/exams", {"name": "An exam", "type": "demo", **settings})
        result: dict[str, Any] = next(iter(reply.json.values()))
        return result

    def create_three(self) -> tuple[list[int], str]:
        """The numbers of three exams of one name, each to start before the last, and a filter for them."""
        name = f"three {next(NUMBERS)}"
        created = [self.create_exam(name=name, start_time=f"2030-01-0{3 - n}T00:00:00Z")["id"] for n in range(3)]
        return created, json.dumps({"name": {"eq": name}})

    def list_exams(self, user: str = "demo", **query: object) -> Reply:
        return self.caller(user).call("GET", "/exams", query=query)

    def show_exam(self, exam: int, user: str = "demo") -> Reply:
        return self.caller(user).call("GET", "/exams/{id}", id=exam)


@dataclass(frozen=True)
class Worlds:
    """Makes sandboxes that start as copies of one, which is quicker than to fill each of them."""

    folder: Path

    @contextmanager
    def __call__(self, *faults: str, strict: bool = False) -> Iterator[World]:
        clock, own = Clock(), self.folder / str(next(NUMBERS))
        shutil.copytree(self._first(), own)
        options = {"faults": faults, "strict": strict, "clock": clock, "job_seconds": 0.02}
        with running(database=f"sqlite:///{own / 'state.db'}", files=own / "files", **options) as sandbox:
            yield World(sandbox, clock)

    def _first(self) -> Path:
        first = self.folder / "first"
        if not first.exists():
            first.mkdir()
            app(database=f"sqlite:///{first / 'state.db'}", files=first / "files")
        return first


def sign_correctly(params: Params, secret_key: str) -> str:
    return signature(base_string(params), secret_key)


def sign_without(*names: str) -> Sign:
    """Signs everything but these parameters."""
    return lambda params, key: sign_correctly({name: value for name, value in params.items() if name not in names}, key)


def sign_changed(change: Callable[[str], str]) -> Sign:
    """Signs other texts than the raw ones."""

    def sign(params: Params, key: str) -> str:
        return sign_correctly({name: change(text(value)) for name, value in params.items()}, key)

    return sign


def sign_with_key(other: str) -> Sign:
    """Signs with another secret key."""
    return lambda params, _key: sign_correctly(params, other)


def sign_unsorted(params: Params, key: str) -> str:
    return signature("?".join(f"{name}={text(value)}" for name, value in params.items()), key)


def sign_with_sha1(params: Params, key: str) -> str:
    return hmac.new(key.encode(), base_string(params).encode(), hashlib.sha1).hexdigest()


def status_of(
    caller: Caller,
    method: str = "GET",
    path: str = "/exams",
    body: Params | None = None,
    *,
    query: Params | None = None,
    sign: Sign = sign_correctly,
    over: Params | None = None,
    omit: str = "",
    authorization: str | None = None,
    **ids: object,
) -> int:
    """The status of a request that is signed so; `omit` is a signing parameter that is not sent."""
    wire = {**(query or {}), **caller.stamp(**(over or {}))}
    wire = {name: value for name, value in wire.items() if name != omit}
    sent = {**wire, "signature": sign({**ids, **wire, **(body or {})}, caller.secret_key)}
    pairs = [pair for name, value in sent.items() if name != omit for pair in _pairs(name, value)]
    headers = caller.authorization if authorization is None else {"Authorization": authorization}
    headers = {name: value for name, value in headers.items() if value}
    headers |= {} if body is None else {"Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    target = f"/api/{caller.api}{path.format(**ids)}?{urlencode(pairs)}"
    return send(caller.base_url, method, target, headers, content).status


def _pairs(name: str, value: object) -> list[tuple[str, str]]:
    return [(f"{name}[]", text(item)) for item in value] if isinstance(value, list) else [(name, text(value))]


def is_described(reply: Reply, operation: str) -> bool:
    """Whether the response is as its schema says."""
    try:
        conforms("v3", operation, reply)
    except (AssertionError, jsonschema_rs.ValidationError):
        return False
    return True

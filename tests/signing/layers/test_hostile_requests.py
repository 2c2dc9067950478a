"""What wrongly signed requests of 100 kB cost a sandbox whose schemes sign whole requests, beside a signed read."""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator.signing.language import read_scheme
from generator.signing.messages import SigningError, request_of, sign_request
from tests.benchmarks.hostile import COST_BAR, NOISE, ROUNDS, bodies, count_reads, queries, read_cost, slow_to_explain
from tests.benchmarks.sandbox import Server
from tests.shared import make_environment, share_folder
from tests.signing.layers.own_servers import generate_packages, value_of_version

pytestmark = pytest.mark.slow
SETTINGS = {"region": "north", "service": "shelf"}
# headers and derived keys; encoded pairs of query, form or JSON; parts joined to one text
VERSIONS = ("awssigv4", "newhtx", "flickrlegacy", "newinbody", "coinbaseexchange")
_NONCES = itertools.count(time.time_ns() // 1000)
Hostile = tuple[str, str, dict[str, str], bytes]  # method, query, headers, body


@dataclass(frozen=True)
class Signer:
    """A user of one version, and the server."""

    version: str
    server: Server
    line: dict[str, Any]

    def sign(self, hostile: Hostile, *, wrongly: bool) -> bytes:
        """The request as it is sent."""
        method, query, headers, body = hostile
        scheme = read_scheme(value_of_version(self.version))
        token, secret = self.line["token"], self.line["secret_key"]
        credentials = {"access_key": token, "token": token, "secret_key": secret[::-1] if wrongly else secret}
        url = f"http://127.0.0.1:{self.server.port}/{self.version}/books" + (query and f"?{query}")
        signed = sign_request(
            scheme,
            request_of(method, url, headers, body),
            {**credentials, **self.line["credentials"]},
            settings={name: text for name, text in SETTINGS.items() if name in scheme.settings},
            now_ms=time.time_ns() // 10**6,
            nonce=str(next(_NONCES)),
        )
        lines = [f"{signed.method} {signed.target} HTTP/1.1", f"Host: {signed.authority}", "Connection: close"]
        sent = [pair for pair in signed.headers if pair[0].lower() not in ("host", "content-length")]
        lines += [f"{name}: {value}" for name, value in sent]
        return "\r\n".join([*lines, f"Content-Length: {len(signed.body)}", "", ""]).encode() + signed.body


def hostile_requests() -> dict[str, Hostile]:
    """Bodies, queries and headers that cost more than their size lets expect."""
    posts = {name: ("POST", "", {"Content-Type": kind}, body) for name, (kind, body) in bodies().items()}
    small = {name: ("POST", "", {"Content-Type": kind}, body) for name, (kind, body) in slow_to_explain().items()}
    gets: dict[str, Hostile] = {name: ("GET", query, {}, b"") for name, query in queries().items()}
    for count in (20, 190, 1_000, 8_000):
        gets[f"{count} parameters"] = ("GET", "&".join(f"q{number}=true" for number in range(count))[:60_000], {}, b"")
        gets[f"{count} headers"] = ("GET", "", {f"x-amz-{number}": "v" for number in range(count)}, b"")
    gets["a long header"] = ("GET", "", {"x-amz-note": "v" * 60_000}, b"")
    gets["escapes in the query"] = ("GET", "x=" + "%41" * 18_000, {}, b"")
    return {**posts, **small, **gets}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, Any]]]:
    """The sandbox of all schemes, and its first line."""
    packages = share_folder(tmp_path_factory, "own-servers", generate_packages) / "generated"
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--no-page", "--quiet"]
    environment = make_environment(packages, PROCWISE_REGION="north", PROCWISE_BUCKET="shelf")
    with subprocess.Popen(
        call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            line = json.loads(process.stdout.readline())
            yield Server(process.pid, urlsplit(line["base_url"]).port or 0), line
        finally:
            process.terminate()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_worst_costs_about_20_reads(version: str, server: tuple[Server, dict[str, Any]]) -> None:
    signer = Signer(version, *server)
    read = partial(signer.sign, ("GET", "title=Kidnapped", {}, b""), wrongly=False)
    usual = min(read_cost(signer.server, read) for _ in range(ROUNDS))
    costs: dict[str, float] = {}
    for name, hostile in hostile_requests().items():
        with contextlib.suppress(SigningError):  # where a field of the signature has no place in such a body
            costs[name] = count_reads(signer.server, partial(signer.sign, hostile, wrongly=True), read, usual)
    assert len(costs) > 40
    assert {name: one for name, one in costs.items() if one > NOISE * COST_BAR} == {}

"""Every row of the page about traps: signed by a few lines of our own, accepted and refused as it says."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from procwise.signing import base_string
from procwise_sandbox import Running, running
from tests.sandbox.sandbox_calls import Reply, send

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/guides/signing-traps.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `([^`]+)` \| (?:`([^`]*)` )?\| (?:`([^`]*)` )?\| [^|]+ \|$", re.MULTILINE)
ROWS = _ROW.findall(PAGE)
VECTORS = json.loads((ROOT / "tests/signing/vectors.json").read_text(encoding="utf-8"))["vectors"]
NONCES = itertools.count(int(time.time() * 1000))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with running() as found:
        yield found


def split_parts(text: str) -> list[str]:
    """The pairs of a base string; only a `?` before a name and an equals sign stands between two."""
    return re.split(r"\?(?=[A-Za-z_0-9][^?=]*=)", text) if text and "zzz" not in text else [text] * bool(text)


def join_pairs(signed: str, fresh: Mapping[str, str]) -> str:
    """A base string of these parts, the nonce and the timestamp; parts in a wrong order stay in it."""
    parts = split_parts(signed)
    names = [part.partition("=")[0] for part in parts]
    own = [f"{name}={value}" for name, value in fresh.items()]
    pairs = [*parts, *own]
    return "?".join(
        sorted(pairs, key=lambda pair: pair.partition("=")[0].encode()) if names == sorted(names) else pairs
    )


def send_signed(sandbox: Running, sent: str, signed: str) -> Reply:
    """The request of a row, with the signature over these parts."""
    fresh = {"nonce": str(next(NONCES)), "timestamp": str(int(time.time() * 1000))}
    digest = hmac.new(sandbox.secret_key.encode(), join_pairs(signed, fresh).encode(), hashlib.sha256).hexdigest()
    target, body = (sent.removeprefix("GET "), None) if sent.startswith("GET") else ("/api/v3/exams", sent.encode())
    query = "&".join(f"{name}={value}" for name, value in {**fresh, "signature": digest}.items())
    headers = {"Authorization": f"Token token={sandbox.token}", "Content-Type": "application/json"}
    return send(sandbox.base_url, "GET", f"{target}{'&' if '?' in target else '?'}{query}", headers, body)


@pytest.mark.parametrize(("sent", "signed", "mistaken"), ROWS)
def test_a_row_is_accepted_as_signed_and_refused_as_often_signed(
    sandbox: Running, sent: str, signed: str, mistaken: str
) -> None:
    reply = send_signed(sandbox, sent, signed)
    assert reply.status in (200, 422), reply.content
    if mistaken:
        reply = send_signed(sandbox, sent, mistaken)
        assert (reply.status, reply.code) == (403, "signature_invalid"), reply.content
        assert signed.partition("?")[0] in reply.json["explanation"]["base_string"]


@pytest.mark.parametrize(("sent", "signed"), [row[:2] for row in ROWS if row[0].startswith("{")])
def test_the_client_and_a_rails_application_sign_what_is_printed(sent: str, signed: str) -> None:
    params = json.loads(sent)
    assert base_string(params) == signed
    fresh = ("id", "nonce", "timestamp")
    by_rails = [
        vector["base_string"]
        for vector in VECTORS
        if {name: repr(value) for name, value in vector["params"].items() if name not in fresh}
        == {name: repr(value) for name, value in params.items()}
    ]
    assert any(all(part in base for part in split_parts(signed)) for base in by_rails)


def test_every_row_of_the_page_is_tried() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    headers = [line for line in rows if line.startswith("| You send")]
    assert len(ROWS) == len(rows) - len(headers) > 40

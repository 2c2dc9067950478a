"""Nonces: which texts are taken, and that each is good once."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.sandbox.sandbox_calls import Caller, Reply, send, text

GOOD = {"name": "n", "type": "demo"}


@pytest.mark.parametrize("nonce", ["", "1\0", "x" * 256, "1" * 256])
def test_an_odd_nonce_is_403(demo: Caller, nonce: str) -> None:
    reply = demo.call("GET", "/exams", over={"nonce": nonce})
    assert (reply.status, reply.code) == (403, "nonce_missing" if nonce == "" else "nonce_invalid")


def create_exam(caller: Caller, place: str, nonce: object) -> Reply:
    """An exam, with all parameters in one place."""
    params = caller.sign({**GOOD, **caller.stamp(nonce=nonce)})
    target, pairs = f"/api/{caller.api}/exams", urlencode({name: text(value) for name, value in params.items()})
    if place == "query":
        return send(caller.base_url, "POST", f"{target}?{pairs}", caller.authorization)
    body, form = (json.dumps(params), "json") if place == "json" else (pairs, "x-www-form-urlencoded")
    return send(
        caller.base_url, "POST", target, {**caller.authorization, "Content-Type": f"application/{form}"}, body.encode()
    )


@pytest.mark.parametrize("nonce", [True, 1.5, ["1"]])
def test_a_nonce_in_json_is_a_number_or_a_text(demo: Caller, nonce: object) -> None:
    reply = create_exam(demo, "json", nonce)
    assert (reply.status, reply.code) == (403, "nonce_invalid")


def write_nonces() -> Iterator[str]:
    """Texts as programs make them, none of them used before."""
    once = uuid4()
    yield from (str(once), f"{{{once}}}".upper(), once.hex, str(once.int), f"-{once.int}", f" {once.int / 7}\t")
    yield from (f"ü{once}", base64.b64encode(once.bytes).decode())
    yield from (once.hex.ljust(255, "x"), f"{once.int}".rjust(255, "0"))
    yield str(2**63 + int(time.time() * 1000))  # no BIGINT


@pytest.mark.parametrize("place", ["query", "json", "form"])
def test_a_nonce_is_any_short_text_and_good_once(demo: Caller, older: Caller, place: str) -> None:
    for nonce in write_nonces():
        for caller, status in ((demo, 200), (demo, 403), (older, 403)):
            reply = create_exam(caller, place, nonce)
            assert reply.status == status and (status == 200 or reply.code == "nonce_used"), (nonce, reply.content)


def test_a_number_in_json_and_its_digits_are_one_nonce(demo: Caller) -> None:
    number = 10**30 + int(time.time() * 1000)
    for nonce, status in ((number, 200), (str(number), 403)):
        assert create_exam(demo, "json", nonce).status == status


def test_a_nonce_is_good_once_for_each_token(demo: Caller, second: Caller, older: Caller) -> None:
    nonce = demo.stamp()["nonce"]
    assert demo.call("GET", "/exams", over={"nonce": nonce}).status == 200
    for caller, method, path, body in (
        (demo, "GET", "/exams", None),
        (demo, "POST", "/exams", GOOD),
        (older, "GET", "/exams", None),
    ):
        reply = caller.call(method, path, body, over={"nonce": nonce})
        assert (reply.status, reply.code) == (403, "nonce_used")
    assert second.call("GET", "/exams", over={"nonce": nonce}).status == 200

"""What the response to a refused signature says: the likeliest mistake, and no secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from tests.sandbox.sandbox_calls import Caller, base_string, send

GOOD = {"name": "n", "type": "demo"}


def test_secrets_are_masked_at_every_depth_and_under_every_name(demo: Caller) -> None:
    stranger = replace(demo, secret_key="another")
    user = {"user": {"email": "n@staff.example", "password": "NestedSecret1!", "more": [{"password": "DeepSecret1!"}]}}
    reply = stranger.call("POST", "/institutes/1/users", user)
    assert '"password"=>"***"' in reply.json["explanation"]["base_string"]
    assert "n@staff.example" in reply.json["explanation"]["base_string"]
    assert not [word for word in (b"NestedSecret1!", b"DeepSecret1!") if word in reply.content]
    odd = {"note": demo.secret_key, "notes": [f"the key is {demo.secret_key}"], "x": {"y": demo.token}}
    reply = stranger.call("POST", "/exams", {**GOOD, **odd})
    assert "note=***?" in reply.json["explanation"]["base_string"]
    assert not [secret for secret in (demo.secret_key, demo.token) if secret.encode() in reply.content]


def hmac_of(key: str, message: str) -> bytes:
    return hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()


@pytest.mark.parametrize(
    ("sign", "cause"),
    [
        (lambda demo, base: hmac_of(demo.token, base).hex(), "the token was used as the key"),
        (lambda demo, base: hmac_of(f"{demo.secret_key}\n", base).hex(), "the secret key ended with a line break"),
        (lambda demo, base: hmac_of(demo.secret_key, f"{base}\n").hex(), "the base string ended with a line break"),
        (lambda demo, base: hmac_of(demo.secret_key, f"?{base}").hex(), "the base string began with '?'"),
        (lambda demo, base: hmac_of(base, demo.secret_key).hex(), "the key and the message were exchanged"),
        (lambda demo, base: hmac_of(demo.secret_key, f"{base}?token={demo.token}").hex(), "the token was signed too"),
        (
            lambda demo, base: hmac_of(demo.secret_key, base.replace("id=1?", "exam_id=1?", 1)).hex(),
            "the id in the path was signed as 'exam_id' instead of 'id'",
        ),
        (
            lambda demo, base: base64.b64encode(hmac_of(demo.secret_key, base)).decode(),
            "the digest was written as base64 instead of hex-lower",
        ),
        (lambda demo, base: hmac_of("another", base).hex(), "no mistake was recognised"),
    ],
)
def test_usual_mistakes_are_named(demo: Caller, sign: Callable[[Caller, str], str], cause: str) -> None:
    stamped = demo.stamp()
    sent = urlencode({**stamped, "signature": sign(demo, base_string({**stamped, "id": 1}))})
    reply = send(demo.base_url, "GET", f"/api/v3/exams/1?{sent}", demo.authorization)
    assert (reply.status, reply.code) == (403, "signature_invalid")
    assert reply.json["explanation"]["cause"].startswith(cause)
    assert demo.secret_key.encode() not in reply.content


@pytest.mark.parametrize(("per_second", "unit"), [(1, "seconds"), (10**6, "microseconds"), (10**9, "nanoseconds")])
def test_the_unit_that_was_sent_is_named(demo: Caller, per_second: int, unit: str) -> None:
    content = demo.call("GET", "/exams", over={"timestamp": int(time.time() * per_second)})
    assert content.json["explanation"]["cause"] == f"the timestamp was sent in {unit}"


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        (("type", "name", "timestamp", "nonce"), "the parameters were signed in the order sent"),
        (("timestamp", "nonce", "type", "name"), "the parameters were signed in the order sent"),
        (("name", "type", "timestamp", "nonce"), "the parameters were signed with the signing parameters last"),
        (("nonce", "type", "timestamp", "name"), "the parameters were signed in another order"),
    ],
)
def test_parameters_in_a_wrong_order(demo: Caller, order: tuple[str, ...], cause: str) -> None:
    stamped = demo.stamp()
    texts = {**stamped, "type": "demo", "name": "n"}
    wrong = hmac_of(demo.secret_key, "?".join(f"{name}={texts[name]}" for name in order)).hex()
    headers = {**demo.authorization, "Content-Type": "application/json"}
    target = f"/api/v3/exams?{urlencode({**stamped, 'signature': wrong})}"
    reply = send(demo.base_url, "POST", target, headers, b'{"type": "demo", "name": "n"}')
    found = reply.json["explanation"]["cause"]
    assert found.startswith(cause)
    assert found.endswith("sort them by name: name, nonce, timestamp, type")


def test_an_id_in_the_body_and_a_plus_sign_on_the_wire(demo: Caller) -> None:
    stamped = demo.stamp()
    wrong = hmac_of(demo.secret_key, base_string({**stamped, "id": 2})).hex()
    headers = {**demo.authorization, "Content-Type": "application/json"}
    target = f"/api/v3/exams/1?{urlencode({**stamped, 'signature': wrong})}"
    reply = send(demo.base_url, "GET", target, headers, b'{"id": 2}')
    assert reply.json["explanation"]["cause"].startswith("`2` was signed for `id`, as another place has it")
    stamped = demo.stamp()
    wrong = hmac_of(demo.secret_key, base_string({**stamped, "note": "a+b"})).hex()
    reply = send(
        demo.base_url,
        "GET",
        f"/api/v3/exams?note=a+b&{urlencode({**stamped, 'signature': wrong})}",
        demo.authorization,
    )
    assert reply.json["explanation"]["cause"] == "`+` was not encoded in `note`: it arrives as a blank; send `%2B`"


def test_a_signature_in_two_places_is_refused_like_any_other(demo: Caller) -> None:
    sent = urlencode({**demo.stamp(), "signature": "0" * 64})
    headers = {**demo.authorization, "Content-Type": "application/json"}
    reply = send(demo.base_url, "POST", f"/api/v3/exams?{sent}", headers, b'{"name": "n", "signature": "1"}')
    assert (reply.status, reply.code) == (403, "signature_invalid")

"""Fields that are put into members of members of a JSON body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.signing.language import SchemeError, read_scheme
from generator.signing.messages import (
    SignatureRefused,
    SigningError,
    read_claims,
    request_of,
    sign_request,
    verify_request,
)
from tests.signing.published import unseen_values

NOW_MS = 1_785_492_184_567
JSON = {"Content-Type": "application/json"}
URL = "https://api.shelf.example/books"
GIVEN = {"access_key": "ada", "secret_key": "made-up-secret"}
PLACE = "/notificationItems/0/NotificationRequestItem"
ESCAPED = [{"replace": ["\\", "\\\\"]}, {"replace": [":", "\\:"]}]
TEXTS = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")
REST = ("amount/value", "amount/currency", "eventCode", "success")
# Deliveries of a payment service: the signature lies in the first item of a list, beside the values that it is made of.
PAYMENTS = {
    "direction": "delivery",
    "algorithm": "hmac-sha256",
    "digest": "base64",
    "key": {"credential": "secret_key", "encoding": "hex"},
    "message": {
        "join": ":",
        "parts": [
            *({"from": f"body.{PLACE}/{name}", "as": ESCAPED} for name in TEXTS),
            *(f"body.{PLACE}/{name}" for name in REST),
        ],
    },
    "placement": [{"in": "body", "fields": {f"{PLACE}/additionalData/hmacSignature": "{signature}"}}],
}
# Key, values and signature are those of the service's own description of its signature.
ITEM = {
    "pspReference": "7914073381342284",
    "merchantAccountCode": "TestMerchant",
    "merchantReference": "TestPayment-1407325143704",
    "amount": {"value": 1130, "currency": "EUR"},
    "eventCode": "AUTHORISATION",
    "success": "true",
}
KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
SIGNATURE = "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="


def deliver(item: dict[str, Any]) -> str:
    return json.dumps({"live": "false", "notificationItems": [{"NotificationRequestItem": item}]})


def test_a_published_delivery_is_verified() -> None:
    scheme = read_scheme(PAYMENTS)
    signed = {**ITEM, "additionalData": {"hmacSignature": SIGNATURE}}
    verify_request(scheme, request_of("POST", URL, JSON, deliver(signed)), {"secret_key": KEY}, now_ms=NOW_MS)
    for changed in ({**signed, "eventCode": "REFUND"}, {**signed, "amount": {"value": 1131, "currency": "EUR"}}, ITEM):
        with pytest.raises(SignatureRefused):
            verify_request(scheme, request_of("POST", URL, JSON, deliver(changed)), {"secret_key": KEY}, now_ms=NOW_MS)


def test_a_published_delivery_is_signed() -> None:
    scheme = read_scheme(PAYMENTS)
    signed = sign_request(scheme, request_of("POST", URL, JSON, deliver(ITEM)), {"secret_key": KEY}, now_ms=NOW_MS)
    sent = json.loads(signed.body)
    assert sent == json.loads(deliver({**ITEM, "additionalData": {"hmacSignature": SIGNATURE}}))


@pytest.mark.parametrize("body", ["", "{}", '{"title":"Emma","meta":{"page":7,"auth":{"id":"old"}}}'])
def test_members_are_put_beside_those_that_are_there(body: str) -> None:
    scheme = read_scheme(unseen_values()["deepmember"])
    request = request_of("POST", URL, JSON if body else {}, body)
    signed = sign_request(scheme, request, GIVEN, now_ms=NOW_MS, nonce="n-1")
    before, sent = json.loads(body or "{}"), json.loads(signed.body)
    signature = sent["meta"]["auth"].pop("a/b")
    auth = {"id": "ada", "at": "1785492184567", "once": "n-1"}
    assert sent == {**before, "meta": {**before.get("meta", {}), "auth": auth}}
    assert signed.header("Content-Type") == ["application/json"]
    claims = read_claims(scheme, signed)
    assert (claims.signatures, claims.nonce, claims.credentials) == ((signature,), "n-1", {"access_key": "ada"})
    verify_request(scheme, signed, GIVEN, now_ms=NOW_MS)


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        (JSON, '{"meta":"a text"}', "what it would lie in is no JSON object"),
        (JSON, '{"meta":{"auth":[]}}', "what it would lie in is no JSON object"),
        (JSON, "[1]", "neither a form nor a JSON object"),
        ({"Content-Type": "text/plain"}, "a text", "neither a form nor a JSON object"),
    ],
)
def test_a_body_without_room_is_an_error(headers: dict[str, str], body: str, reason: str) -> None:
    scheme = read_scheme(unseen_values()["deepmember"])
    with pytest.raises(SigningError, match=reason):
        sign_request(scheme, request_of("POST", URL, headers, body), GIVEN, now_ms=NOW_MS)


@pytest.mark.parametrize(
    ("fields", "message", "problem"),
    [
        ({"/a~2b": "{signature}"}, "body", "leads to no member of JSON"),
        ({"/" + "a/" * 24 + "s": "{signature}"}, "method", "it lies in more than 24 objects"),
        ({"/a/t": "{timestamp}", "/a": "{signature}"}, "timestamp", "lies within the other one"),
        ({"a": "{timestamp}", "/a/s": "{signature}"}, "timestamp", "lies within the other one"),
        ({"/a/h": "{body./a}", "/s": "{signature}"}, "method", "is made of what it is put into"),
        ({"/a/h": "{body./a/h/deep}", "/s": "{signature}"}, "method", "is made of what it is put into"),
    ],
)
def test_names_that_lead_nowhere_are_faults(fields: dict[str, str], message: str, problem: str) -> None:
    value = {
        "algorithm": "hmac-sha256",
        "digest": "hex-lower",
        "key": {"credential": "secret_key"},
        "message": {"parts": [message]},
        "timestamp": {"format": "unix-s", "window_seconds": 60},
        "placement": [{"in": "body", "fields": fields}],
    }
    with pytest.raises(SchemeError, match=problem):
        read_scheme(value)

"""Schemes that no value was written for before: from the language page alone, held against examples or code by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from generator.signing.language import read_scheme
from generator.signing.language.clock import read_moment
from generator.signing.messages import SignatureRefused, read_claims, request_of, sign_request, verify_request
from tests.signing.published import unseen_values

HAWK = {
    "algorithm": "hmac-sha256",
    "digest": "base64",
    "key": {"credential": "secret_key"},
    "settings": {"ext": {"description": "What the application adds.", "optional": True}},
    "values": {
        "hash": {
            "join": "\n",
            "parts": [
                {"text": "hawk.1.payload"},
                {"from": "header.content-type", "as": ["media-type"]},
                "body",
                {"text": ""},
            ],
            "as": ["sha256", "base64"],
            "only_with": "body",
        }
    },
    "message": {
        "join": "\n",
        "parts": [
            {"text": "hawk.1.header"},
            "timestamp",
            "nonce",
            {"from": "method", "as": ["upper"]},
            "target",
            "host",
            "port",
            "hash",
            "setting.ext",
            {"text": ""},
        ],
    },
    "timestamp": {"format": "unix-s", "window_seconds": 60},
    "nonce": {"type": "string", "unique_for_seconds": 120},
    "placement": [
        {
            "in": "authorization",
            "scheme": "Hawk",
            "optional": ["hash", "ext"],
            "fields": {
                "id": "{credential.access_key}",
                "ts": "{timestamp}",
                "nonce": "{nonce}",
                "hash": "{hash}",
                "ext": "{setting.ext}",
                "mac": "{signature}",
            },
        }
    ],
}
PLAIN = {"Content-Type": "text/plain"}
BODY = "Thank you for flying Hawk"


@pytest.mark.parametrize(
    ("method", "headers", "body", "mac"),
    [
        ("GET", {}, "", "6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE="),
        ("POST", PLAIN, BODY, "aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw="),
    ],
)
def test_examples_of_hawk(method: str, headers: dict[str, str], body: str, mac: str) -> None:
    """Both examples of its description."""
    scheme = read_scheme(HAWK)
    request = request_of(method, "http://example.com:8000/resource/1?b=1&a=2", headers, body)
    given = {"access_key": "dh37fgj492je", "secret_key": "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn"}
    now_ms = 1353832234000
    signed = sign_request(scheme, request, given, settings={"ext": "some-app-ext-data"}, now_ms=now_ms, nonce="j4h3g2")
    assert read_claims(scheme, signed).signatures == (mac,)
    hashed = 'hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=", '
    header = f'Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", {hashed if body else ""}ext="some-app-ext-data"'
    assert signed.header("Authorization") == [f'{header}, mac="{mac}"']
    verify_request(scheme, signed, given, now_ms=now_ms)
    with pytest.raises(SignatureRefused):
        verify_request(scheme, signed, {**given, "secret_key": "another"}, now_ms=now_ms)


def test_a_hash_with_the_secret_on_both_sides() -> None:
    pairs: dict[str, Any] = {
        "parameters": ["query", "form"],
        "order": "name-bytes",
        "pair": "{name}{value}",
        "separator": "",
        "empty": "drop",
    }
    fields = {"app": "{credential.access_key}", "at": "{timestamp}", "way": "md5", "sign": "{signature}"}
    scheme = read_scheme(
        {
            "algorithm": "md5",
            "digest": "hex-upper",
            "message": {"parts": ["credential.secret_key", pairs, "credential.secret_key"]},
            "timestamp": {"format": "%Y-%m-%d %H:%M:%S", "window_seconds": 600},
            "placement": [{"in": "query", "fields": fields}],
        }
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    request = request_of("POST", "https://a.example/rest?z=%C3%A9&none=", form, "id=1")
    given = {"access_key": "ada", "secret_key": "made-up-secret"}
    signed = sign_request(scheme, request, given, now_ms=1_785_492_184_567)
    message = "made-up-secretappadaat2026-07-31 10:03:04id1waymd5zémade-up-secret"
    assert read_claims(scheme, signed).signatures == (hashlib.md5(message.encode()).hexdigest().upper(),)
    verify_request(scheme, signed, given, now_ms=1_785_492_184_567)


def test_a_passphrase_that_is_signed_itself() -> None:
    fields: dict[str, Any] = {
        "K": "{credential.access_key}",
        "T": "{timestamp}",
        "P": {"from": "credential.passphrase", "as": ["sign"]},
        "S": "{signature}",
    }
    scheme = read_scheme(
        {
            "algorithm": "hmac-sha256",
            "digest": "base64",
            "credentials": {"passphrase": "Chosen with the key."},
            "key": {"credential": "secret_key"},
            "message": {"parts": ["timestamp", {"from": "method", "as": ["upper"]}, "target", "body"]},
            "timestamp": {"format": "unix-ms", "window_seconds": 5},
            "placement": [{"in": "header", "fields": fields}],
        }
    )
    given = {"access_key": "ada", "secret_key": "made-up-secret", "passphrase": "four words"}
    signed = sign_request(
        scheme, request_of("post", "https://a.example/o?x=1", {}, "{}"), given, now_ms=1_785_492_184_567
    )

    def mac(text: str) -> list[str]:
        return [base64.b64encode(hmac.digest(b"made-up-secret", text.encode(), "sha256")).decode()]

    assert signed.header("S") == mac("1785492184567POST/o?x=1{}")
    assert signed.header("P") == mac("four words")
    verify_request(scheme, signed, given, now_ms=1_785_492_184_567)
    with pytest.raises(SignatureRefused, match="P does not fit"):
        verify_request(scheme, signed, {**given, "passphrase": "others"}, now_ms=1_785_492_184_567)


ACQUIA = {
    "access_key": "efdde334-fe7b-11e4-a322-1697f925ec7b",
    "secret_key": "W5PeGMxSItNerkNFqQMfYiJvH14WzVJMy54CPoTAYoI=",
}


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "signature"),
    [
        ("GET", "/v1.0/task-status/133?limit=10", {}, "", "MRlPr/Z1WQY2sMthcaEqETRMw4gPYXlPcTpaLWS2gcc="),
        (
            "POST",
            "/v1.0/task",
            {"Content-Type": "application/json"},
            '{"method":"hi.bob","params":["5","4","8"]}',
            "XDBaXgWFCY3aAgQvXyGXMbw9Vds2WPKJe2yP+1eXQgM=",
        ),
    ],
)
def test_examples_of_http_hmac(method: str, target: str, headers: dict[str, str], body: str, signature: str) -> None:
    """Both are in the specification of version 2.0, and in the tests of its libraries."""
    scheme, now_ms = read_scheme(unseen_values()["acquia"]), 1432075982000
    request = request_of(method, f"https://example.acquiapipet.net{target}", headers, body)
    nonce = "d1954337-5319-4821-8427-115542e08d10"
    signed = sign_request(scheme, request, ACQUIA, now_ms=now_ms, nonce=nonce)
    assert read_claims(scheme, signed).signatures == (signature,)
    (header,) = signed.header("Authorization")
    assert header.startswith(f'acquia-http-hmac realm="Pipet%20service",id="{ACQUIA["access_key"]}",nonce="{nonce}",')
    verify_request(scheme, signed, ACQUIA, now_ms=now_ms)


PUBLISHED: list[tuple[str, str, str, dict[str, str], str, dict[str, str], str, str]] = [
    (
        "bitmex",
        "GET",
        "/api/v1/instrument",
        {},
        "",
        {},
        "1518064236",
        "c7682d435d0cfe87c16098df34ef2eb5a549d4c5a3c2b1f0f77b8af73423bf00",
    ),
    (
        "bitmex",
        "GET",
        "/api/v1/instrument?filter=%7B%22symbol%22%3A+%22XBTM15%22%7D",
        {},
        "",
        {},
        "1518064237",
        "e2f422547eecb5b3cb29ade2127e21b858b235b386bfa45e1c1756eb3383919f",
    ),
    (
        "bitmex",
        "POST",
        "/api/v1/order",
        {"Content-Type": "application/json"},
        '{"symbol":"XBTM15","price":219.0,"clOrdID":"mm_bitmex_1a/oemUeQ4CAJZgP3fjHsA","orderQty":98}',
        {},
        "1518064238",
        "1749cd2ccae4aa49048ae09f0b95110cee706e0944e6a14ad0b3a8cb45bd336b",
    ),
    (
        "slack",
        "POST",
        "/hook",
        {"Content-Type": "application/x-www-form-urlencoded"},
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
        {},
        "1531420618",
        "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    ),
    (
        "oss",
        "PUT",
        "/nelson",
        {
            "Content-MD5": "ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=",
            "Content-Type": "text/html",
            "X-OSS-Meta-Author": "foo@bar.com",
            "X-OSS-Magic": "abracadabra",
        },
        "",
        {"bucket": "oss-example"},
        "Thu, 17 Nov 2005 18:49:58 GMT",
        "26NBxoKdsyly4EDv6inkoDft/yA=",
    ),
]
SECRETS = {
    "bitmex": "chNOOS4KvNXR_Xq4k4c9qsfoKWvnDecLATCRlcBwyKDYnWgO",
    "slack": "8f742231b10e8888abcd99yyyzzz85a5",
    "oss": "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV",
}


@pytest.mark.parametrize(
    ("name", "method", "target", "headers", "body", "settings", "timestamp", "signature"), PUBLISHED
)
def test_published_examples_of_three_more_schemes(
    name: str,
    method: str,
    target: str,
    headers: dict[str, str],
    body: str,
    settings: dict[str, str],
    timestamp: str,
    signature: str,
) -> None:
    """Of an exchange, a chat service and a storage: their pages publish secret, request and signature."""
    scheme = read_scheme(unseen_values()[name])
    assert scheme.timestamp is not None
    moment = read_moment(scheme.timestamp.format, timestamp)
    assert moment is not None
    given = {"access_key": "ada", "secret_key": SECRETS[name]}
    now_ms = moment - 1000 * scheme.timestamp.offset_seconds
    request = request_of(method, f"https://a.example{target}", headers, body)
    signed = sign_request(scheme, request, given, settings=settings, now_ms=now_ms)
    claims = read_claims(scheme, signed)
    assert (claims.timestamp, claims.signatures) == (timestamp, (signature,))
    verify_request(scheme, signed, given, settings=settings, now_ms=now_ms)
    with pytest.raises(SignatureRefused):
        verify_request(scheme, signed, {**given, "secret_key": "another"}, settings=settings, now_ms=now_ms)

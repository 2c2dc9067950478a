"""Schemes without a value in the gallery, from the language page alone: packed fields, headers without names, and more.

Signatures are those that a vendor publishes, or made by hand with `hmac` and `hashlib`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from generator.signing.language import read_scheme
from generator.signing.messages import Request, SignatureRefused, read_claims, request_of, sign_request, verify_request

SECONDS = {"format": "unix-s", "window_seconds": 300}
HMAC = {"algorithm": "hmac-sha256", "digest": "hex-lower", "key": {"credential": "secret_key"}}
GET = request_of("GET", "https://api.example/books?page=2")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A value, a request, and the signature that is right for it."""

    value: Mapping[str, Any]
    request: Request
    signature: str
    now_ms: int = 1_785_492_184_567
    nonce: str = "n-1"
    credentials: Mapping[str, str] = field(
        default_factory=lambda: {"access_key": "ada", "secret_key": "made-up-secret"}
    )


def mac(name: str, message: str, key: str = "made-up-secret") -> str:
    return hmac.digest(key.encode(), message.encode(), name).hex()


SORTED = {
    "parameters": ["query", "form"],
    "order": "name-bytes",
    "names": ["percent-encode"],
    "values": ["percent-encode"],
}
BASIC = {"text": "{credential.access_key}:{signature}", "as": ["base64"]}
# Duo Security; https://duo.com/docs/adminapi#authentication has this example
DUO = {
    **HMAC,
    "algorithm": "hmac-sha1",
    "message": {"join": "\n", "parts": ["timestamp", {"from": "method", "as": ["upper"]}, "host", "path", SORTED]},
    "timestamp": {"format": "%a, %d %b %Y %H:%M:%S -0000", "window_seconds": 300},
    "placement": [
        {"in": "header", "fields": {"Date": "{timestamp}", "Authorization": {"parts": [{"text": "Basic "}, BASIC]}}}
    ],
}
DUO_CASE = Case(
    value=DUO,
    request=request_of(
        "POST",
        "https://api-xxxxxxxx.duosecurity.com/accounts/v1/account/list",
        FORM,
        "username=root&realname=First%20Last",
    ),
    signature="2d97d6166319781b5a3a07af39d366f491234edc",
    now_ms=1345570158000,
    credentials={
        "access_key": "DIWJ8X6AEYOR5OMC6TQ1",
        "secret_key": "Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep",
    },
)
# OVHcloud; its first steps with the API have this example
OVH_CASE = Case(
    value={
        "algorithm": "sha1",
        "digest": "hex-lower",
        "credentials": {"consumer_key": "Of the application's user."},
        "message": {
            "join": "+",
            "parts": ["credential.secret_key", "credential.consumer_key", "method", "uri", "body", "timestamp"],
        },
        "timestamp": SECONDS,
        "placement": [
            {
                "in": "header",
                "fields": {
                    "X-Ovh-Application": "{credential.access_key}",
                    "X-Ovh-Consumer": "{credential.consumer_key}",
                    "X-Ovh-Timestamp": "{timestamp}",
                    "X-Ovh-Signature": "$1${signature}",
                },
            }
        ],
    },
    request=request_of("GET", "https://eu.api.ovh.com/1.0/domains/"),
    signature="d3705e8afb27a0d2970a322b96550abfc67bb798",
    now_ms=1366560945000,
    credentials={
        "access_key": "application",
        "secret_key": "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF",
        "consumer_key": "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1",
    },
)
# a JSON object in a header, which is what is signed (Gemini)
PAYLOAD = Case(
    value={
        **HMAC,
        "algorithm": "hmac-sha384",
        "values": {"payload": {"text": '{{"request":"{path}","nonce":"{nonce}"}}', "as": ["base64"]}},
        "message": "payload",
        "nonce": {"type": "increasing"},
        "placement": [
            {
                "in": "header",
                "fields": {"X-Key": "{credential.access_key}", "X-Payload": "{payload}", "X-Sign": "{signature}"},
            }
        ],
    },
    request=GET,
    nonce="5",
    signature=mac("sha384", base64.b64encode(b'{"request":"/books","nonce":"5"}').decode()),
)
# a key that is derived from what the header begins with, and a header without names (Baidu)
DERIVED = Case(
    value={
        **HMAC,
        "settings": {"expire": {"default": "1800"}},
        "values": {"auth": {"text": "auth-v1/{credential.access_key}/{timestamp}/{setting.expire}"}},
        "key": {"credential": "secret_key", "derive": ["auth"], "form": "hex-lower"},
        "message": {"join": "\n", "parts": ["method", "target"]},
        "timestamp": {"format": "%Y-%m-%dT%H:%M:%SZ", "window_seconds": {"past": "setting.expire", "future": 60}},
        "placement": [{"in": "header", "fields": {"Authorization": "{auth}//{signature}"}}],
    },
    request=GET,
    signature=mac("sha256", "GET\n/books?page=2", mac("sha256", "auth-v1/ada/2026-07-31T10:03:04Z/1800")),
)
# everything in one text, and fields that are known by their order
PACKED = {"parts": ["credential.access_key", "timestamp", "nonce", "signature"], "join": ":", "as": ["base64"]}
IN_ORDER = {"k": "{credential.access_key}", "t": "{timestamp}", "n": "{nonce}", "s": "{signature}"}
ONE_HEADER = {
    **HMAC,
    "message": {"join": "\n", "parts": ["timestamp", "nonce", "path"]},
    "timestamp": SECONDS,
    "nonce": {},
}
ONE_LINE = mac("sha256", "1785492184\nn-1\n/books")
PARTED = {"in": "authorization", "scheme": "Shelf", "pair": "{value}", "separator": ":", "fields": IN_ORDER}
# the second of a day and the joiner in a field between quotation marks
DATED = {
    **HMAC,
    "message": "timestamp",
    "timestamp": {"format": "%a, %d %b %Y %H:%M:%S GMT", "window_seconds": 300},
    "placement": [
        {
            "in": "authorization",
            "scheme": "Shelf",
            "fields": {"k": "{credential.access_key}", "date": "{timestamp}", "s": "{signature}"},
        }
    ],
}
# characters that would part the pairs are replaced (Vonage)
REPLACED = Case(
    value={
        "algorithm": "md5",
        "digest": "hex-lower",
        "message": {
            "parts": [
                {
                    "parameters": ["query"],
                    "order": "name-bytes",
                    "pair": "&{name}={value}",
                    "separator": "",
                    "values": [{"replace": ["&", "_"]}, {"replace": ["=", "_"]}],
                },
                "credential.secret_key",
            ]
        },
        "timestamp": SECONDS,
        "placement": [
            {"in": "query", "fields": {"api": "{credential.access_key}", "at": "{timestamp}", "sig": "{signature}"}}
        ],
    },
    request=request_of("GET", "https://api.example/books?to=1%262&b=x%3Dy"),
    signature=hashlib.md5(b"&api=ada&at=1785492184&b=x_y&to=1_2made-up-secret").hexdigest(),
)
CASES = {
    "duo": DUO_CASE,
    "ovh": OVH_CASE,
    "payload": PAYLOAD,
    "derived": DERIVED,
    "packed": Case(
        value={**ONE_HEADER, "placement": [{"in": "header", "fields": {"X-Auth": PACKED}}]},
        request=GET,
        signature=ONE_LINE,
    ),
    "in order": Case(value={**ONE_HEADER, "placement": [PARTED]}, request=GET, signature=ONE_LINE),
    "dated": Case(value=DATED, request=GET, signature=mac("sha256", "Fri, 31 Jul 2026 10:03:04 GMT")),
    "replaced": REPLACED,
}


@pytest.mark.parametrize("name", CASES)
def test_the_signature_is_right_and_read_back(name: str) -> None:
    case = CASES[name]
    scheme = read_scheme(case.value)
    signed = sign_request(scheme, case.request, case.credentials, now_ms=case.now_ms, nonce=case.nonce)
    claims = read_claims(scheme, signed)
    assert claims.signatures == (case.signature,)
    assert claims.nonce == (case.nonce if scheme.nonce else "")
    assert claims.credentials.get("access_key", case.credentials["access_key"]) == case.credentials["access_key"]
    verify_request(scheme, signed, case.credentials, now_ms=case.now_ms)
    with pytest.raises(SignatureRefused):
        verify_request(scheme, signed, {**case.credentials, "secret_key": "another"}, now_ms=case.now_ms)


def test_the_published_header() -> None:
    signed = sign_request(read_scheme(DUO), DUO_CASE.request, DUO_CASE.credentials, now_ms=DUO_CASE.now_ms)
    header = "Basic RElXSjhYNkFFWU9SNU9NQzZUUTE6MmQ5N2Q2MTY2MzE5NzgxYjVhM2EwN2FmMzlkMzY2ZjQ5MTIzNGVkYw=="
    assert signed.header("Authorization") == [header]
    assert signed.header("Date") == ["Tue, 21 Aug 2012 17:29:18 -0000"]


@pytest.mark.parametrize("header", ["Shelf ada:1785492184:n-1", "Shelf ada:1:2:3:4", "Shelf", "", "Shelf ::::::"])
def test_a_header_with_other_fields_is_refused(header: str) -> None:
    scheme = read_scheme(CASES["in order"].value)
    with pytest.raises(SignatureRefused, match="is missing"):
        read_claims(scheme, GET.with_header("Authorization", header))

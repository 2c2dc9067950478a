"""Public schemes, written from the page about the language alone: signed by hand, verified, attacked, explained."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, quote

import pytest

from generator.signing.explanation.requests import explain_request
from generator.signing.language import read_scheme, unused_clauses
from generator.signing.messages import Request, SignatureRefused, read_claims, request_of, sign_request, verify_request
from procwise.signing.language import read_scheme as read_generated
from procwise_conformance.attacks.whole_requests import attacks
from procwise_conformance.results import MUST
from tests.signing.published import trial_values

VALUES = trial_values()
SECRET = "bWFkZS11cC1zZWNyZXQh"
GIVEN = {"access_key": "ada", "secret_key": SECRET}
NOW_MS, SECONDS, DATE = 1785492184567, "1785492184", "2026-07-31T10:03:04"
URL = "https://a.example/derivatives/api/v3/x"
BODY = '{"qty": 1.50, "on": true, "name": "é/x"}'
JSON, FORM = {"Content-Type": "application/json"}, {"Content-Type": "application/x-www-form-urlencoded"}
REQUESTS = (
    request_of("POST", f"{URL}?z=1&a=%C3%A9%20z", JSON, BODY),
    request_of("POST", f"{URL}?z=1", {**FORM, "x-bce-note": " a/b "}, "q=%26&p=1&on=true"),
)
POST = REQUESTS[0]


def digest(key: str | bytes, text: str | bytes, name: str = "sha256") -> bytes:
    return hmac.digest(*(one.encode() if isinstance(one, str) else one for one in (key, text)), name)


def write_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def encode(text: str) -> str:
    return quote(text, safe="-._~")


def sign_bybit(request: Request, moment: str = str(NOW_MS)) -> str:
    return digest(SECRET, f"{moment}ada5000{request.query}{request.body.decode()}").hex()


def sign_bce(request: Request, *, is_written: bool = True, encodes: Callable[[str], str] = encode) -> str:
    prefix = digest(SECRET, f"bce-auth-v1/ada/{DATE}Z/1800")
    own = {name.lower(): text.strip() for name, text in request.headers}
    headers = {"host": "a.example", "content-length": str(len(request.body)), **own}
    query = sorted(f"{encode(name)}={encode(value)}" for name, value in parse_qsl(request.query))
    lines = sorted(f"{encode(name)}:{encodes(value)}" for name, value in headers.items())
    text = "\n".join([request.method, request.path, "&".join(query), "\n".join(lines)])
    return digest(prefix.hex() if is_written else prefix, text).hex()


def sign_feishu(_: Request, joiner: str = "\n") -> str:
    return write_base64(digest(f"{SECONDS}{joiner}{SECRET}", ""))


def sign_krakenfutures(request: Request, *, is_decoded: bool = True) -> str:
    text = f"{request.query}{request.body.decode()}77{request.path.removeprefix('/derivatives')}"
    key = base64.b64decode(SECRET) if is_decoded else SECRET
    return write_base64(digest(key, hashlib.sha256(text.encode()).digest(), "sha512"))


def sign_twitch(request: Request) -> str:
    return digest(SECRET, f"77{DATE}.567Z{request.body.decode()}").hex()


def sign_wechat(request: Request, *, encodes: Callable[[str], str] = str) -> str:
    values = {**dict(parse_qsl(request.query)), "mch_id": "ada", "nonce_str": "77"}
    text = "&".join(f"{name}={encodes(values[name])}" for name in sorted(values) if values[name])
    return hashlib.md5(f"{text}&key={SECRET}".encode()).hexdigest().upper()


SIGNERS: dict[str, Callable[[Request], str]] = {
    "bybit": sign_bybit,
    "bce": sign_bce,
    "feishu": sign_feishu,
    "krakenfutures": sign_krakenfutures,
    "twitch": sign_twitch,
    "wechat": sign_wechat,
}


@pytest.mark.parametrize("name", SIGNERS)
def test_what_is_signed_by_hand_is_signed_and_verified(name: str) -> None:
    scheme = read_scheme(VALUES[name])
    assert list(unused_clauses(scheme, VALUES[name])) == []
    for request in REQUESTS:
        signed = sign_request(scheme, request, GIVEN, now_ms=NOW_MS, nonce="77")
        assert read_claims(scheme, signed).signatures == (SIGNERS[name](request),)
        verify_request(scheme, signed, GIVEN, now_ms=NOW_MS)
        with pytest.raises(SignatureRefused, match="signature is wrong"):
            verify_request(scheme, signed, {**GIVEN, "secret_key": "b3RoZXI="}, now_ms=NOW_MS)


COVERED = {
    "bybit": {"query", "query order", "body"},
    "bce": {"method", "host", "path", "query", "added query"},
    "feishu": set[str](),
    "krakenfutures": {"path", "query", "body", "query order"},
    "twitch": {"body"},
    "wechat": {"query", "added query"},
}


@pytest.mark.parametrize("name", SIGNERS)
def test_what_is_covered_is_attacked(name: str) -> None:
    found = {one.name: one for one in attacks(read_generated(VALUES[name]))}
    changes = {text.removesuffix(" changed after signing") for text, one in found.items() if one.level == MUST}
    assert changes >= COVERED[name] | {"another secret key", "no signature"}
    assert changes.isdisjoint({"method", "host", "path", "body"} - COVERED[name])


def without(member: str) -> Request:
    return replace(POST, **{member: b"" if member == "body" else ""})


COMPACT = replace(POST, body=json.dumps(json.loads(BODY), ensure_ascii=False, separators=(",", ":")).encode())
MISTAKES: list[tuple[str, str, str]] = [
    ("bybit", sign_bybit(COMPACT), "the JSON of the body was signed without blanks, not the bytes that are sent"),
    ("bybit", sign_bybit(without("query")), "the query was not signed"),
    ("bybit", sign_bybit(POST, SECONDS), f"the moment was signed as unix-s ({SECONDS})"),
    ("bce", sign_bce(POST, is_written=False), "each derived key was taken as its bytes"),
    ("bce", sign_bce(POST, encodes=str), "the values of the parameters were signed raw"),
    ("bce", sign_bce(without("query")), "the query was not signed"),
    ("feishu", sign_feishu(POST, ""), "the parts of the key were joined by '' instead of '\\n'"),
    (
        *("feishu", write_base64(digest(SECRET, f"{SECONDS}\n{SECRET}"))),
        "what is the key was signed, and the secret key alone was the key",
    ),
    ("feishu", digest(f"{SECONDS}\n{SECRET}", "").hex(), "the digest was written as hex-lower"),
    ("krakenfutures", sign_krakenfutures(COMPACT), "the JSON of the body was signed without blanks"),
    ("krakenfutures", sign_krakenfutures(POST, is_decoded=False), "the key was taken as it is written"),
    ("krakenfutures", sign_krakenfutures(without("query")), "the query was not signed"),
    ("twitch", sign_twitch(COMPACT), "the JSON of the body was signed without blanks"),
    ("twitch", sign_twitch(without("body")), "the body was not signed"),
    ("twitch", write_base64(bytes.fromhex(sign_twitch(POST))), "the digest was written as base64"),
    ("wechat", sign_wechat(POST).lower(), "the digest was written as hex-lower"),
    ("wechat", sign_wechat(POST, encodes=encode), "the values of the parameters were signed with percent-encode"),
    ("wechat", hashlib.md5(b"nothing of it").hexdigest().upper(), ""),
]


@pytest.mark.parametrize(("name", "wrong", "said"), MISTAKES)
def test_planted_mistakes_are_named(name: str, wrong: str, said: str) -> None:
    scheme = read_scheme(VALUES[name])
    signed = sign_request(scheme, POST, GIVEN, now_ms=NOW_MS, nonce="77")
    right = SIGNERS[name](POST)
    sent = replace(
        signed,
        headers=tuple((own, text.replace(right, wrong)) for own, text in signed.headers),
        query=signed.query.replace(right, wrong),
        body=signed.body.replace(right.encode(), wrong.encode()),
    )
    cause = explain_request(scheme, sent, GIVEN).cause
    assert cause.startswith(said)
    assert bool(cause) == bool(said)

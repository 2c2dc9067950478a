"""Public schemes beside the gallery, written from the language page alone, against the vendors' own examples."""

from __future__ import annotations

import hmac
from typing import Any

import pytest

from generator.signing.language import read_scheme, unused_clauses
from generator.signing.messages import Request, SignatureRefused, read_claims, request_of, sign_request, verify_request
from procwise.signing.language import read_scheme as read_generated
from procwise_conformance.attacks.whole_requests import attacks
from tests.signing.published import vendor_values

TUYA = {"access_key": "1KAD46OrT9HafiKdsXeg", "secret_key": "4OHBOnWOqaEC1mWXOpVL3yV50s0qGSRC"}
TUYA_HEADERS = {"area_id": "29a33e8796834b1efa6", "call_id": "8afdb70ab2ed11eb85290242ac130003"}
TUYA_NONCE = "5138cc3a9033d69856923fd07b491173"
TUYA_TOKEN = {**TUYA, "access_token": "3f4eda2bdec17232f67c0b188af3eec1"}
EVENT = '{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}'
SHOP = "https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)"
UPLOAD = {
    "Date": "Thu, 16 May 2019 06:45:51 GMT",
    "Content-Type": "text/plain",
    "Content-Length": "13",
    "Content-MD5": "mQ/fVh815F3k6TAUm8m0eg==",
    "x-cos-acl": "private",
    "x-cos-grant-read": 'uin="100000000011"',
}
JSON = {"Content-Type": "application/json"}
# name, request, credentials, moment, nonce, signature: as the vendors publish them
PUBLISHED: list[tuple[str, Request, dict[str, str], int, str, str]] = [
    (
        "tuya",
        request_of("GET", "https://a.example/v1.0/token?grant_type=1", TUYA_HEADERS),
        TUYA,
        1588925778000,
        TUYA_NONCE,
        "9E48A3E93B302EEECC803C7241985D0A34EB944F40FB573C7B5C2A82158AF13E",
    ),
    (
        "tuya",
        request_of("GET", "https://a.example/v2.0/apps/schema/users?page_size=50&page_no=1", TUYA_HEADERS),
        TUYA_TOKEN,
        1588925778000,
        TUYA_NONCE,
        "AE4481C692AA80B25F3A7E12C3A5FD9BBF6251539DD78E565A1A72A508A88784",
    ),
    (
        "pusher",
        request_of("POST", "https://a.example/apps/3/events", JSON, EVENT),
        {"access_key": "278d425bdf160c739803", "secret_key": "7ad3773142a6692b25b8"},
        1353088179000,
        "",
        "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c",
    ),
    (
        "cos",
        request_of("PUT", SHOP, UPLOAD, "ObjectContent"),
        {"access_key": "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q", "secret_key": "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz"},
        1557989151000,
        "",
        "3b8851a11a569213c17ba8fa7dcf2abec6935172",
    ),
]


def sign_by_hand_veracode(key: str, nonce: str, stamp: str, text: str) -> str:
    secret = bytes.fromhex(key)
    for part in (bytes.fromhex(nonce), stamp.encode(), b"vcode_request_version_1"):
        secret = hmac.digest(secret, part, "sha256")
    return hmac.digest(secret, text.encode(), "sha256").hex()


HEX_KEY, HEX_NONCE = "00ff10a5" * 8, "3b1974fbaa7c97cc"
BOT = {"secret_key": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"}
CHECKED = 'auth_date=1785492184\nquery_id=q\nuser={"id":1}'
BOT_KEY = hmac.digest(b"WebAppData", BOT["secret_key"].encode(), "sha256")
SHOP_TEXT = "app_keyadafoo1formatjsonsessiontsign_methodhmactimestamp2026-07-31 18:03:04v2.0"
# made by hand, as the vendors' pages say in words
BY_HAND: list[tuple[str, Request, dict[str, str], int, str, str]] = [
    (
        "veracode",
        request_of("GET", "https://api.veracode.com/appsec/v1/applications?size=1"),
        {"access_key": "702a1650", "secret_key": HEX_KEY},
        1785492184567,
        HEX_NONCE,
        sign_by_hand_veracode(
            HEX_KEY,
            HEX_NONCE,
            "1785492184567",
            "id=702a1650&host=api.veracode.com&url=/appsec/v1/applications?size=1&method=GET",
        ),
    ),
    (
        "telegram",
        request_of("GET", "https://a.example/app?user=%7B%22id%22%3A1%7D&query_id=q"),
        BOT,
        1785492184000,
        "",
        hmac.digest(BOT_KEY, CHECKED.encode(), "sha256").hex(),
    ),
    (
        "taobao",
        request_of("GET", "https://a.example/router?foo=1&none="),
        {"access_key": "ada", "secret_key": "made-up", "token": "t"},
        1785492184000,
        "",
        hmac.digest(b"made-up", SHOP_TEXT.encode(), "md5").hex().upper(),
    ),
]


@pytest.mark.parametrize(("name", "request_", "given", "now_ms", "nonce", "signature"), [*PUBLISHED, *BY_HAND])
def test_the_signature_is_right_and_verified(
    name: str, request_: Request, given: dict[str, str], now_ms: int, nonce: str, signature: str
) -> None:
    value = vendor_values()[name]
    scheme = read_scheme(value)
    assert list(unused_clauses(scheme, value)) == []
    signed = sign_request(scheme, request_, given, now_ms=now_ms, nonce=nonce)
    assert read_claims(scheme, signed).signatures == (signature,)
    verify_request(scheme, signed, given, now_ms=now_ms)
    for wrong in ({**given, "secret_key": f"{given['secret_key'][:-1]}0"}, {**given, "secret_key": "00" * 32}):
        with pytest.raises(SignatureRefused):
            verify_request(scheme, signed, wrong, now_ms=now_ms)


def test_begin_and_end_of_a_signature_are_sent() -> None:
    name, request, given, now_ms, _, signature = PUBLISHED[3]
    signed = sign_request(read_scheme(vendor_values()[name]), request, given, now_ms=now_ms)
    fields = dict(field.split("=", 1) for field in signed.header("Authorization")[0].split("&"))
    assert fields["q-sign-time"] == fields["q-key-time"] == "1557989151;1557996351"
    assert fields["q-header-list"] == "content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read"
    assert fields["q-signature"] == signature
    later = signed.header("Authorization")[0].replace(";1557996351", ";1557999999")
    with pytest.raises(SignatureRefused, match="does not fit the request"):
        verify_request(
            read_scheme(vendor_values()[name]), signed.with_header("Authorization", later), given, now_ms=now_ms
        )


@pytest.mark.parametrize(
    ("zone", "text"),
    [("+08:00", "2026-07-31 18:03:04"), ("-09:30", "2026-07-31 00:33:04"), ("+00:00", "2026-07-31 10:03:04")],
)
def test_a_moment_is_written_and_read_in_the_zone(zone: str, text: str) -> None:
    value: dict[str, Any] = vendor_values()["taobao"]
    value = {**value, "timestamp": {**value["timestamp"], "zone": zone}}
    scheme, given = read_scheme(value), {"access_key": "ada", "secret_key": "s", "token": "t"}
    signed = sign_request(scheme, request_of("GET", "https://a.example/x"), given, now_ms=1785492184000)
    assert read_claims(scheme, signed).timestamp == text
    assert verify_request(scheme, signed, given, now_ms=1785492184000).moment_ms == 1785492184000
    with pytest.raises(SignatureRefused, match="seconds old"):
        verify_request(scheme, signed, given, now_ms=1785492184000 + 601_000)


@pytest.mark.parametrize("name", ["veracode", "tuya"])
def test_attacks_are_derived_from_a_scheme_whose_nonce_is_decoded(name: str) -> None:
    """A made-up nonce that is no hexadecimal number left such a scheme without attacks on what it covers."""
    found = {attack.name: attack.level for attack in attacks(read_generated(vendor_values()[name]))}
    level = found["another secret key"]
    for change in ("method changed after signing", "query changed after signing", "the same request again"):
        assert found[change] == level, change


def test_a_key_may_hold_the_secret_in_what_it_is_derived_with() -> None:
    """A key that is derived with the secret alone holds it; one of constants does not."""
    value = vendor_values()["telegram"]
    open_to_all = {**value, "key": {**value["key"], "derive": [{"text": "bot"}]}}
    with pytest.raises(ValueError, match="anybody can sign so"):
        read_scheme(open_to_all)
    assert read_scheme(value).key is not None


@pytest.mark.parametrize(("method", "length"), [("POST", "content-length;content-type;"), ("GET", "")])
def test_the_length_of_the_body_is_signed_before_it_is_sent(method: str, length: str) -> None:
    """An HTTP library adds it after the request was signed; a verifier sees it among the headers."""
    scheme, given = read_scheme(vendor_values()["cos"]), {"access_key": "ada", "secret_key": "made-up"}
    body, headers = ("{}", JSON) if method == "POST" else ("", {})
    signed = sign_request(scheme, request_of(method, "https://a.example/x", headers, body), given, now_ms=0)
    assert f"q-header-list={length}host&" in signed.header("Authorization")[0]
    arrived = signed.with_header("Content-Length", "2") if body else signed
    verify_request(scheme, arrived, given, now_ms=0)

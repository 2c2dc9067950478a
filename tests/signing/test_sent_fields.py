"""Whatever a scheme sends can be read back: what could not is refused when it is signed, and all else verifies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.signing.messages import Request, SignatureRefused, SigningError, request_of, sign_request, verify_request
from tests.signing.invented import CREDENTIALS, NOW_MS, REQUEST, message_for, scheme_with, sign_by
from tests.signing.test_placement import ALL, JSON, verify


def test_two_headers_of_fields_are_compared_each_with_its_own() -> None:
    other = {"in": "authorization", "header": "X-Digest", "fields": {"d": {"from": "body", "as": ["sha256", "base64"]}}}
    scheme = scheme_with("method", placement=[{"in": "authorization", "fields": ALL}, other])
    request = sign_by(scheme)
    verify(scheme, request)
    with pytest.raises(SignatureRefused, match="d does not fit"):
        verify(scheme, replace(request, body=request.body + b"&c=3"))


@pytest.mark.parametrize("unsigned", [REQUEST, JSON, request_of("GET", "https://a.example/")])
def test_a_hash_of_the_body_is_that_of_the_body_without_the_signature(unsigned: Request) -> None:
    hashed = {"d": {"from": "body", "as": ["sha256", "hex-lower"]}, "t": "{timestamp}", "n": "{nonce}"}
    for header in (
        {"in": "header", "fields": hashed},
        {"in": "authorization", "fields": {**hashed, "s": "{signature}"}},
    ):
        scheme = scheme_with(
            "d", values={"d": hashed["d"]}, placement=[{"in": "body", "fields": {"s": "{signature}"}}, header]
        )
        verify(scheme, sign_by(scheme, unsigned))


def test_a_content_type_that_came_with_the_signature_is_signed() -> None:
    headers = {"names": ["content-type"], "order": "name-bytes"}
    placement = [
        {"in": "body", "fields": {"s": "{signature}"}},
        {"in": "header", "fields": {"t": "{timestamp}", "n": "{nonce}"}},
    ]
    scheme = scheme_with({"parameters": ["headers"]}, headers=headers, placement=placement)
    verify(scheme, sign_by(scheme, request_of("POST", "https://a.example/")))


def test_a_clock_says_no_more_than_the_timestamp() -> None:
    day, moment = {"clock": "%Y%m%d"}, {"clock": "unix-ms"}
    scheme = scheme_with({"parts": [day, moment], "join": " "})
    request = sign_by(scheme)
    verify(scheme, request)
    assert request.header("X-Time") == ["1785492184"]
    assert message_for({"parts": [day, moment], "join": " "}) == b"20260731 1785492184000"


@pytest.mark.parametrize(
    ("placement", "pin", "said"),
    [
        ({"in": "header", "fields": {**ALL, "p": "{credential.pin}"}}, " 1", "begin or end with a blank"),
        ({"in": "header", "fields": {**ALL, "p": "{credential.pin}"}}, "1\ud83d", "half a character"),
        ({"in": "authorization", "fields": {**ALL, "p": "{credential.pin}"}}, '1", s="2', "parts the fields"),
        (
            {"in": "authorization", "fields": {"p": "{credential.pin}", **ALL}, "pair": "{value}", "separator": ";"},
            "1;2",
            "parts the fields of the header Authorization",
        ),
    ],
)
def test_what_no_verifier_could_read_is_not_sent(placement: dict[str, Any], pin: str, said: str) -> None:
    scheme = scheme_with("method", placement=[placement])
    with pytest.raises(SigningError, match=said):
        sign_request(scheme, REQUEST, {**CREDENTIALS, "pin": pin}, now_ms=NOW_MS, nonce="n-1")


def test_a_separator_in_quotation_marks_is_read() -> None:
    scheme = scheme_with("method", placement=[{"in": "authorization", "fields": {**ALL, "p": "{credential.pin}"}}])
    given = {**CREDENTIALS, "pin": "1, 2"}
    verify_request(scheme, sign_request(scheme, REQUEST, given, now_ms=NOW_MS, nonce="n-1"), given, now_ms=NOW_MS)

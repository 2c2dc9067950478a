"""Where the fields of a scheme are put, and how they are read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.signing.language import SigningScheme
from generator.signing.messages import (
    Request,
    SignatureRefused,
    SigningError,
    read_claims,
    request_of,
    sign_request,
    verify_request,
)
from tests.signing.invented import (
    CREDENTIALS,
    NOW_MS,
    REQUEST,
    SETTINGS,
    scheme_with,
    sign_by,
    signature_of,
)

ALL = {"t": "{timestamp}", "n": "{nonce}", "s": "{signature}"}
JSON = request_of("POST", "https://a.example/x", {"Content-Type": "application/json"}, '{"b": 1.0, "t": "old"}')


def verify(scheme: SigningScheme, request: Request, now_ms: int = NOW_MS) -> None:
    verify_request(scheme, request, CREDENTIALS, settings=SETTINGS, now_ms=now_ms)


def test_fields_of_the_query_come_last_or_stay_where_they_were() -> None:
    scheme = scheme_with("target", placement=[{"in": "query", "fields": ALL}])
    query = sign_by(scheme).query
    assert query.startswith("z=1&a=%C3%A9+x&a=2&e=&t=1785492184&n=n-1&s=")
    twice = sign_by(scheme, replace(REQUEST, query="n=n%2D1&s=old&z=1&t=5"))
    assert twice.query.startswith("n=n%2D1&z=1&t=1785492184&s=")
    verify(scheme, twice)


def test_fields_of_a_json_body() -> None:
    scheme = scheme_with({"parameters": ["body"]}, placement=[{"in": "body", "fields": ALL}])
    request = sign_by(scheme, JSON)
    assert request.body.startswith(b'{"b":1.0,"t":"1785492184","n":"n-1","s":"')
    verify(scheme, request)


def test_fields_of_a_form_and_of_no_body() -> None:
    scheme = scheme_with("nonce", placement=[{"in": "body", "fields": ALL}])
    assert sign_by(scheme).body.startswith(b"q=%26&p=1&t=1785492184&n=n-1&s=")
    empty = sign_by(scheme, request_of("POST", "https://a.example/"))
    assert empty.header("content-type") == ["application/x-www-form-urlencoded"]
    verify(scheme, empty)


def test_a_header_of_fields_is_read_in_any_order() -> None:
    placement = {"in": "authorization", "scheme": "Shelf", "fields": ALL, "values": ["percent-encode"]}
    scheme = scheme_with("target", placement=[placement])
    request = sign_by(scheme)
    (header,) = request.header("authorization")
    assert header.startswith('Shelf t="1785492184", n="n-1", s="')
    fields = header.removeprefix("Shelf ").split(", ")
    verify(scheme, request.with_header("Authorization", "shelf " + ",".join([*reversed(fields), 'other="1"'])))
    with pytest.raises(SignatureRefused, match="t is missing"):
        verify(scheme, request.with_header("Authorization", "Shelf " + ", ".join(fields[1:])))
    with pytest.raises(SignatureRefused, match="t is missing"):
        verify(scheme, request.with_header("Authorization", header.replace("Shelf", "Other")))
    with pytest.raises(SignatureRefused, match="t stands there 2 times"):
        verify(scheme, request.with_header("Authorization", header + ", " + fields[0]))


@pytest.mark.parametrize(
    "placement",
    [
        [{"in": "header", "fields": {"T": "{timestamp}", "N": "{nonce}", "S": "v1,{signature}"}, "several": " "}],
        [
            {
                "in": "authorization",
                "header": "Sig",
                "fields": ALL,
                "pair": "{name}={value}",
                "separator": ",",
                "several": ",",
            }
        ],
    ],
)
def test_one_of_several_signatures_must_fit(placement: list[dict[str, Any]]) -> None:
    scheme = scheme_with("nonce", placement=placement)
    request = sign_by(scheme)
    name = "S" if placement[0]["in"] == "header" else "Sig"
    (header,) = request.header(name)
    other = "v1,0000 v2,1111 " + header if name == "S" else "s=0000," + header
    verify(scheme, request.with_header(name, other))
    with pytest.raises(SignatureRefused, match="the signature is wrong"):
        verify(scheme, request.with_header(name, other.replace(signature_of(scheme), "2222")))


def test_a_companion_that_does_not_fit_the_request_is_refused() -> None:
    fields = {"X-Hash": "{body_hash}", "X-Key": "{credential.access_key}/{setting.zone}"}
    scheme = scheme_with(
        "nonce",
        values={"body_hash": {"from": "body", "as": ["sha256", "base64"]}},
        placement=[{"in": "header", "fields": {**fields, **ALL}}],
    )
    request = sign_by(scheme)
    verify(scheme, request)
    for changed in (replace(request, body=b"other"), request.with_header("X-Hash", "other")):
        with pytest.raises(SignatureRefused, match="X-Hash does not fit"):
            verify(scheme, changed)
    with pytest.raises(SignatureRefused, match="X-Key does not fit"):
        verify(scheme, request.with_header("X-Key", "bob/north"))
    claims = read_claims(scheme, request)
    assert (claims.credentials, claims.settings) == ({"access_key": "ada"}, {"zone": "north"})


def test_fields_that_are_not_sent_when_empty() -> None:
    settings = {"note": {"optional": True}}
    placement = [{"in": "header", "optional": ["X-Extra"], "fields": {"X-Extra": "{setting.note}", **ALL}}]
    scheme = scheme_with("setting.note", settings=settings, placement=placement)
    without = sign_request(scheme, REQUEST, CREDENTIALS, now_ms=NOW_MS, nonce="n")
    assert without.header("X-Extra") == []
    verify_request(scheme, without, CREDENTIALS, now_ms=NOW_MS)
    noted = sign_request(scheme, REQUEST, CREDENTIALS, settings={"note": "x"}, now_ms=NOW_MS, nonce="n")
    assert verify_request(scheme, noted, CREDENTIALS, now_ms=NOW_MS).claims.settings == {"note": "x"}


def test_a_list_of_signed_headers_is_the_signers_choice_within_limits() -> None:
    headers = {"names": ["*"], "exclude": ["authorization", "via"], "required": ["host", "x-t*"], "order": "name-bytes"}
    scheme = scheme_with(
        {"parameters": ["headers"]},
        headers=headers,
        values={"list": {"parameters": ["headers"], "pair": "{name}", "separator": ";"}},
        placement=[
            {"in": "authorization", "fields": {"h": "{list}", **ALL}, "pair": "{name}={value}", "separator": ","}
        ],
    )
    request = sign_by(scheme)
    verify(scheme, replace(request, headers=(*request.headers, ("Via", "proxy"), ("X-New", "1"))))
    with pytest.raises(SignatureRefused, match="the header x-tail must be signed"):
        verify(scheme, replace(request, headers=(*request.headers, ("X-Tail", "1"))))
    (header,) = request.header("authorization")
    with pytest.raises(SignatureRefused, match="the header via cannot be signed"):
        verify(scheme, request.with_header("Authorization", header.replace("x-tag", "x-tag;via")))
    for twice in ("x-tag;x-tag", "X-Tag;x-tag", "x-tag;host;x-tag" + ";x-tag" * 1000):
        with pytest.raises(SignatureRefused, match="is named twice"):
            verify(scheme, request.with_header("Authorization", header.replace("x-tag", twice)))


@pytest.mark.parametrize(
    ("window", "offset", "accepted"),
    [
        (60, -60, True),
        (60, -61, False),
        (60, 60, True),
        (60, 61, False),
        ({"past": 5}, 10**6, True),
        ({"past": 5}, -6, False),
        ({"past": 5, "future": 1}, 2, False),
        ({"future": 1}, -(10**6), True),
        ({"past": "setting.life", "future": 0}, -90, True),
        ({"past": "setting.life", "future": 0}, -91, False),
    ],
)
def test_the_window_of_the_timestamp(window: Any, offset: int, accepted: bool) -> None:
    scheme = scheme_with(
        "timestamp",
        settings={"life": {"default": "90"}},
        timestamp={"format": "unix-ms", "window_seconds": window},
        placement=[{"in": "query", "fields": {**ALL, "life": "{setting.life}"}}],
    )
    request = sign_request(scheme, REQUEST, CREDENTIALS, now_ms=NOW_MS + offset * 1000, nonce="n")
    if accepted:
        verify_request(scheme, request, CREDENTIALS, now_ms=NOW_MS)
        return
    with pytest.raises(SignatureRefused) as refused:
        verify_request(scheme, request, CREDENTIALS, now_ms=NOW_MS)
    assert refused.value.reason == "stale"


def test_a_timestamp_ahead_of_the_clock() -> None:
    timestamp = {"format": "unix-s", "offset_seconds": 300, "window_seconds": {"past": 0, "future": 300}}
    scheme = scheme_with("timestamp", timestamp=timestamp)
    request = sign_by(scheme)
    assert request.header("x-time") == [str(NOW_MS // 1000 + 300)]
    verify(scheme, request)
    with pytest.raises(SignatureRefused, match="old"):
        verify(scheme, request, NOW_MS + 301_000)


@pytest.mark.parametrize(
    ("kind", "nonce", "accepted"),
    [
        ("string", "any text", True),
        ("integer", "not a number, and still new", True),
        ("increasing", "12", True),
        ("increasing", "x", False),
        ("increasing", "\u0661", False),
        ("string", "550E8400-e29b-41d4-a716-446655440000", True),
        ("string", "", False),
        ("string", "a\0b", False),
        ("string", "x" * 255, True),
        ("string", "x" * 256, False),
    ],
)
def test_the_nonce(kind: str, nonce: str, accepted: bool) -> None:
    scheme = scheme_with("nonce", nonce={"type": kind}, placement=[{"in": "query", "fields": ALL}])
    request = sign_request(scheme, REQUEST, CREDENTIALS, now_ms=NOW_MS, nonce=nonce)
    if accepted:
        verify(scheme, request)
        return
    with pytest.raises(SignatureRefused) as refused:
        verify(scheme, request)
    assert refused.value.reason == "nonce"


def test_a_timestamp_that_is_not_written_as_the_scheme_says() -> None:
    scheme = scheme_with("timestamp", timestamp={"format": "%Y-%m-%d %H:%M:%S"})
    request = sign_by(scheme).with_header("X-Time", "2026-02-30 00:00:00")
    with pytest.raises(SignatureRefused, match="not written as the scheme says"):
        verify(scheme, request)


def test_fields_are_taken_from_another_place_too() -> None:
    scheme = scheme_with("path", placement=[{"in": "query", "accept": ["query", "body"], "fields": ALL}])
    signed = sign_by(scheme, replace(REQUEST, query=""))
    verify(scheme, replace(signed, query="", body=signed.query.encode()))


@pytest.mark.parametrize(
    ("placement", "headers", "said"),
    [
        ([{"in": "header", "fields": {**ALL, "X-Note": "{credential.pin}"}}], {}, "no header can hold"),
        ([{"in": "authorization", "fields": {**ALL, "pin": "{credential.pin}"}}], {}, "no header can hold"),
        ([{"in": "query", "fields": {**ALL, "pin": "{credential.token}"}}], {}, "half a character"),
        ([{"in": "body", "fields": ALL}], {"Content-Type": "application/json"}, "nor a JSON object"),
    ],
)
def test_what_cannot_be_sent_is_not_signed(placement: Any, headers: dict[str, str], said: str) -> None:
    scheme = scheme_with("method", placement=placement)
    request = request_of("POST", "https://a.example/", headers, "[1]")
    credentials = {"secret_key": "made-up", "pin": "1\r\nX-Other: 2", "token": "\ud83d"}
    with pytest.raises(SigningError, match=said):
        sign_request(scheme, request, credentials, now_ms=NOW_MS, nonce="n")


def test_a_field_that_is_made_of_another_one_is_made_after_it() -> None:
    """The header is put there before the query, whose parameters it names."""
    placement = [
        {"in": "header", "fields": {"X-Names": {"parameters": ["query"], "pair": "{name}"}, "s": "{signature}"}},
        {"in": "query", "fields": {"at": "{timestamp}", "once": "{nonce}"}},
    ]
    scheme = scheme_with("method", placement=placement)
    signed = sign_request(
        scheme, request_of("GET", "https://a.example/?b=1"), {"secret_key": "s"}, now_ms=NOW_MS, nonce="n"
    )
    assert signed.header("X-Names") == ["b&at&once"]
    verify_request(scheme, signed, {"secret_key": "s"}, now_ms=NOW_MS)

"""A text before a part, which is left out with it: signed as storage services publish it, read back, and explained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.signing.explanation.requests import explain_request
from generator.signing.language import inspect_scheme, read_scheme
from generator.signing.language.clock import read_moment
from generator.signing.messages import Request, SignatureRefused, read_claims, request_of, sign_request, verify_request
from tests.signing.invented import CREDENTIALS, NOW_MS, REQUEST, SETTINGS, scheme_with, sign_by, value_with
from tests.signing.published import unseen_values

AUTHOR = {"x-oss-meta-author": "alice", "x-oss-meta-magic": "abracadabra"}
HTML = {"Content-MD5": "eB5eJF1ptWaXm4bijSPyxw==", "Content-Type": "text/html"}
OSS_DATE = "Wed, 28 Dec 2022 10:27:41 GMT"
# Of OSS: the tests of the vendor's library for Go (signer_test.go); of S3: its developer guide, with the keys of 2007
OSS = ("oss", "sk", {"bucket": "examplebucket"}, OSS_DATE)
S3 = ("s3v2", "uV3F3YluFJax1cknvbcGwgjvx4QpvB+leU8dUj2o", {"bucket": "johnsmith"})
PUBLISHED: list[tuple[Any, ...]] = [
    (*OSS, "PUT", "/nelson", {**HTML, **AUTHOR}, "kSHKmLxlyEAKtZPkJhG9bZb5k7M="),
    (*OSS, "PUT", "/nelson?acl", {**HTML, **AUTHOR}, "/afkugFbmWDQ967j1vr6zygBLQk="),
    (*OSS, "GET", "/?resourceGroup&non-resousce=null", {}, "vkQmfuUDyi1uDi3bKt67oemssIs="),
    (*OSS, "GET", "/?resourceGroup&acl", {}, "x3E5TgOvl/i7PN618s5mEvpJDYk="),
    (
        *(*S3, "Tue, 27 Mar 2007 19:42:41 +0000", "GET", "/?prefix=photos&max-keys=50&marker=puppy", {}),
        "jsRt/rhG+Vtp88HrYL706QhE4w4=",
    ),
    (*S3, "Tue, 27 Mar 2007 19:44:46 +0000", "GET", "/?acl", {}, "thdUi9VAkzhkniLj96JIrOPGi0g="),
    (  # printed up to its 18th character; the date line is empty beside the other date
        *(*S3, "Tue, 27 Mar 2007 21:20:27 +0000", "DELETE", "/photos/puppy.jpg"),
        {"x-amz-date": "Tue, 27 Mar 2007 21:20:26 +0000"},
        "k3nL7gH3+PadhTEVn5Ip83xlYzk=",
    ),
]


@pytest.mark.parametrize(("name", "secret", "settings", "date", "method", "target", "headers", "signature"), PUBLISHED)
def test_published_examples_of_storage_services(
    name: str,
    secret: str,
    settings: dict[str, str],
    date: str,
    method: str,
    target: str,
    headers: dict[str, str],
    signature: str,
) -> None:
    scheme = read_scheme(unseen_values()[name])
    assert scheme.timestamp is not None
    now_ms = read_moment(scheme.timestamp.format, date)
    assert now_ms is not None
    dated = {**headers, "x-oss-date": date} if name == "oss" else headers
    request = request_of(method, f"https://a.example{target}", dated)
    given = {"access_key": "ak", "secret_key": secret}
    signed = sign_request(scheme, request, given, settings=settings, now_ms=now_ms)
    assert read_claims(scheme, signed).signatures == (signature,)
    verify_request(scheme, signed, given, settings=settings, now_ms=now_ms)
    with pytest.raises(SignatureRefused):
        verify_request(scheme, _with_section(signed), given, settings=settings, now_ms=now_ms)


def _with_section(request: Request) -> Request:
    return replace(request, query=f"{request.query}&versionId=1".lstrip("&"))


TAG: dict[str, Any] = {"tag": {"description": "Chosen by the caller.", "optional": True}}
FIELD = {"parts": [{"from": "setting.tag", "before": "t="}, {"text": ";{timestamp};{nonce};{signature}"}]}


@pytest.mark.parametrize(("tag", "begins"), [("", ";1785"), ("red", "t=red;1785"), ("t=", "t=t=;1785")])
def test_a_field_is_read_back_with_and_without_its_text(tag: str, begins: str) -> None:
    value = value_with("setting.tag", settings=TAG, placement=[{"in": "header", "fields": {"X-All": FIELD}}])
    scheme = read_scheme(value)
    signed = sign_request(scheme, REQUEST, CREDENTIALS, settings={"tag": tag}, now_ms=NOW_MS, nonce="n")
    (header,) = signed.header("X-All")
    assert header.startswith(begins)
    assert read_claims(scheme, signed).settings == {"tag": tag}
    verify_request(scheme, signed, CREDENTIALS, now_ms=NOW_MS)


@pytest.mark.parametrize("wrong", ["red", "t="])
def test_a_field_without_its_text_is_malformed(wrong: str) -> None:
    value = value_with("setting.tag", settings=TAG, placement=[{"in": "header", "fields": {"X-All": FIELD}}])
    scheme = read_scheme(value)
    signed = sign_request(scheme, REQUEST, CREDENTIALS, settings={}, now_ms=NOW_MS, nonce="n")
    (header,) = signed.header("X-All")
    with pytest.raises(SignatureRefused, match="not written as the scheme says"):
        read_claims(scheme, signed.with_header("X-All", wrong + header))


def test_a_list_of_header_names_is_read_behind_its_text() -> None:
    names = {"parameters": ["headers"], "pair": "{name}", "separator": ",", "before": "H,"}
    fields = {"X-Names": "{names}", "X-All": "{timestamp};{nonce};{signature}"}
    clauses: dict[str, Any] = {"headers": {"names": ["x-note", "x-tag"]}, "values": {"names": names}}
    scheme = scheme_with("names", placement=[{"in": "header", "fields": fields}], **clauses)
    signed = sign_by(scheme)
    assert signed.header("X-Names") == ["H,x-note,x-tag"]
    assert read_claims(scheme, signed).header_names == ("x-note", "x-tag")


@pytest.mark.parametrize(
    ("placement", "message"),
    [
        ({"in": "header", "fields": {"S": {"from": "signature", "before": " "}}}, "loses blanks"),
        (
            {"in": "authorization", "pair": "{value}", "fields": {"S": {"from": "signature", "before": "a, "}}},
            "holds the separator",
        ),
        (
            {"in": "header", "fields": {"S": {"parts": ["signature", {"from": "setting.tag", "before": ";"}]}}},
            "side by side",
        ),
    ],
)
def test_a_text_that_nobody_could_read_back_is_an_error(placement: dict[str, Any], message: str) -> None:
    rest = {"in": "header", "fields": {"X-Once": "{nonce}", "X-Time": "{timestamp}"}}
    _, problems = inspect_scheme(value_with("method", settings=TAG, placement=[placement, rest]))
    assert [message in problem.message for problem in problems] == [True]


SECTIONS: dict[str, Any] = {"parameters": ["query"], "only": ["acl", "part"], "empty": "name", "before": "?"}
WRITINGS = {
    "part 2 was signed without '?' before it": ("acl&part=7", "acl&part=7&page=2"),
    "part 2 was signed with '?' before it, though it is empty": ("?", "page=2"),
    "parameters without a value were signed like those that have one": ("?acl=&part=7", "acl&part=7&page=2"),
    "all parameters were signed, not only those that count": ("?acl&part=7&page=2", "acl&part=7&page=2"),
}


@pytest.mark.parametrize("cause", WRITINGS)
def test_mistakes_are_named(cause: str) -> None:
    """Each is signed as a careless program has it: a constant text in place of the set."""
    wrong, query = WRITINGS[cause]
    scheme = scheme_with({"parts": ["path", SECTIONS]})
    careless = scheme_with({"parts": ["path", {"text": wrong}]})
    signed = sign_by(careless, request_of("GET", f"https://a.example/books?{query}"))
    assert explain_request(scheme, signed, CREDENTIALS, settings=SETTINGS).cause == cause

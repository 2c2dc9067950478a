"""Each source, transform, order and clause of a message, in a scheme that nobody has."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any

import pytest

from generator.signing.language.parts import NAMED_SOURCES, PLACES, SOURCES
from generator.signing.messages import SigningError, request_of, sign_request
from generator.signing.messages.evaluation import key_of
from generator.signing.messages.sign import prepare_context
from generator.signing.transforms import TRANSFORMS
from tests.signing.invented import CREDENTIALS, NOW_MS, REQUEST, SETTINGS, message_for, scheme_with, signature_of

SOURCE_TEXTS = {
    "method": "post",
    "scheme": "https",
    "host": "shop.example",
    "port": "8443",
    "authority": "shop.example:8443",
    "path": "/a/./b%20c/",
    "query": "z=1&a=%C3%A9+x&a=2&e=",
    "target": "/a/./b%20c/?z=1&a=%C3%A9+x&a=2&e=",
    "url": "https://shop.example:8443/a/./b%20c/",
    "uri": "HTTPS://Shop.Example:8443/a/./b%20c/?z=1&a=%C3%A9+x&a=2&e=",
    "body": "q=%26&p=1",
    "timestamp": "1785492184",
    "nonce": "n-1",
    "header.x-note": "two   words",
    "header.x-tag": "b, a",
    "header.host": "shop.example:8443",
    "header.x-none": "",
    "query.a": "é x",
    "body.q": "&",
    "path.shelf": "7",
    "credential.pin": "4711",
    "setting.zone": "north",
}


@pytest.mark.parametrize("source", SOURCE_TEXTS)
def test_a_source(source: str) -> None:
    assert message_for(source).decode() == SOURCE_TEXTS[source]
    assert message_for({"text": f"<{{{source}}}>"}).decode() == f"<{SOURCE_TEXTS[source]}>"


def test_every_source_is_tried() -> None:
    assert {name.partition(".")[0] for name in SOURCE_TEXTS} == {*SOURCES, *NAMED_SOURCES} - {"signature"}


TRANSFORMED = [
    ("upper", "aé", "AÉ"),
    ("lower", "AÉ", "aé"),
    ("trim", " \ta b\t", "a b"),
    ("squeeze", " a  \t b ", "a b"),
    ("percent-encode", "a b/é~*+", "a%20b%2F%C3%A9~%2A%2B"),
    ("percent-encode-path", "/a b/%20", "/a%20b/%2520"),
    ("percent-decode", "a%20b+%C3%A9", "a b+é"),
    ("form-encode", "a b/é*~", "a+b%2F%C3%A9*%7E"),
    ("form-decode", "a+b%2B", "a b+"),
    ("dot-segments", "/a/./b//../c/", "/a/c/"),
    ("dot-segments", "/..", "/"),
    ("last-segment", "/a/create/", "create"),
    ("media-type", " Text/HTML ; charset=utf-8", "text/html"),
    ("unpadded", "YQ==", "YQ"),
]


@pytest.mark.parametrize(("name", "text", "expected"), TRANSFORMED)
def test_a_transform_of_text(name: str, text: str, expected: str) -> None:
    braces = text.replace("{", "{{").replace("}", "}}")
    assert message_for({"text": braces, "as": [name]}).decode() == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["md5", "hex-lower"], hashlib.md5(b"q=%26&p=1").hexdigest()),
        (["sha1", "hex-upper"], hashlib.sha1(b"q=%26&p=1").hexdigest().upper()),
        (["sha256", "base64"], base64.b64encode(hashlib.sha256(b"q=%26&p=1").digest()).decode()),
        (["sha384", "base64url"], base64.urlsafe_b64encode(hashlib.sha384(b"q=%26&p=1").digest()).decode()),
        (["sha512", {"first": 4}, "hex-lower"], hashlib.sha512(b"q=%26&p=1").hexdigest()[:8]),
        (["base64", "from-base64", "hex-lower"], b"q=%26&p=1".hex()),
        (["hex-lower", "from-hex", "base64", {"first": 3}], "cT0"),
        (["sign"], hmac.new(b"made-up-secret", b"q=%26&p=1", hashlib.sha256).hexdigest()),
    ],
)
def test_a_transform_of_bytes(steps: list[Any], expected: str) -> None:
    assert message_for({"from": "body", "as": steps}).decode() == expected


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        ({"first": 2}, "éab", "éa"),
        ({"strip": "sk_"}, "sk_sk_1", "sk_1"),
        ({"strip": "sk_"}, "1sk_", "1sk_"),
        ({"replace": ["&", "_"]}, "a&b&", "a_b_"),
    ],
)
def test_a_transform_with_an_argument(step: dict[str, Any], text: str, expected: str) -> None:
    assert message_for({"text": text, "as": [step]}).decode() == expected


def test_every_transform_is_tried() -> None:
    of_bytes = {"md5", "sha1", "sha256", "sha384", "sha512", "hex-lower", "hex-upper", "base64", "base64url"}
    assert {name for name, _, _ in TRANSFORMED} | of_bytes | {"from-base64", "from-hex"} == {*TRANSFORMS}


def test_parts_are_joined_and_raw_bytes_stay_bytes() -> None:
    raw = {"parts": ["nonce", "body"], "join": "|", "as": ["sha256"]}
    digest = hashlib.sha256(b"n-1|q=%26&p=1").digest()
    assert message_for({"parts": ["method", raw], "join": "\n"}) == b"post\n" + digest


def test_a_part_without_a_body() -> None:
    part = {"parts": ["method", {"from": "body", "as": ["sha256", "hex-lower"], "only_with": "body"}], "join": "-"}
    assert message_for(part, replace(REQUEST, body=b"")) == b"post-"
    assert message_for(part) == b"post-" + hashlib.sha256(b"q=%26&p=1").hexdigest().encode()


def test_named_values_and_braces() -> None:
    values = {"day": {"clock": "%Y%m%d"}, "scope": {"text": "{day}/{setting.zone}"}}
    assert message_for({"text": "{{{scope}}}"}, values=values) == b"{20260731/north}"


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("unix-s", "1785492184"),
        ("unix-ms", "1785492184567"),
        ("unix-us", "1785492184567000"),
        ("unix-ns", "1785492184567000000"),
        ("%s.%L", "1785492184.567"),
        ("%Y-%m-%dT%H:%M:%S.%LZ", "2026-07-31T10:03:04.567Z"),
        ("%a, %d %b %Y %H:%M:%S GMT", "Fri, 31 Jul 2026 10:03:04 GMT"),
        ("100%% %Y", "100% 2026"),
    ],
)
def test_a_moment(format_: str, expected: str) -> None:
    timestamp = {"format": "unix-ms", "window_seconds": 60}  # no clock says more than it
    assert message_for({"clock": format_}, timestamp=timestamp).decode() == expected


PARAMETERS: list[tuple[dict[str, Any], str]] = [
    ({"parameters": ["query"]}, "z=1&a=é x&a=2&e="),
    ({"parameters": ["query", "body", "path"]}, "z=1&a=é x&a=2&e=&q=&&p=1&shelf=7"),
    ({"parameters": ["form"]}, "q=&&p=1"),
    ({"parameters": ["query"], "order": "name-bytes"}, "a=é x&a=2&e=&z=1"),
    ({"parameters": ["query"], "order": "pair-bytes"}, "a=2&a=é x&e=&z=1"),
    ({"parameters": ["query"], "order": "value-bytes"}, "e=&z=1&a=2&a=é x"),
    ({"parameters": [{"B": "method", "a": "nonce"}], "order": "name-bytes"}, "B=post&a=n-1"),
    ({"parameters": [{"B": "method", "a": "nonce"}], "order": "name-lower"}, "a=n-1&B=post"),
    (
        {"parameters": [{"\U0001f600": "method", "\uffff": "nonce"}], "order": "name-codepoints"},
        "\uffff=n-1&\U0001f600=post",
    ),
    ({"parameters": [{"b": "method", "a": "nonce"}], "order": "as-sent"}, "b=post&a=n-1"),
    ({"parameters": ["query", {"pin": "credential.pin"}], "only": ["p*", "z"]}, "z=1&pin=4711"),
    ({"parameters": ["query"], "exclude": ["a", "*e"]}, "z=1"),
    ({"parameters": ["query"], "empty": "drop", "exclude": ["a"]}, "z=1"),
    ({"parameters": ["query"], "empty": "name", "exclude": ["a"], "before": "?"}, "?z=1&e"),
    ({"parameters": ["query"], "only": ["acl"], "before": "?"}, ""),
    ({"parameters": ["query"], "only": ["z"], "before": "?", "as": ["percent-encode"]}, "%3Fz%3D1"),
    ({"parameters": ["query"], "repeated": {"join": ","}}, "z=1&a=é x,2&e="),
    ({"parameters": ["query", "query"], "repeated": "unique"}, "z=1&a=é x&a=2&e="),
    ({"parameters": [{"a": "nonce"}, "query"], "repeated": "first-source"}, "a=n-1&z=1&e="),
    ({"parameters": ["query"], "repeated": "first-source"}, "z=1&a=2&e="),
    ({"parameters": ["query"], "pair": "<{value}:{name}>", "separator": ""}, "<1:z><é x:a><2:a><:e>"),
    ({"parameters": ["query"], "pair": "{value}", "separator": "|"}, "1|é x|2|"),
    ({"parameters": ["query"], "names": ["upper"], "values": ["percent-encode"]}, "Z=1&A=%C3%A9%20x&A=2&E="),
    ({"parameters": ["query"], "values": "form-encoded"}, "z=1&a=%C3%A9+x&a=2&e="),
    ({"parameters": ["query"], "values": ["json", "upper"]}, 'z="1"&a="É X"&a="2"&e=""'),
    ({"parameters": ["query"], "as": ["percent-encode"], "only": ["z"]}, "z%3D1"),
]


@pytest.mark.parametrize(("part", "expected"), PARAMETERS)
def test_a_set_of_parameters(part: dict[str, Any], expected: str) -> None:
    assert message_for(part).decode() == expected


def test_the_members_of_a_json_body() -> None:
    headers = {"Content-Type": "application/vnd.shelf+json"}
    request = request_of("POST", "https://a.example/", headers, '{"b": [1, null], "a": {"x": true}, "n": null}')
    assert message_for({"parameters": ["body"]}, request).decode() == 'b=[1,null]&a={"x":true}&n='
    assert message_for({"parameters": ["body"], "values": "ruby-text"}, request).decode() == 'b=[1]&a={"x"=>true}&n='
    assert message_for({"parameters": ["form"]}, request) == b""
    assert message_for("body.b", request) == b"[1,null]"


HEADERS: list[tuple[dict[str, Any], str]] = [
    ({"names": ["x-tag", "x-note"]}, "x-tag:b, a|x-note:two   words"),
    (
        {"names": ["X-*", "host"], "order": "name-bytes", "join": ","},
        "host:shop.example:8443|x-note:two   words|x-once:n-1|x-tag:b,a|x-time:1785492184",
    ),
    ({"names": ["*"], "exclude": ["x-*", "host"]}, "content-type:application/x-www-form-urlencoded; charset=utf-8"),
]


@pytest.mark.parametrize(("choice", "expected"), HEADERS)
def test_the_signed_headers(choice: dict[str, Any], expected: str) -> None:
    part = {"parameters": ["headers"], "pair": "{name}:{value}", "separator": "|"}
    assert message_for(part, headers=choice).decode() == expected


def test_the_names_of_the_signed_headers_and_squeezed_values() -> None:
    headers = {"names": ["x-note", "x-tag"]}
    assert (
        message_for({"parameters": ["headers"], "pair": "{name}", "separator": ";"}, headers=headers) == b"x-note;x-tag"
    )
    squeezed = {"parameters": ["headers"], "pair": "{value}", "separator": ";", "values": ["squeeze"]}
    assert message_for(squeezed, headers=headers) == b"two words;b, a"


def test_the_fields_of_an_authorization_header() -> None:
    fields = {
        "id": "{credential.access_key}",
        "ts": "{timestamp}",
        "n": "{nonce}",
        "x": "{setting.none}",
        "mac": "{signature}",
    }
    placement = [{"in": "authorization", "scheme": "Shelf", "fields": fields, "optional": ["x"]}]
    settings = {"none": {"optional": True}}
    message = {"parameters": ["authorization"], "separator": "\n"}
    assert message_for(message, placement=placement, settings=settings) == b"id=ada\nts=1785492184\nn=n-1"


def test_every_place_of_parameters_is_tried() -> None:
    tried = {one for part, _ in PARAMETERS for one in part["parameters"] if isinstance(one, str)}
    assert tried | {"headers", "authorization"} == {*PLACES}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"credential": "secret_key"}, b"made-up-secret"),
        ({"credential": "secret_key", "strip": "made-"}, b"up-secret"),
        ({"credential": "other", "encoding": "latin-1"}, b"c2\xe9"),
        ({"credential": "b64", "encoding": "base64"}, b"\xfb\xff"),
        ({"credential": "b64url", "encoding": "base64url"}, b"\xfb\xff"),
        ({"credential": "hexed", "encoding": "hex"}, b"\x0a\xff"),
        ({"parts": ["credential.pin", {"text": "&"}, "credential.secret_key"], "join": "+"}, b"4711+&+made-up-secret"),
        (
            {"credential": "secret_key", "derive": ["setting.zone", {"text": "end"}]},
            hmac.digest(hmac.digest(b"made-up-secret", b"north", "sha256"), b"end", "sha256"),
        ),
        (
            {"credential": "secret_key", "derive": ["nonce"], "form": "hex-lower"},
            hmac.digest(b"made-up-secret", b"n-1", "sha256").hex().encode(),
        ),
    ],
)
def test_a_key(key: dict[str, Any], expected: bytes) -> None:
    declared = {"pin": "", "other": "", "b64": "", "b64url": "", "hexed": ""}
    scheme = scheme_with("nonce", key=key, credentials=declared)
    given = {**CREDENTIALS, "other": "c2é", "b64": "+/8=", "b64url": "-_8", "hexed": "0aFF"}
    context = prepare_context(scheme, REQUEST, given, settings=SETTINGS, now_ms=NOW_MS, nonce="n-1")
    assert scheme.key is not None
    assert key_of(scheme.key, context) == expected


@pytest.mark.parametrize(
    ("algorithm", "digest", "expected"),
    [
        ("hmac-md5", "hex-upper", hmac.new(b"made-up-secret", b"n-1", "md5").hexdigest().upper()),
        ("hmac-sha1", "base64", base64.b64encode(hmac.digest(b"made-up-secret", b"n-1", "sha1")).decode()),
        ("hmac-sha384", "hex-lower", hmac.new(b"made-up-secret", b"n-1", "sha384").hexdigest()),
        (
            "hmac-sha512",
            ["base64url", "unpadded"],
            base64.urlsafe_b64encode(hmac.digest(b"made-up-secret", b"n-1", "sha512")).decode().rstrip("="),
        ),
        ("hmac-sha256", ["hex-lower", {"first": 20}], hmac.new(b"made-up-secret", b"n-1", "sha256").hexdigest()[:20]),
    ],
)
def test_an_algorithm_and_how_its_result_is_written(algorithm: str, digest: Any, expected: str) -> None:
    assert signature_of(scheme_with("nonce", algorithm=algorithm, digest=digest)) == expected


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha384", "sha512"])
def test_a_plain_hash_with_the_secret_in_the_message(name: str) -> None:
    message = {"parts": ["nonce", "credential.secret_key"]}
    expected = hashlib.new(name, b"n-1made-up-secret").hexdigest()
    assert signature_of(scheme_with(message, algorithm=name, key=None)) == expected


def test_a_missing_credential_and_one_that_is_not_written_as_the_scheme_says() -> None:
    scheme = scheme_with("nonce", key={"credential": "secret_key", "encoding": "base64"})
    with pytest.raises(SigningError, match="base64"):
        sign_request(scheme, REQUEST, {"secret_key": "not base64!"}, now_ms=0, nonce="n")
    with pytest.raises(SigningError, match="the credential secret_key is missing"):
        sign_request(scheme, REQUEST, {}, now_ms=0, nonce="n")

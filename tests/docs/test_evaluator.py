"""The evaluator of the docs site, in Node: all published vectors, and the client's results for every changed clause."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for

from generator.ir import thaw
from generator.load import load
from generator.lower import lower
from generator.signing.language import inspect_scheme, read_scheme
from generator.signing.language.schemes import is_short, lengthen
from generator.signing.messages import SigningError, read_claims, request_of, sign_request, verify_request
from generator.signing.messages.evaluation import message_of
from generator.signing.messages.sign import prepare_context
from generator.signing.transforms import TRANSFORMS
from tests.conftest import ROOT
from tests.docs.browser_signer import Case, SignedCase, sign_cases
from tests.proofs import FULL
from tests.signing.drawn import draw_value
from tests.signing.invented import CREDENTIALS, NOW_MS, REQUEST, SETTINGS, value_with
from tests.signing.published import NAMES, unseen_values, value_of, vectors_of
from tests.signing.test_every_clause import (
    GIVEN,
    REQUESTS,
    leaves,
    others,
    settings_of,
    with_change,
)

pytestmark = pytest.mark.needs("node")
SHAPE = validator_for(json.loads((ROOT / "spec/extensions.schema.json").read_text("utf-8")))
DIGESTS = ("hex-lower", "hex-upper", "base64", "base64url")  # others may write bytes that are no text
SHORT_REQUESTS = [replace(request, body=request.body[:200]) for request in REQUESTS]
MORE: list[dict[str, Any]] = [
    {},
    *({"repeated": repeated} for repeated in ("unique", {"join": "+"}, "first-source")),
    {"empty": "drop"},
    {"empty": "name", "before": "?"},
    {"only": ["*a*"]},
]
NESTED = '{"b":1.0,"a":[null,{"é":1e22,"x/y":[true]}],"n":{"":"z","~":12345678901234567890123}}'
POINTERS = ("/a", "/a/1/é", "/a/1/x~1y/0", "/n/~0", "/n/", "/a/2", "/a/01", "/b/0", "n", "/zz")
JSON = '{"b":1.0,"a":[null,{"é":1e22}],"n":12345678901234567890123}'
WIRE = "http://e.example:443/%e4%f6/%F0%9F%92%A9?%61=+%2b&b&=c&&d=%zz#e"
BYTES = request_of(
    "POST", "https://a.example/x", {"Content-Type": "application/x-www-form-urlencoded"}, b"\xff\xfe=\xff"
)
ODD = [
    request_of("get", "https://Ex.example", {"X-Note": "é\u0301 ß ǅ\t~*'()"}, path={"shelf": "a/b"}),
    request_of("POST", WIRE, {"content-type": "a/b"}, b"\xff\xe2\x82x"),
    request_of("PATCH", "https://e.example/", {"Content-Type": "application/x+json"}, JSON),
]


HALVES = r'{"a":"\ud83d","b":["x\udE00\ud83d"],"\udfff":1,"c":"\ud83d\ude00"}'
WORDS = ("json", "percent-encoded", "form-encoded", "ruby-text", ["json", "sha256", "hex-lower"])
WITH_HALVES: list[Any] = ["body", "body.a", "body./b/0", *({"parameters": ["body"], "values": word} for word in WORDS)]


def test_half_a_character_is_signed_as_three_bytes_and_never_sent() -> None:
    """By both signers alike."""
    request = request_of("POST", "https://a.example/x", {"Content-Type": "application/json"}, HALVES)
    given: Any = {"settings": SETTINGS, "now_ms": NOW_MS, "nonce": "n-1"}
    values = []
    for part, place, sent in product(WITH_HALVES, ("header", "query", "body"), ({}, {"Half": "{body.a}"})):
        fields = {**sent, "T": "{timestamp}", "N": "{nonce}", "S": "{signature}"}
        placement = [{"in": place, "fields": fields}]
        values.append((bool(sent), value_with({"join": "|", "parts": ["method", part]}, placement=placement)))
    cases = sign_cases([Case(value=value, request=request, credentials=CREDENTIALS, **given) for _, value in values])
    for (is_sent, value), case in zip(values, cases, strict=True):
        scheme = read_scheme(value)
        if is_sent:
            with pytest.raises(SigningError) as refused:
                sign_request(scheme, request, CREDENTIALS, **given)
            assert case.error == str(refused.value)
        else:
            signed = sign_request(scheme, request, CREDENTIALS, **given)
            assert (case.error, [case.signature]) == ("", [*read_claims(scheme, signed).signatures])
            assert (case.url, case.body) == (signed.url, signed.body)
            verify_request(scheme, signed, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS)


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_members_deep_in_json_and_parts_beside_a_header(kind: str) -> None:
    request = request_of("POST", "https://a.example/x", {"Content-Type": kind, "X-Note": "n"}, NESTED)
    parts: list[Any] = [f"body.{pointer}" for pointer in POINTERS]
    parts += [{"from": "method", "only_without": f"header.{name}"} for name in ("x-note", "x-other")]
    value = value_with({"parts": parts, "join": "|"})
    (case,) = sign_cases(
        [Case(value=value, request=request, credentials=CREDENTIALS, now_ms=NOW_MS, nonce="n-1", settings=SETTINGS)]
    )
    context = prepare_context(read_scheme(value), request, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS, nonce="n-1")
    assert case.message == message_of(context)
    assert (b"true" in case.message) == (kind == "application/json")
    assert case.message.endswith(b"||POST")


def test_all_published_vectors() -> None:
    vectors = [vector for name in NAMES for vector in vectors_of(name)]
    cases = [Case(value=v.value, request=v.request, credentials=v.credentials, **v.inputs) for v in vectors]
    assert len(cases) == 48
    for vector, signed in zip(vectors, sign_cases(cases), strict=True):
        assert signed.error == ""
        assert signed.signature == vector.signature, vector.name
        assert vector.base_string in (None, signed.message.decode("utf-8", "replace")), vector.name
        request = request_of(vector.request.method, signed.url, signed.headers, signed.body)
        assert read_claims(vector.scheme, request).signatures == (vector.signature,)
        assert {name: request.header(name) for name in vector.sent} == {name: [v] for name, v in vector.sent.items()}


def test_the_vectors_of_our_own_scheme(root: Path) -> None:
    shared = json.loads((root / "tests/signing/vectors.json").read_text("utf-8"))["vectors"]
    value: Any = thaw(lower(load([root / "spec"])).current.signature_schemes[0].value)
    value["placement"][0]["fields"] = {"signature": "{signature}"}  # the vectors have timestamp and nonce of all kinds
    cases = [
        Case(
            value=value,
            request=request_of(
                "POST", "https://a.example/", {"Content-Type": "application/json"}, json.dumps(v["params"])
            ),
            credentials={"secret_key": v["secret"]},
            settings={},
            now_ms=0,
        )
        for v in shared
    ]
    signed = sign_cases(cases)
    assert [one.error for one in signed] == [""] * 74
    assert [one.message.decode("utf-8", "surrogatepass") for one in signed] == [v["base_string"] for v in shared]
    assert [one.signature for one in signed] == [v["signature"] for v in shared]


def client_results(cases: list[Case]) -> Iterator[SignedCase]:
    for case in cases:
        scheme = read_scheme(case.value)
        inputs: dict[str, Any] = {"settings": case.settings, "now_ms": case.now_ms, "nonce": case.nonce}
        try:
            signed = sign_request(scheme, case.request, case.credentials, **inputs)
            message = message_of(prepare_context(scheme, case.request, case.credentials, **inputs))
        except SigningError:
            yield SignedCase(error="refused")
            continue
        yield SignedCase(message=message, url=signed.url, headers=signed.headers, body=signed.body)


def assert_same(cases: list[Case]) -> None:
    """What a scheme sends is what the client sends, or both refuse."""
    results = [replace(one, signature="", error="refused" if one.error else "") for one in sign_cases(cases)]
    pairs = zip(cases, results, client_results(cases), strict=True)
    assert [(case, ours, theirs) for case, ours, theirs in pairs if ours != theirs][:9] == []


def changed_values(name: str, every: int) -> Iterator[dict[str, Any]]:
    """The value with one leaf changed, and changed again; of those, each `every`th."""
    value = value_of(name)
    changes = [(where, new) for where in leaves(value) for new in others(where, member_of(value, where))]
    for where, new in changes[::every]:
        changed = with_change(value, where, new)
        is_text = where[0] != "digest" or new in DIGESTS
        if is_text and SHAPE.is_valid({"x-signing": changed}) and not inspect_scheme(changed)[1]:
            yield changed


def member_of(value: Any, where: tuple[Any, ...]) -> Any:
    for part in where:
        value = value[part]
    return value


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.slow
def test_changed_clauses_send_what_the_client_sends(every: int) -> None:
    requests = [*SHORT_REQUESTS, *ODD]
    cases = [
        Case(
            value=value,
            request=requests[number % len(requests)],
            credentials=GIVEN,
            settings=settings_of(read_scheme(value)),
            now_ms=NOW_MS,
            nonce="1785492184567",
        )
        for name in NAMES
        for number, value in enumerate(changed_values(name, every))
    ]
    assert len(cases) > 2400 / every
    assert_same(cases)


def test_values_of_the_language_page_send_what_the_client_sends() -> None:
    cases = [
        Case(
            value=value,
            request=request,
            credentials=GIVEN,
            settings=settings_of(read_scheme(value)),
            now_ms=NOW_MS,
            nonce="1785492184567",
        )
        for value in unseen_values().values()
        for request in SHORT_REQUESTS
    ]
    assert len(cases) > 30
    assert_same(cases)


@pytest.mark.slow
def test_values_drawn_from_the_schema_send_what_the_client_sends() -> None:
    """Of what loads and can be sent: what cannot, the client alone refuses."""
    drawn = [(seed, draw_value(seed)) for seed in range(2000 if FULL else 500)]
    found = [(seed, lengthen(value, "signature") if is_short(value) else value) for seed, value in drawn]
    cases = [
        Case(
            value=value,
            request=BYTES if seed % 7 == 0 else [*SHORT_REQUESTS, *ODD][seed % 8],
            credentials=GIVEN,
            settings={"zone": "north", "window": "60"},
            now_ms=NOW_MS,
            nonce="17",
        )
        for seed, value in found
        if not inspect_scheme(value, parameter="signature")[1]
    ]
    sent = [case for case, one in zip(cases, client_results(cases), strict=True) if not one.error]
    assert len(sent) > len(drawn) / 5
    assert_same(sent)


@pytest.mark.slow
def test_every_transform_and_source_makes_what_the_client_makes() -> None:
    sources = [
        *(
            "method",
            "scheme",
            "host",
            "port",
            "authority",
            "path",
            "query",
            "target",
            "url",
            "uri",
            "timestamp",
            "nonce",
        ),
        *("header.x-note", "header.content-length", "header.host", "query.a", "body.b", "path.shelf", "setting.zone"),
    ]
    steps = [*TRANSFORMS, {"first": 3}, {"strip": "s"}, {"replace": ["a", "$&"]}, "sign"]
    messages: list[Any] = [{"from": source, "as": [step]} for source in sources for step in steps]
    messages += [{"from": "body", "as": [step]} for step in ("sha384", "hex-upper", "base64url", {"first": 2}, "sign")]
    messages += [
        {"parameters": ["query", "body", "path", {"own": "credential.pin"}], "values": values, "order": order, **more}
        for values in ("plain", "json", "percent-encoded", "form-encoded", "ruby-text", ["lower", "percent-encode"])
        for order in ("as-sent", "name-bytes", "name-lower", "pair-bytes", "value-bytes")
        for more in MORE
    ]
    values = [value_with({"parts": [message, "credential.pin"], "join": "|"}) for message in messages]
    values = [value for value in values if not inspect_scheme(value)[1]]
    assert len(values) > 500
    assert_same(
        [
            Case(value=v, request=request, credentials=CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS, nonce="n-1")
            for v in values
            for request in (replace(REQUEST, parameters={"path": {"shelf": "7"}}), ODD[0])
        ]
    )

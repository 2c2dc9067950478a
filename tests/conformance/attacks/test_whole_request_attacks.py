"""Attacks on whole requests that follow from how a message is joined, hashed, and kept from being replayed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, strategies as st

from procwise.signing.language import SigningScheme, read_scheme
from procwise.signing.messages import Request, SignatureRefused, request_of, sign_request, verify_request
from procwise_conformance.attacks.attack import Attack
from procwise_conformance.attacks.hash_states import EXTENSIBLE, build_padding, extend
from procwise_conformance.attacks.length_extension import find_forgery
from procwise_conformance.attacks.outcome import NotTried
from procwise_conformance.attacks.runner import AttackRun
from procwise_conformance.attacks.whole_requests import attacks
from procwise_conformance.errors import CannotSign
from procwise_conformance.http.signer import SigningSteps
from procwise_conformance.results import ADVISORY, MUST, SHOULD

NOW_MS = 1_785_492_184_567
CREDENTIALS = {"access_key": "ada", "secret_key": "made-up-secret"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TIME = {"format": "unix-s", "window_seconds": 60}
QUERY = {"parameters": ["query"], "order": "name-bytes"}
SET_OF_SECRET = {"parts": ["credential.secret_key", {**QUERY, "pair": "{name}{value}", "separator": ""}]}


def scheme_with(message: Any, **clauses: Any) -> SigningScheme:
    fields = {"X-Sign": "{signature}", **({"X-Time": "{timestamp}"} if "timestamp" in clauses else {})}
    value = {
        "algorithm": "hmac-sha256",
        "digest": "hex-lower",
        "key": {"credential": "secret_key"},
        "message": message,
        "placement": [{"in": "header", "fields": {**fields, "X-Key": "{credential.access_key}"}}],
        **clauses,
    }
    return read_scheme({name: clause for name, clause in value.items() if clause is not None})


def attack(scheme: SigningScheme, number: int) -> Attack:
    return next(one for one in attacks(scheme) if one.id == f"REQ-{number:03d}")


def sign_by(scheme: SigningScheme, request: Request) -> Request:
    return sign_request(scheme, request, CREDENTIALS, now_ms=NOW_MS)


def accepts(scheme: SigningScheme, request: Request) -> bool:
    try:
        verify_request(scheme, request, CREDENTIALS, now_ms=NOW_MS)
    except SignatureRefused:
        return False
    return True


@given(st.sampled_from(sorted(EXTENSIBLE)), st.binary(max_size=200), st.binary(max_size=130))
def test_a_hash_goes_on_where_it_stopped(name: str, message: bytes, suffix: bytes) -> None:
    longer = message + build_padding(name, len(message)) + suffix
    digest = hashlib.new(name, message).digest()
    assert extend(name, digest, len(message), suffix) == hashlib.new(name, longer).digest()


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
def test_a_plain_hash_signs_a_longer_body_without_the_secret(algorithm: str) -> None:
    scheme = scheme_with({"parts": ["credential.secret_key", "path", "body"]}, algorithm=algorithm, key=None)
    signed = sign_by(scheme, request_of("POST", "https://a.example/b", body="pages=1"))
    forge = find_forgery(scheme)
    assert forge is not None
    forged = forge(signed, CREDENTIALS)
    assert forged is not None
    assert forged.body.startswith(b"pages=1\x80")
    assert accepts(scheme, forged)
    assert attack(scheme, 50).level == ADVISORY


def test_a_plain_hash_over_parameters_signs_a_longer_value() -> None:
    """For a server that takes the bytes of a value as they are sent."""
    scheme = scheme_with(SET_OF_SECRET, algorithm="md5", key=None)
    signed = sign_by(scheme, request_of("GET", "https://a.example/b?z=1&a=2"))
    forge = find_forgery(scheme)
    assert forge is not None
    forged = forge(signed, CREDENTIALS)
    assert forged is not None
    pairs = sorted(item.partition("=") for item in forged.query.split("&"))
    message = b"made-up-secret" + b"".join(name.encode() + unquote_to_bytes(value) for name, _, value in pairs)
    assert forged.header("X-Sign") == [hashlib.md5(message).hexdigest()]


@pytest.mark.parametrize(
    ("message", "clauses"),
    [
        (SET_OF_SECRET, {}),
        (SET_OF_SECRET, {"algorithm": "sha512", "key": None}),
        ({"parts": ["body", "credential.secret_key"]}, {"algorithm": "sha1", "key": None}),
        ({**SET_OF_SECRET, "as": ["sha256", "hex-lower"]}, {"algorithm": "sha1", "key": None}),
        (SET_OF_SECRET, {"algorithm": "sha1", "key": None, "digest": ["hex-lower", {"first": 20}]}),
    ],
)
def test_a_scheme_that_cannot_be_extended_is_not_attacked_so(message: Any, clauses: dict[str, Any]) -> None:
    assert all(one.id != "REQ-050" for one in attacks(scheme_with(message, **clauses)))


@pytest.mark.parametrize(("values", "level"), [([], ADVISORY), (["percent-encode"], MUST)])
def test_a_joiner_in_a_value_is_a_hole_unless_it_is_escaped(values: list[str], level: str) -> None:
    scheme = scheme_with({**QUERY, "values": values})
    found = attack(scheme, 18)
    assert found.level == level
    signed = sign_by(scheme, request_of("GET", "https://a.example/b?c=3&a=1&b=2"))
    changed = found.steps.whole.after(signed)
    assert changed is not None
    assert changed.query == "c=3&a=1%26b%3D2"
    assert accepts(scheme, changed) == (level == ADVISORY)


@pytest.mark.parametrize(("joiner", "level"), [("", ADVISORY), ("\n", None)])
def test_parts_with_nothing_between_them_can_be_shifted(joiner: str, level: str | None) -> None:
    scheme = scheme_with({"join": joiner, "parts": ["method", "target", "body"]})
    found = {one.id: one for one in attacks(scheme)}.get("REQ-019")
    assert (found.level if found else None) == level
    if found:
        signed = sign_by(scheme, request_of("POST", "https://a.example/b?c=3", FORM, "d=4"))
        changed = found.steps.whole.after(signed)
        assert changed is not None
        assert (changed.query, changed.body) == ("c=3d", b"=4")
        assert accepts(scheme, changed)


@pytest.mark.parametrize(
    ("clauses", "cause"), [({}, "neither time nor nonce"), ({"timestamp": TIME}, "within its window")]
)
def test_a_request_that_can_come_again_is_reported(clauses: dict[str, Any], cause: str) -> None:
    found = attack(scheme_with({"parts": ["method", *(["timestamp"] if clauses else [])]}, **clauses), 40)
    assert found.level == ADVISORY
    assert cause in found.cause


def test_each_source_that_is_in_no_part_is_reported() -> None:
    levels = {one.name: one.level for one in attacks(scheme_with({"join": "\n", "parts": ["method", "body"]}))}
    uncovered = {name.partition(" changed")[0] for name, level in levels.items() if level == ADVISORY}
    assert uncovered >= {"host", "path", "query", "added query", "query order", "headers"}
    assert uncovered.isdisjoint({"method", "body"})


@pytest.mark.parametrize(
    ("headers", "named"),
    [({}, "other"), ({"X-Room": "a1"}, "b1"), ({"X-Room": "a1", "Content-Type": "text/plain"}, "b1")],
)
def test_a_header_that_the_message_names_is_changed_or_added(headers: dict[str, str], named: str) -> None:
    scheme = scheme_with({"join": "\n", "parts": ["method", "header.content-type", "header.x-room", "body"]})
    found = attack(scheme, 71)
    assert found.level == MUST
    signed = sign_by(scheme, request_of("POST", "https://a.example/b", headers, "c"))
    changed = found.steps.whole.after(signed)
    assert changed is not None
    assert changed.header("X-Room") == [named]
    assert not accepts(scheme, changed)


def test_a_media_type_that_the_message_names_gets_another_parameter() -> None:
    scheme = scheme_with({"join": "\n", "parts": ["method", "header.content-type", "header.x-sign"]})
    found = attack(scheme, 71)
    changed = found.steps.whole.after(sign_by(scheme, request_of("POST", "https://a.example/b", FORM, "c=1")))
    assert changed is not None
    assert changed.media_type == FORM["Content-Type"]
    assert not accepts(scheme, changed)
    assert found.steps.whole.after(sign_by(scheme, request_of("GET", "https://a.example/b"))) is None


def test_a_message_that_names_no_header_has_no_such_attack() -> None:
    assert "REQ-071" not in {one.id for one in attacks(scheme_with({"join": "\n", "parts": ["method", "body"]}))}


@pytest.mark.parametrize(("number", "seconds"), [(32, -120), (33, 120)])
def test_a_time_just_beyond_the_window_is_tried(number: int, seconds: int) -> None:
    found = attack(scheme_with({"join": "\n", "parts": ["timestamp", "path"]}, timestamp=TIME), number)
    assert (found.level, found.steps.whole.shift_ms, found.steps.by_server_clock) == (SHOULD, seconds * 1000, True)


def test_the_place_of_the_signature_is_no_order_of_the_query() -> None:
    fields = {"at": "{timestamp}", "sig": "{signature}"}
    scheme = scheme_with("query", timestamp=TIME, placement=[{"in": "query", "fields": fields}])
    swap = attack(scheme, 15).steps.whole.after
    assert swap(sign_by(scheme, request_of("GET", "https://a.example/b"))) is None
    swapped = swap(sign_by(scheme, request_of("GET", "https://a.example/b?c=1")))
    assert swapped is not None
    assert not accepts(scheme, swapped)


@pytest.mark.parametrize("decoded", ["from-hex", "from-base64"])
@pytest.mark.parametrize(
    "part", [{"from": "query.a"}, {"from": "body.title"}, {"from": "body.chapter"}, {"parameters": ["query", "body"]}]
)
def test_a_scheme_that_decodes_parameters_is_tried_on_samples_that_have_them(part: Any, decoded: str) -> None:
    steps = {"values": [decoded, "hex-upper"]} if "parameters" in part else {"as": [decoded]}
    found = list(attacks(scheme_with({"join": "\n", "parts": ["method", "path", {**part, **steps}]})))
    levels = {one.name: one.level for one in found}
    assert levels["method changed after signing"] == levels["path changed after signing"] == MUST
    assert levels["host changed after signing"] == ADVISORY
    assert levels["body changed after signing"] == (
        MUST if part in ({"from": "body.title"}, {"parameters": ["query", "body"]}) else ADVISORY
    )
    for one in found:
        request = request_of("POST", "https://a.example/b?a=61", FORM, "title=61")
        one.steps.whole.after(sign_by(scheme_with("method"), request))  # all are tried


def test_where_no_sample_can_be_signed_the_attack_is_not_tried_and_says_why() -> None:
    """The path of no sample is base64."""
    scheme = scheme_with({"join": "\n", "parts": ["method", {"from": "path", "as": [{"strip": "/"}, "from-base64"]}]})
    found = {one.name: one for one in attacks(scheme)}
    signed = sign_by(scheme, request_of("POST", "https://a.example/Ym9vaw==?a=1", FORM, "b=1"))
    for change in ("method", "host", "path", "query", "body", "headers"):
        with pytest.raises(NotTried, match=r"no sample could be signed.*base64"):
            found[f"{change} changed after signing"].steps.whole.after(signed)
    target: Any = None
    with pytest.raises(NotTried, match="no sample could be signed"):
        found["the same request again"].scenario(target, SigningSteps())


def test_only_requests_of_a_kind_without_a_sample_are_not_tried() -> None:
    """The content type of a form is decoded to a letter, and that of JSON is no hexadecimal number."""
    letter = {"from": "header.content-type", "as": [{"replace": [FORM["Content-Type"], "61"]}, "from-hex"]}
    found = {one.name: one for one in attacks(scheme_with({"join": "\n", "parts": ["method", letter, "body"]}))}
    signer = scheme_with("method")  # whoever signed it
    form = sign_by(signer, request_of("POST", "https://a.example/b?a=1", FORM, "title=61"))
    get = sign_by(signer, request_of("GET", "https://a.example/b?a=1"))
    json = sign_by(signer, request_of("POST", "https://a.example/b", {"Content-Type": "application/json"}, "61"))
    for change, level in (("method", MUST), ("body", MUST), ("path", ADVISORY)):
        attacked = found[f"{change} changed after signing"]
        assert attacked.level == level
        assert attacked.steps.whole.after(form) not in (None, form)
        assert change == "body" or attacked.steps.whole.after(get) not in (None, get)
        with pytest.raises(NotTried, match="with a body that is application/json"):
            attacked.steps.whole.after(json)


@pytest.mark.parametrize("error", [CannotSign("no base64"), NotTried("no sample", expected="a sample")])
def test_what_cannot_be_tried_is_reported_with_the_reason(error: Exception) -> None:
    """And the run goes on."""

    def fail(*_: Any) -> Any:
        raise error

    target: Any = SimpleNamespace(operation=SimpleNamespace(id="addBook", label="POST /books"))
    right = attack(scheme_with("method"), 20)
    (result,) = AttackRun(target, replace(right, scenario=fail)).results()
    assert (result.id, result.status, result.observed) == ("REQ-020 addBook", "skipped", str(error))
    assert result.expected in ("a request that the scheme can sign", "a sample")

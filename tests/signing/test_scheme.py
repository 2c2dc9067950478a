"""Rules of the scheme that hold for every request, and a second scheme made by its value alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, strategies as st

from generator.signing.explanation import MASK
from generator.signing.freshness import make_nonce
from procwise.signing import SCHEME, base_string, explain, sign
from tests.signing.invented import scheme_with

SECRET = "made-up-secret"
PART = "your base string differs from the correct one at character"
names = st.text(min_size=1, max_size=6)
params = st.dictionaries(names, st.text(max_size=8) | st.integers() | st.booleans() | st.none(), max_size=6)


@given(params, st.randoms())
def test_the_order_sent_does_not_matter(sent: dict[str, object], random: object) -> None:
    shuffled = list(sent.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert base_string(dict(shuffled)) == base_string(sent)


@given(params, st.text())
def test_an_old_signature_is_never_signed(sent: dict[str, object], old: str) -> None:
    sent.pop("signature", None)
    assert base_string({**sent, "signature": old}) == base_string(sent)


@given(params, names, st.text(max_size=5))
def test_every_changed_parameter_changes_the_base_string(sent: dict[str, object], name: str, value: str) -> None:
    if name == "signature":
        return
    before = {**sent, name: value}
    assert base_string({**before, name: value + "x"}) != base_string(before)


@given(params)
def test_names_are_ordered_by_their_utf8_bytes(sent: dict[str, object]) -> None:
    ordered = [name for name, _ in SCHEME.pairs(sent)]
    assert ordered == sorted(ordered, key=lambda name: name.encode("utf-8", "surrogatepass"))


@given(
    st.dictionaries(names, st.integers()), st.dictionaries(names, st.integers()), st.dictionaries(names, st.integers())
)
def test_path_beats_query_beats_body(path: dict[str, int], query: dict[str, int], body: dict[str, int]) -> None:
    merged = SCHEME.merge(path=path, query=query, body=body)
    assert merged == {**body, **query, **path}


@given(params, st.text(max_size=4))
def test_only_the_right_signature_verifies(sent: dict[str, object], other: str) -> None:
    right = sign(sent, SECRET)
    assert SCHEME.verify(sent, SECRET, right)
    for wrong in (right.upper() + "0", right[:-1], right + "0", "", other, right[::-1] + "x"):
        assert not SCHEME.verify(sent, SECRET, wrong)


def test_another_scheme_by_its_value_alone() -> None:
    other = replace(
        SCHEME,
        algorithm="hmac-sha512",
        digest="base64",
        separator="&",
        values="percent-encoded",
        order="name-codepoints",
        pair="{name}:{value}",
        exclude=("sig",),
        signature_parameter="sig",
        timestamp_parameter="ts",
        timestamp_unit="s",
        nonce_parameter="once",
        nonce_type="string",
    )
    sent = other.stamp({"b": "ä b", "a": True, "sig": "old"}, now_ms=1_700_000_000_123, nonce=42)
    message = "a:true&b:" + quote("ä b") + "&once:42&ts:1700000000"
    expected = base64.b64encode(hmac.new(SECRET.encode(), message.encode(), hashlib.sha512).digest()).decode()
    assert other.base_string(sent) == message
    assert other.sign(sent, SECRET) == expected


def test_the_explanation_masks_what_is_masked_and_keeps_no_secret() -> None:
    explained = str(explain({"id": 17, "pin_code": "424242"}, SECRET, masked=("pin_code",)))
    assert f"id=17?pin_code={MASK}" in explained
    assert "424242" not in explained
    assert SECRET not in explained


@pytest.mark.parametrize(
    ("mistake", "cause"),
    [
        (lambda p: sign({**p, "mobile_cam": "True"}, SECRET), "`True` was signed for `mobile_cam`; write `true`"),
        (lambda p: sign({k: v for k, v in p.items() if k != "id"}, SECRET), "ids in the path"),
        (lambda p: sign({**p, "name": quote(str(p["name"]))}, SECRET), "percent-encoded"),
        (lambda p: replace(SCHEME, separator="&").sign(p, SECRET), "'&' instead of '?'"),
        (lambda p: replace(SCHEME, order="as-sent").sign(p, SECRET), "order sent"),
        (lambda p: replace(SCHEME, digest="base64").sign(p, SECRET), "base64"),
        (lambda p: sign({k: v for k, v in p.items() if k != "nonce"}, SECRET), "'nonce' was not signed"),
        (lambda p: "0" * 64, ""),
    ],
)
def test_the_likely_cause_of_a_refusal_is_named(mistake: object, cause: str) -> None:
    sent = {"timestamp": 1, "nonce": 2, "name": "Ada Example", "mobile_cam": True, "id": 17}
    explained = explain(sent, SECRET, signature=mistake(sent), path=("id",))  # type: ignore[operator]
    assert cause in explained.cause
    assert bool(explained.cause) == bool(cause)


def test_a_secret_key_in_the_other_base_string_is_not_shown() -> None:
    theirs = f"a=1?b=2?secret_key={SECRET}"
    assert explain({"a": 1, "b": 2}, SECRET, theirs=theirs).parts == f"{PART} 8"
    assert explain({"a": 1, "b": 2}, "", theirs=theirs).parts == f"{PART} 8: '?secret_key={SECRET}' instead of ''"
    shown = explain({"a": 1, "b": 2}, SECRET, theirs="a=1?b=3").parts
    assert shown == f"{PART} 7: '3' instead of '2'"


def test_the_same_base_string_means_another_secret_key() -> None:
    explained = explain({"a": 1, "b": 2}, SECRET, theirs="a=1?b=2", signature="0" * 64)
    assert explained.parts == "your base string is the correct one, so the secret keys differ"


def test_where_two_base_strings_part() -> None:
    explained = explain({"a": 1, "b": 2}, theirs="a=1?b=3")
    assert "at character 7: '3' instead of '2'" in explained.parts


def test_increasing_nonces_increase_while_the_clock_stands_still_or_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = scheme_with("nonce", nonce={"type": "increasing"})
    first = int(make_nonce(scheme))
    monkeypatch.setattr("time.time_ns", lambda: first - 5)
    assert [int(make_nonce(scheme)) for _ in range(3)] == [first + 1, first + 2, first + 3]

"""The mistakes of real programs, each signed by hand, and what is said about them; nothing that was not shown."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from generator.signing.explanation import USUAL_CAUSES, explain
from procwise.signing import SCHEME, base_string
from tests.proofs import FULL

SECRET = "made-up-secret"
PATH = {"exam_id": 17}
QUERY = {"timestamp": 1527500365052, "nonce": 42, "Zoom": "a b"}
BODY = {
    "name": "Zoë Example",
    "mobile_cam": True,
    "save_recording": False,
    "note": None,
    "parts": ["a", "é"],
    "score": 1.50,
    "padded": " x ",
}
PARAMS: dict[str, Any] = {**PATH, **QUERY, **BODY}
PLACES: dict[str, Any] = {"path": tuple(PATH), "query": tuple(QUERY), "body": tuple(BODY)}


def sign_text(text: str | bytes, key: str = SECRET) -> str:
    message = text.encode() if isinstance(text, str) else text
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def join(pairs: list[tuple[str, str]]) -> str:
    return "?".join(f"{name}={text}" for name, text in pairs)


RIGHT = [(pair.partition("=")[0], pair.partition("=")[2]) for pair in base_string(PARAMS).split("?")]


def sign_with(**texts: str) -> str:
    """The signature with these texts instead of the valid ones."""
    assert texts.keys() <= PARAMS.keys()
    return sign_text(join([(name, texts.get(name, text)) for name, text in RIGHT]))


def cause(signature: str, **more: Any) -> str:
    return explain(SCHEME, PARAMS, SECRET, signature=signature, **{**PLACES, **more}).cause


def test_the_pairs_that_are_changed_below_are_the_right_ones() -> None:
    assert join(RIGHT) == base_string(PARAMS)
    assert ("parts", '["a", "é"]') in RIGHT
    assert cause(sign_text(join(RIGHT))) == ""


VALUES: list[tuple[dict[str, str], str]] = [
    (
        {"mobile_cam": "True", "save_recording": "False"},
        "`True` was signed for `mobile_cam`; write `true`; and `False` was",
    ),
    ({"save_recording": "False"}, "`False` was signed for `save_recording`; write `false`"),
    ({"note": "None"}, "`None` was signed for `note`; write nothing"),
    ({"note": "null"}, "`null` was signed for `note`; write nothing"),
    ({"note": "<nil>"}, "`<nil>` was signed for `note`; write nothing"),
    ({"note": "nil"}, "`nil` was signed for `note`; write nothing"),
    (
        {"note": "None", "mobile_cam": "True", "save_recording": "False"},
        "write `false`; and `None` was signed for `note`",
    ),
    ({"note": "null", "mobile_cam": "True", "save_recording": "False"}, "`null` was signed for `note`"),
    (
        {"mobile_cam": "1", "save_recording": ""},
        "`1` was signed for `mobile_cam`; write `true`; and nothing was signed for",
    ),
    ({"mobile_cam": "1", "save_recording": "", "parts": "Array"}, "the list `parts` was signed as `Array`"),
    (
        {"parts": "a,é"},
        '`parts` was signed with commas alone; write it as the scheme does, such as `["a", "é"]`',
    ),
    ({"parts": "Array"}, "the list `parts` was signed as `Array`"),
    ({"parts": "['a', 'é']"}, "as Python prints it"),
    ({"parts": '["a","é"]'}, "the list `parts` was signed as JSON"),
    ({"parts": "[a é]"}, "with blanks alone"),
    ({"parts": '["a", "\\u00e9"]'}, "the list `parts` was signed as JSON"),
    ({"parts": '["a","\\u00e9"]'}, "the list `parts` was signed as JSON"),
    ({"parts": "[a, é]"}, "the list `parts` was signed as Java prints it"),
    ({"name": "Zo\\u00eb Example"}, "`name` was signed with `\\u` and digits for letters beyond ASCII"),
    ({"name": "Zoë Example".encode().decode("latin-1")}, "`name` was encoded as UTF-8 twice"),
    ({"name": unicodedata.normalize("NFD", "Zoë Example")}, "accents apart from their letters"),
    ({"padded": "x"}, "`padded` was trimmed before signing"),
    ({"score": "1.50"}, "the number `score` was signed with other digits than were sent"),
    ({"score": "1.500"}, "the number `score` was signed with other digits"),
    ({"name": "Zo%C3%AB%20Example"}, "`name` was percent-encoded before signing; sign the raw text"),
    ({"name": "Zo%C3%AB+Example"}, "`name` was form-encoded before signing; sign the raw text"),
    ({"Zoom": "a+b"}, "`+` was not encoded in `Zoom`: it arrives as a blank; send `%2B`"),
    ({"name": "zoë example"}, "`name` was signed in small letters"),
]


@pytest.mark.parametrize(("texts", "said"), VALUES)
def test_values_written_otherwise(texts: dict[str, str], said: str) -> None:
    assert said in cause(sign_with(**texts))


def test_the_base_string_in_another_encoding() -> None:
    assert "encoded as Latin-1" in cause(sign_text(join(RIGHT).encode("latin-1")))


def texts_of(*places: dict[str, Any]) -> list[tuple[str, str]]:
    texts = dict(RIGHT)
    return [(name, texts[name]) for place in places for name in place]


ORDERS: list[tuple[list[tuple[str, str]], str]] = [
    (texts_of(PATH, QUERY, BODY), "in the order sent, not sorted by name"),
    (texts_of(BODY, QUERY, PATH), "in the order sent, not sorted by name"),
    (texts_of(QUERY, BODY, PATH), "in the order sent, not sorted by name"),
    ([*texts_of(PATH), *sorted(texts_of(BODY)), *sorted(texts_of(QUERY))], "in the order sent, not sorted by name"),
    (sorted(RIGHT, key=lambda pair: pair[0] in ("timestamp", "nonce")), "with the signing parameters last"),
    (sorted(RIGHT, key=lambda pair: pair[0].lower()), "sorted without regard to capital letters"),
    (RIGHT[::-1], "in reversed order"),
]


@pytest.mark.parametrize(("pairs", "said"), ORDERS)
def test_unsorted_parameters(pairs: list[tuple[str, str]], said: str) -> None:
    found = cause(sign_text(join(pairs)))
    assert said in found
    assert "sort them by name: Zoom, exam_id, mobile_cam" in found


@pytest.mark.parametrize("order", [*itertools.permutations(("b", "timestamp", "nonce", "a"))][::5])
def test_a_few_parameters_in_any_order(order: tuple[str, ...]) -> None:
    params = {"a": 1, "b": 2, "timestamp": 3, "nonce": 4}
    signature = sign_text(join([(name, str(params[name])) for name in order]))
    found = explain(SCHEME, params, SECRET, signature=signature).cause
    assert f"{', '.join(order)}; sort them by name: a, b, nonce, timestamp" in found


def test_an_id_that_differs_between_path_and_body() -> None:
    found = cause(sign_with(exam_id="5"), overridden={"exam_id": 5})
    assert found == "`5` was signed for `exam_id`, as another place has it; the path has `17`, which counts"
    masked = cause(sign_with(exam_id="5"), overridden={"exam_id": 5}, masked=("exam_id",))
    assert "5" not in masked
    assert "17" not in masked


LEFT_OUT: list[tuple[Callable[[str], bool], str]] = [
    (lambda name: name not in PATH, "the ids in the path were not signed"),
    (lambda name: name not in BODY, "the parameters of the body were not signed"),
    (lambda name: name != "Zoom", "the parameters of the query were not signed"),
    (lambda name: name != "note", "the empty parameters were not signed (`note`)"),
    (lambda name: name not in ("score", "padded"), "`score`, `padded` were not signed"),
    (lambda name: name in ("timestamp", "nonce"), "only the timestamp and the nonce were signed"),
]


@pytest.mark.parametrize(("kept", "said"), LEFT_OUT)
def test_parameters_left_out(kept: Callable[[str], bool], said: str) -> None:
    assert said in cause(sign_text(join([pair for pair in RIGHT if kept(pair[0])])))


@settings(max_examples=100 if FULL else 30)
@given(st.text(max_size=30), st.text(max_size=30))
@pytest.mark.slow
def test_no_cause_is_named_that_was_not_shown(key: str, text: str) -> None:
    assume(key != SECRET)
    assert cause(sign_text(text.encode("utf-8", "surrogatepass"), f"other-{text}")) == ""


def test_no_value_of_a_masked_name_is_shown() -> None:
    params = {"pin": " 424242 ", "list": ["s3cret"], "timestamp": 1, "nonce": 2}
    texts = {"pin": "424242", "list": '["s3cret"]', "timestamp": "1", "nonce": "2"}
    for wrong in ({"pin": "424242"}, {"pin": " 424242 ", "list": "s3cret"}, {"pin": "%20424242%20"}):
        pairs = sorted({**texts, "pin": " 424242 ", **wrong}.items())
        found = str(explain(SCHEME, params, SECRET, signature=sign_text(join(pairs)), masked=("pin", "list")))
        assert "likely cause" in found
        assert "424242" not in found
        assert "s3cret" not in found


@pytest.mark.parametrize(
    "params",
    [
        {"x": ["a" * 200_000], "timestamp": 1, "nonce": 2},
        {f"p{i}": True for i in range(100)},
        {f"p{i}": ["é b", None] for i in range(60)},
        {"abcdefg"[i]: "x" * 5000 for i in range(7)},
    ],
)
def test_looking_for_a_cause_does_not_take_long(params: dict[str, Any]) -> None:
    started = time.process_time()
    assert explain(SCHEME, params, SECRET, signature="0" * 64, body=tuple(params)).cause == ""
    assert time.process_time() - started < 3


def test_causes_with_a_code_of_their_own_are_not_usual_causes() -> None:
    assert not [cause for cause in USUAL_CAUSES if "timestamp" in cause or "nonce" in cause]


@pytest.mark.parametrize(
    "params", [{"name": "\ud800"}, {"\udfff": "a b"}, {"list": ["\udc80"]}, {"object": {"\ud8ff": 1}}]
)
def test_half_a_surrogate_pair_is_explained_too(params: dict[str, Any]) -> None:
    explained = explain(SCHEME, params, SECRET, signature="0" * 64)
    assert explained.base_string == base_string(params)
    assert explained.cause == ""


TRUE = {"mobile_cam": "True", "save_recording": "False"}


def pairs_with(texts: dict[str, str], *places: dict[str, Any]) -> list[tuple[str, str]]:
    """The pairs with these texts, in the order of the places."""
    return [(name, texts.get(name, text)) for name, text in texts_of(*places)]


SENT = "in the order sent, not sorted by name"
TRUE_WAS = "`True` was signed for `mobile_cam`"
WRITTEN = [(name, TRUE.get(name, text)) for name, text in RIGHT]
TOGETHER: list[tuple[str | bytes, str, str]] = [
    (join(pairs_with(TRUE, PATH, QUERY, BODY)), SENT, TRUE_WAS),
    (join(pairs_with(TRUE, BODY, QUERY, PATH)), SENT, TRUE_WAS),
    (join(pairs_with({**TRUE, "note": "None"}, BODY, PATH, QUERY)), SENT, "`None` was signed for `note`"),
    (join(pairs_with({"parts": "a,é"}, PATH, QUERY, BODY)), SENT, "the list `parts` was signed with commas"),
    (join(WRITTEN).replace("?", "&"), "joined by '&' instead of '?'", TRUE_WAS),
    (join(WRITTEN).encode("latin-1"), "encoded as Latin-1", TRUE_WAS),
    (join(texts_of(PATH, QUERY, BODY)).replace("?", "&"), SENT, "joined by '&' instead of '?'"),
    (join(texts_of(PATH, QUERY, BODY)).encode("latin-1"), SENT, "encoded as Latin-1"),
]


@pytest.mark.parametrize(("signed", "first", "second"), TOGETHER)
def test_two_mistakes_together_are_named_both(signed: str | bytes, first: str, second: str) -> None:
    found = cause(sign_text(signed))
    assert first in found
    assert second in found


def test_an_order_that_differs_behind_the_names_that_are_shown() -> None:
    params = {**{f"a{number:02}": "x" for number in range(14)}, "nonce": 1, "timestamp": 2, "z": "x", "zz": "y"}
    names = [*(f"a{number:02}" for number in range(14)), "z", "zz", "timestamp", "nonce"]
    signature = sign_text(join([(name, str(params[name])) for name in names]))
    found = explain(SCHEME, params, SECRET, signature=signature, query=tuple(params)).cause
    assert "with the signing parameters last" in found


HEX_KEY = "00ff10a5" * 8
BASE = base_string(PARAMS)
SORTED_BODY = dict(sorted(BODY.items()))


@pytest.mark.parametrize(
    ("key", "signature", "cause"),
    [
        (HEX_KEY, hmac.new(bytes.fromhex(HEX_KEY), BASE.encode(), "sha256").hexdigest(), "from hexadecimal digits"),
        ("c2VjcmV0IQ==", hmac.new(b"secret!", BASE.encode(), "sha256").hexdigest(), "decoded from base64"),
        (SECRET, hashlib.sha256(BASE.encode()).hexdigest(), "hashed with sha256, without the secret key"),
        (SECRET, hashlib.sha256(f"{BASE}{SECRET}".encode()).hexdigest(), "with the secret key behind it"),
        (SECRET, hashlib.sha256(f"{SECRET}{BASE}".encode()).hexdigest(), "with the secret key before it"),
        (SECRET, hashlib.sha256(f"{BASE}?{SECRET}".encode()).hexdigest(), "with '?' and the secret key behind it"),
        (SECRET, sign_text(json.dumps(BODY, ensure_ascii=False)), "the JSON of the body was signed"),
        (SECRET, sign_text(json.dumps(BODY, ensure_ascii=False, separators=(",", ":"))), "the JSON of the body"),
        (SECRET, sign_text(json.dumps(SORTED_BODY, ensure_ascii=False)), "the JSON of the body was signed"),
        (SECRET, sign_text(json.dumps(PARAMS, ensure_ascii=False)), "the JSON of all parameters was signed"),
    ],
)
def test_another_key_or_message(key: str, signature: str, cause: str) -> None:
    assert cause in explain(SCHEME, PARAMS, key, signature=signature, **PLACES).cause


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda right: f'"{right}"', "blanks or quotation marks were sent around it"),
        (lambda right: f" {right}\n", "blanks or quotation marks were sent around it"),
        (lambda right: right[:40], "was cut short: 40 of its 64 characters"),
        (lambda right: f"{right}==", "more was sent behind its 64 characters"),
        (lambda right: right[:31], ""),  # whoever guesses a short beginning is not told that it is right
        (lambda right: "", ""),
        (lambda right: f"0{right[1:40]}" if right[0] != "0" else f"1{right[1:40]}", ""),
    ],
)
def test_a_right_signature_that_was_damaged(change: Callable[[str], str], cause: str) -> None:
    found = explain(SCHEME, PARAMS, SECRET, signature=change(sign_text(BASE)), **PLACES).cause
    assert cause in found if cause else found == ""

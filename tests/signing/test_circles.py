"""Values in which something is made of itself, or text becomes bytes: one error each, and none where it does not."""

from __future__ import annotations

from typing import Any

import pytest

from generator.signing.language import inspect_scheme
from tests.signing.invented import value_with

FIELDS = {"T": "{timestamp}", "N": "{nonce}", "S": "{signature}"}
CIRCLES: list[tuple[dict[str, Any], str, tuple[str | int, ...]]] = [
    ({"key": {"parts": ["credential.pin"], "as": ["sign"]}}, "the key is made with `sign`", ("key",)),
    ({"key": {"credential": "pin", "derive": [{"from": "day", "as": ["sign"]}]}}, "the key is made with", ("key",)),
    ({"key": {"credential": "pin", "derive": ["proof"]}}, "the key is made with `sign`", ("key",)),
    ({"placement": [{"in": "query", "fields": {**FIELDS, "X": "{target}"}}]}, "X is made of what", (0, "fields", "X")),
    ({"placement": [{"in": "body", "fields": {**FIELDS, "X": "{sum}"}}]}, "X is made of what", (0, "fields", "X")),
    ({"placement": [{"in": "header", "fields": {**FIELDS, "X": "{header.x}"}}]}, "X is made of", (0, "fields", "X")),
    ({"placement": [{"in": "header", "fields": {**FIELDS, "X-A": "{lines}"}}]}, "X-A is made", (0, "fields", "X-A")),
    (
        {"placement": [{"in": "authorization", "fields": {**FIELDS, "X": {"parameters": ["authorization"]}}}]},
        "X is made of",
        (0, "fields", "X"),
    ),
]


@pytest.mark.parametrize(("clauses", "said", "place"), CIRCLES)
def test_what_is_made_of_itself_is_reported_once(
    clauses: dict[str, Any], said: str, place: tuple[str | int, ...]
) -> None:
    values = {
        "day": {"clock": "%Y%m%d"},
        "proof": {"from": "credential.pin", "as": ["sign"]},
        "sum": {"from": "body", "as": ["sha256", "hex-lower"]},
        "lines": {"parameters": ["headers"]},
    }
    _, problems = inspect_scheme(value_with("method", values=values, headers={"names": ["x-*"]}, **clauses))
    (problem,) = problems
    assert said in problem.message
    assert problem.where[-len(place) :] == place


def test_what_leaves_itself_out_is_no_circle() -> None:
    values = {
        "rest": {"parameters": ["query"], "exclude": ["X", "S"]},
        "names": {"parameters": ["headers"], "pair": "{name}"},
    }
    placement = [{"in": "query", "fields": {**FIELDS, "X": "{rest}"}}, {"in": "header", "fields": {"X-All": "{names}"}}]
    _, problems = inspect_scheme(value_with("method", values=values, headers={"names": ["x-*"]}, placement=placement))
    assert problems == ()


SET: dict[str, Any] = {"parameters": ["query"]}
NO_TEXT: list[tuple[Any, dict[str, Any], tuple[str | int, ...]]] = [
    ({**SET, "values": ["sha256"]}, {}, ("message", "values")),
    ({**SET, "names": ["from-hex", "upper"]}, {}, ("message", "names")),
    ({"parameters": [{"sum": {"from": "body", "as": ["upper"]}}]}, {}, ("message", "parameters", 0, "sum", "as", 0)),
    ("method", {"placement": [{"in": "authorization", "values": ["sha256"], "fields": FIELDS}]}, (0, "values")),
    ("method", {"placement": [{"in": "authorization", "values": ["upper"], "fields": FIELDS}]}, (0, "values")),
    ("method", {"digest": ["hex-lower", "from-hex"]}, ("digest",)),
    ("method", {"digest": [{"first": 20}]}, ("digest",)),
    ("method", {"digest": ["sha256"]}, ("digest",)),
]


@pytest.mark.parametrize(("message", "clauses", "place"), NO_TEXT)
def test_bytes_where_text_is_needed_are_reported_once(
    message: Any, clauses: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    _, problems = inspect_scheme(value_with(message, **clauses))
    (problem,) = problems
    assert problem.where[-len(place) :] == place


def test_a_hash_that_is_written_as_text_is_no_fault() -> None:
    message = {**SET, "names": ["sha1", "base64"], "values": ["json", "sha256", "hex-lower"]}
    assert inspect_scheme(value_with(message, digest=["base64", {"first": 20}]))[1] == ()

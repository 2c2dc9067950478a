"""Values in which something is made of itself: one error each, and none where it is left out."""

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

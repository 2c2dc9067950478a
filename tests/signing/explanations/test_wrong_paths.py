"""Ids of the path that were left out or renamed, with a second mistake: what careless programs do most."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from generator.signing import scheme_of
from generator.signing.explanation import explain
from tests.spec import read_apis

KEY = "sandbox-secret-0123456789"
PARAMS = {"exam_id": 17, "timestamp": 1527500365052, "nonce": 7, "name": "José", "send": True}
PLACES: dict[str, list[str]] = {
    "path": ["exam_id"],
    "query": ["timestamp", "nonce"],
    "body": ["name", "send"],
    "names": ["id", "exam_id"],
}
LEFT_OUT = "the ids in the path were not signed; and "
RENAMED = "the id in the path was signed as 'id' instead of 'exam_id'; and "


def cause_of(base: str) -> str:
    signing = read_apis()["v3"].signing
    assert signing is not None
    signature = hmac.new(KEY.encode(), base.encode(), hashlib.sha256).hexdigest()
    return explain(scheme_of(signing), PARAMS, KEY, signature=signature, **PLACES).cause


@pytest.mark.parametrize(
    ("base", "cause"),
    [
        (
            "name=José&nonce=7&send=true&timestamp=1527500365052",
            f"{LEFT_OUT}the pairs were joined by '&' instead of '?'",
        ),
        (
            "id=17&name=José&nonce=7&send=true&timestamp=1527500365052",
            f"{RENAMED}the pairs were joined by '&' instead of '?'",
        ),
        (
            "timestamp=1527500365052?nonce=7?name=José?send=true",
            f"{LEFT_OUT}the parameters were signed in the order sent, not sorted by name: "
            "timestamp, nonce, name, send; sort them by name: name, nonce, send, timestamp",
        ),
        (
            "name=José?nonce=7?send=True?timestamp=1527500365052",
            f"{LEFT_OUT}`True` was signed for `send`; write `true`",
        ),
        (
            "id=17?name=Jos%C3%A9?nonce=7?send=true?timestamp=1527500365052",
            f"{RENAMED}`name` was percent-encoded before signing; sign the raw text",
        ),
        ("name=José?nonce=7?send=true?timestamp=1527500365052", LEFT_OUT.removesuffix("; and ")),
    ],
)
def test_both_mistakes_are_named(base: str, cause: str) -> None:
    assert cause_of(base) == cause

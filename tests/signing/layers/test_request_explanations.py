"""One mistake or two in the signature of a whole request, each signed by hand, and what is said about them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

import pytest

from generator.signing.explanation import requests
from generator.signing.explanation.attempts import USUAL_WORK
from generator.signing.explanation.requests import explain_request, measure_attempt
from generator.signing.messages import request_of
from generator.signing.messages.evaluation import Context
from generator.signing.messages.sign import prepare_context
from tests.signing.invented import CREDENTIALS, NOW_MS, scheme_with

WHOLE = scheme_with(
    {
        "join": "\n",
        "parts": [
            "method",
            "path",
            {"parameters": ["query"], "order": "name-bytes"},
            {"from": "body", "as": ["sha256", "hex-lower"]},
            "timestamp",
        ],
    }
)
SENT = request_of("POST", "https://a.example/x?b=1&a=2", {"X-Time": "1785492184", "X-Once": "n"}, "q=1")
BODY = hashlib.sha256(b"q=1").hexdigest()
RIGHT = f"POST\n/x\na=2&b=1\n{BODY}\n1785492184"
TWO_IN_WHOLE = [
    (
        RIGHT.lower().replace("/x", "/x"),
        "made-up-secret\n",
        "hex",
        "small letters; and the secret key ended with a line",
    ),
    (
        RIGHT.replace("\n", ""),
        "made-up-secret",
        "base64",
        "the digest was written as base64; and the parts of the message",
    ),
    (
        RIGHT.replace("\n", "").replace("a=2&b=1", "b=1&a=2"),
        "made-up-secret",
        "hex",
        "joined by '' instead of '\\n'; and the par",
    ),
    (
        RIGHT.replace(BODY, hashlib.sha256(b"").hexdigest()),
        "ada",
        "hex",
        "the body was not signed; and the token was used as",
    ),
    (RIGHT.replace("POST\n", ""), '"made-up-secret"', "hex", "quotation marks; and `method` was not signed"),
    (RIGHT, "made-up-secret", "hex", ""),
    ("something else", "made-up-secret", "hex", ""),
]


@pytest.mark.parametrize(("message", "key", "form", "said"), TWO_IN_WHOLE)
def test_two_mistakes_in_the_signature_of_a_whole_request(message: str, key: str, form: str, said: str) -> None:
    made = hmac.digest(key.encode(), message.encode(), "sha256")
    sent = SENT.with_header("X-Sign", made.hex() if form == "hex" else base64.b64encode(made).decode())
    cause = explain_request(WHOLE, sent, CREDENTIALS).cause
    assert said in cause
    assert bool(said) == bool(cause)


@pytest.mark.parametrize(
    ("parameters", "size", "most_work", "attempts"),
    [
        (100, 3, USUAL_WORK, range(400, 1000)),
        (1, 10**6, USUAL_WORK, range(200, 201)),
        (1, 3, 500_000, range(100, 250)),
        (100, 3, 500_000, range(10, 30)),
        (1, 15_000, 500_000, range(20, 35)),
        (1, 10**6, 500_000, range(1)),
        (1, 3, 0, range(1)),
    ],
)
def test_a_cause_is_looked_for_within_bounds(
    parameters: int, size: int, most_work: int, attempts: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Context] = []

    def sign_wrongly(context: Context) -> str:
        made.append(context)
        return "another"

    monkeypatch.setattr(requests, "compute_signature", sign_wrongly)
    query = "&".join(f"p{number}=1" for number in range(parameters))
    sent = replace(SENT, query=query, body=b"q" * size).with_header("X-Sign", "x")
    explained = explain_request(WHOLE, sent, CREDENTIALS, most_work=most_work)
    assert explained.message.startswith("POST\n/x\np0=1")
    assert explained.cause == ""
    assert len(made) in attempts


@pytest.mark.parametrize("headers", [0, 20, 150])
def test_headers_and_their_parts_count_as_work(headers: int) -> None:
    scheme = scheme_with(
        {"parameters": ["headers"], "pair": "{name}:{value}"},
        headers={"names": ["x-*"], "exclude": ["x-sign"], "order": "name-bytes"},
    )
    sent = replace(SENT, headers=(*SENT.headers, *((f"X-{number}", "v") for number in range(headers))))
    context = prepare_context(scheme, sent, CREDENTIALS, settings={}, now_ms=NOW_MS, nonce="n")
    assert measure_attempt(context) in range(1700 + 250 * headers, 3500 + 280 * headers)

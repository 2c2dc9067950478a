"""Line breaks, headers and moments that a careless program wrote otherwise, each signed by hand, and what is said."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from generator.signing.explanation.requests import explain_request
from generator.signing.messages import Request, request_of
from tests.signing.invented import CREDENTIALS, scheme_with

SECONDS = "1785492184"
NOTE = "two  words"


def sign(text: str) -> str:
    return hmac.digest(b"made-up-secret", text.encode(), "sha256").hex()


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def cause_of(signature: str, *, header: str = f"  {NOTE} ", query: str = "", **clauses: Any) -> str:
    """What is said about a request that has this signature."""
    sent = {"X-Note": header, "X-Time": SECONDS, "X-Once": "n", "X-Sign": signature}
    request: Request = request_of("POST", f"https://a.example/x{query}", sent)
    return explain_request(scheme_with(**clauses), request, CREDENTIALS).cause


LINES: dict[str, Any] = {
    "message": {"text": "v1\n{timestamp}\n{inner}\n"},
    "values": {
        "inner": {
            "parts": [{"from": "method", "as": ["upper"]}, "header.x-note"],
            "join": "\n",
            "as": ["sha256", "hex-lower"],
        }
    },
}
INNER = f"POST\n{NOTE}"


def write(inner: str = INNER, text: str = "v1\n{time}\n{inner}\n", time: str = SECONDS) -> str:
    return sign(text.format(time=time, inner=hash_of(inner)))


@pytest.mark.parametrize(
    ("signature", "said"),
    [
        (write(), ""),
        (write(f"POST\r\n{NOTE}", "v1\r\n{time}\r\n{inner}\r\n"), "each line of the message was ended by `\\r\\n`"),
        (write(f"POST\\n{NOTE}", "v1\\n{time}\\n{inner}\\n"), "a backslash and an `n` were signed for each line break"),
        (write(f"POST{NOTE}", "v1{time}{inner}"), "the message was signed without its line breaks"),
        (write(f"POST {NOTE}", "v1 {time} {inner} "), "a blank was signed for each line break"),
        (write(text="v1\n{time}\n{inner}"), "the message was signed without the line break at its end"),
        (write(text="v1\n{time}\n{inner}\n\n"), "the message was signed with a line break more at its end"),
        (write(f"{INNER}\n"), "`value.inner` was signed with a line break more at its end"),
        (write(f"{NOTE}\nPOST"), "`header.x-note` was signed before `method`"),
        (write(f"POST{NOTE}"), "the parts of `value.inner` were joined by '' instead of '\\n'"),
        (write(f"post\n{NOTE}"), "`method` was signed as lower instead of upper"),
        (write(f"POST\n  {NOTE} "), "the values of the headers were signed with the blanks around them"),
        (write("POST\ntwo words"), "several blanks in the values of the headers were signed as one"),
        (write("POST\nanything else"), ""),
    ],
)
def test_lines_and_headers(signature: str, said: str) -> None:
    cause = cause_of(signature, **LINES)
    assert said in cause
    assert bool(said) == bool(cause), cause


@pytest.mark.parametrize(
    ("value", "where"), [(f" {NOTE}", "before the value of the header x-note"), (f"{NOTE} ", "behind the value of")]
)
def test_a_blank_that_the_wire_took_away(value: str, where: str) -> None:
    assert f"a blank was signed {where}" in cause_of(write(f"POST\n{value}"), header=NOTE, **LINES)


def test_lines_that_end_with_a_carriage_return() -> None:
    message = {"text": "{method}\r\n{path}\r\n"}
    said = "each line of the message was ended by `\\n` instead of `\\r\\n`"
    assert cause_of(sign("POST\n/x\n"), message=message) == said


ZONED = {"format": "%Y-%m-%d %H:%M:%S", "zone": "+08:00", "window_seconds": 60}
IN_QUERY = [{"in": "query", "fields": {"at": "{timestamp}", "once": "{nonce}", "sign": "{signature}"}}]
SORTED = {"parameters": ["query"], "order": "name-bytes"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at=2026-07-31 18:03:04&once=n", ""),
        ("at=2026-07-31 10:03:04&once=n", "the moment was signed as UTC (2026-07-31 10:03:04)"),
        (f"at={SECONDS}&once=n", f"the moment was signed as unix-s ({SECONDS})"),
        ("at=2026-07-31T18:03:04Z&once=n", "the moment was signed as %Y-%m-%dT%H:%M:%SZ (2026-07-31T18:03:04Z)"),
        ("at=2026-08-01 18:03:04&once=n", ""),
    ],
)
def test_a_moment_among_parameters(text: str, said: str) -> None:
    """The field says when; what was signed for it is another text of the same moment."""
    target = f"https://a.example/x?at=2026-07-31%2018%3A03%3A04&once=n&sign={sign(text)}"
    scheme = scheme_with(SORTED, timestamp=ZONED, placement=IN_QUERY)
    assert explain_request(scheme, request_of("GET", target), CREDENTIALS).cause == said


def test_the_end_of_a_signature_without_what_is_added_to_it() -> None:
    message = {"parts": ["timestamp", {"clock": "unix-s", "offset_seconds": 60}], "join": ";"}
    assert cause_of(sign(f"{SECONDS};1785492244"), message=message) == ""
    assert "without the 60 seconds that are added" in cause_of(sign(f"{SECONDS};{SECONDS}"), message=message)


def test_members_sorted_at_every_depth() -> None:
    members = {"z": {"b": 1, "a": [{"d": "'", "c": None}]}, "y": 1.5}
    fields = {"Content-Type": "application/json", "X-Time": SECONDS, "X-Once": "n"}
    body = json.dumps(members)
    for wrong, how in (
        (json.dumps(members, sort_keys=True, separators=(",", ":")), "without blanks, sorted by name at every depth"),
        (str(members), "as Python prints it"),
    ):
        sent = request_of("POST", "https://a.example/x", {**fields, "X-Sign": sign(wrong)}, body)
        said = f"the JSON of the body was signed {how}, not the bytes that are sent"
        assert explain_request(scheme_with("body"), sent, CREDENTIALS).cause == said


def test_no_blank_behind_the_colon() -> None:
    message = {"parameters": ["headers"], "pair": "{name}: {value}\n", "separator": ""}
    said = "no blank was signed behind the colon of each header"
    assert cause_of(sign(f"x-note:{NOTE}\n"), message=message, headers={"names": ["x-note"]}) == said

"""Members that lie deeper in JSON, and parts that are empty beside a header: signed, attacked and explained."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generator.signing.explanation.requests import explain_request
from generator.signing.language import inspect_scheme
from generator.signing.messages import Request, SignatureRefused, request_of, verify_request
from procwise.signing.language import read_scheme as read_generated
from procwise.signing.messages import request_of as generated_request_of
from procwise_conformance.attacks.whole_requests import attacks
from procwise_conformance.results import ADVISORY, MUST
from tests.signing.invented import CREDENTIALS, NOW_MS, SETTINGS, message_for, scheme_with, sign_by, value_with

JSON = {"Content-Type": "application/json"}
ORDER = {"id": 7, "lines": [{"a/b": True, "c~d": 1.5}, "é"], "": "nobody", "n": None}
CONTENT = {"order": ORDER, "/x": 2, "order.id": 3}
PAGE = (Path(__file__).parents[3] / "docs/guides/signing-language.md").read_text("utf-8")


def post(content: Any, headers: Any = JSON) -> Request:
    return request_of("POST", "https://a.example/b?a=1", headers, json.dumps(content))


POINTERS = [
    ("/order/id", "7"),
    ("/order/lines/0/a~1b", "true"),
    ("/order/lines/0/c~0d", "1.5"),
    ("/order/lines/1", "é"),
    ("/order/", "nobody"),
    ("/order/n", ""),
    ("/~1x", "2"),
    ("/order/lines/2", ""),
    ("/order/lines/01", ""),
    ("/order/lines/-", ""),
    ("/order/id/0", ""),
    ("/other/id", ""),
    ("order.id", "3"),
    ("/order/lines", '[{"a/b":true,"c~d":1.5},"é"]'),
]


@pytest.mark.parametrize(("pointer", "text"), POINTERS)
def test_a_pointer_leads_to_a_member(pointer: str, text: str) -> None:
    assert message_for(f"body.{pointer}", post(CONTENT)).decode() == text
    assert message_for({"text": f"<{{body.{pointer}}}>"}, post(CONTENT)).decode() == f"<{text}>"


def test_what_the_page_says_of_pointers() -> None:
    (section,) = re.findall(r"is named by its JSON Pointer.*?\n\n", PAGE, re.DOTALL)
    (body,) = re.findall(r"For the body `([^`]*)`", section)
    shown = re.findall(r"`body\.(\S*)` is\s+`([^`]*)`", section)
    assert len(shown) == 3
    for pointer, text in shown:
        assert message_for(f"body.{pointer}", post(json.loads(body))).decode() == text


def test_a_pointer_goes_into_lists_and_stays_out_of_forms() -> None:
    assert message_for("body./1/a", post([0, {"a": "b"}])) == b"b"
    form = request_of("POST", "https://a.example/", {"Content-Type": "application/x-www-form-urlencoded"}, "%2Fa=1&a=2")
    assert message_for("body./a", form) == b"1"  # as a field of that name
    assert message_for("body./a", post({"a": 1}, {"Content-Type": "text/plain"})) == b""


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ({**CONTENT, "/x": 3}, False),
        ({**CONTENT, "order": {**ORDER, "id": 8}}, True),
        ({**CONTENT, "order": {**ORDER, "lines": [{"a/b": False, "c~d": 1.5}]}}, True),
    ],
)
def test_a_member_that_is_signed_cannot_be_changed(content: Any, refused: bool) -> None:
    scheme = scheme_with({"join": "\n", "parts": ["method", "body./order/id", "body./order/lines/0"]})
    signed = sign_by(scheme, post(CONTENT))
    verify_request(scheme, signed, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS)
    other = post(content, signed.headers)
    if refused:
        with pytest.raises(SignatureRefused, match="signature is wrong"):
            verify_request(scheme, other, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS)
    else:
        verify_request(scheme, other, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS)


@pytest.mark.parametrize(
    ("target", "content", "changed"),
    [
        ("?page=9&x=1", None, "page=0&x=1"),
        ("", {"order": {"id": True}}, '{"order":{"id":false}}'),
        ("", {"order": {"id": "az"}}, '{"order":{"id":"bz"}}'),
        ("", {"order": {"id": 9}}, '{"order":{"id":10}}'),
        ("", {"order": []}, None),
    ],
)
def test_what_a_message_names_is_attacked(target: str, content: Any, changed: str | None) -> None:
    message = {"join": "\n", "parts": ["method", "body./order/id", "query.page"]}
    found = {one.name: one for one in attacks(read_generated(value_with(message)))}
    attack = found["named values changed after signing"]
    assert (attack.id, attack.level) == ("REQ-070", MUST)
    assert found["body changed after signing"].level == ADVISORY  # another member
    made = attack.steps.whole.after(
        generated_request_of("POST", f"https://a.example/{target}", JSON, json.dumps(content))
    )
    assert changed == made if made is None else changed in (made.query, made.body.decode())


def test_a_message_that_names_nothing_has_no_such_attack() -> None:
    assert "REQ-070" not in {one.id for one in attacks(read_generated(value_with("method")))}


@pytest.mark.parametrize(
    ("clauses", "where", "message"),
    [
        ({"message": {"parts": ["method", "body./a~2b"]}}, ("message", "parts", 1), "a `~` stands alone"),
        ({"message": {"text": "{body./a~}"}}, ("message", "text"), "a `~` stands alone"),
        (
            {"placement": [{"in": "body", "fields": {"a": "{body./a/b}", "T": "{timestamp};{nonce};{signature}"}}]},
            ("placement", 0, "fields", "a"),
            "is made of what it is put into",
        ),
    ],
)
def test_a_pointer_that_leads_nowhere_is_reported(
    clauses: dict[str, Any], where: tuple[Any, ...], message: str
) -> None:
    _, problems = inspect_scheme(value_with(**{"message": "method", **clauses}))
    assert [(problem.where, message in problem.message) for problem in problems] == [(where, True)]


DATED = {"join": "\n", "parts": ["method", {"from": "header.date", "only_without": "header.X-Date"}, "header.x-date"]}


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"Date": "today"}, "POST\ntoday\n"),
        ({"Date": "today", "x-date": "now"}, "POST\n\nnow"),
        ({"Date": "today", "x-date": ""}, "POST\ntoday\n"),
        ({"X-DATE": "now"}, "POST\n\nnow"),
    ],
)
def test_a_part_is_empty_beside_a_header(headers: dict[str, str], message: str) -> None:
    assert message_for(DATED, request_of("POST", "https://a.example/", headers)).decode() == message


def test_a_header_that_the_scheme_sends_itself_counts() -> None:
    date = {"from": "header.date", "as": ["lower"], "only_without": "header.x-date"}
    fields = {"X-Copy": date, "X-Sign": "{signature}", "X-Once": "{nonce}", "X-Date": "{timestamp}"}
    scheme = scheme_with({"join": "\n", "parts": ["method", date]}, placement=[{"in": "header", "fields": fields}])
    signed = sign_by(scheme, request_of("POST", "https://a.example/", {"Date": "today"}))
    assert signed.header("X-Copy") == [""]
    verify_request(scheme, signed, CREDENTIALS, settings=SETTINGS, now_ms=NOW_MS)


def test_a_date_that_was_signed_all_the_same_is_named() -> None:
    careless = scheme_with({"join": "\n", "parts": ["method", "header.date", "header.x-date"]})
    signed = sign_by(careless, request_of("POST", "https://a.example/", {"Date": "today", "X-Date": "now"}))
    explained = explain_request(scheme_with(DATED), signed, CREDENTIALS, settings=SETTINGS)
    assert explained.cause == "`header.date` was signed, though there is a header X-Date"

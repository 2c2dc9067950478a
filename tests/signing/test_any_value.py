"""Whatever a value says: it is refused when it is read, or signs what it verifies, or raises SigningError alone."""

from __future__ import annotations

from collections import Counter

from generator.signing.language import inspect_scheme
from generator.signing.language.clock import read_moment
from generator.signing.messages import SigningError, read_claims, request_of, sign_request, verify_request
from tests.proofs import FULL
from tests.signing.drawn import DEFINITIONS, draw_value, words_of
from tests.signing.invented import FORM, NOW_MS

JSON = {"Content-Type": "application/json"}
NONCE = "17"
LONE = "\ud83d"  # half of a pair, which JSON can hold
REQUESTS = (
    request_of(
        "get", "https://a.example/b%20c/?z=1&a=%C3%A9+x&a=2&e=", {"X-Note": "  two   words "}, path={"shelf": 7}
    ),
    request_of("GET", "http://a.example:81"),
    request_of("POST", "https://a.example/%FF?%FF=%FF&=", {"Content-Type": FORM}, "title=%FF&p=1&p=2"),
    request_of("POST", "https://a.example/x", JSON, '{"title": "\\ud83d", "n": null, "l": [1, {"a": 1.50}]}'),
    request_of("POST", "https://a.example/x", {**JSON, "X-Note": LONE}, "[1]"),
    request_of("PUT", "https://a.example/x", {"Content-Type": "image/png"}, b"\x89PNG\xff\xfe"),
    request_of("POST", "https://a.example/x", {"Content-Type": FORM}, b"\xff\xfe=\xff"),
    request_of("POST", "https://a.example/x", JSON, b'{"title": "\xff"}'),
)
GIVEN = (
    {"access_key": "ada", "secret_key": "bWFkZS11cA==", "token": "6162", "pin": "4711"},
    {"access_key": "ädä", "secret_key": "", "token": "", "pin": "0"},
    {"access_key": "a;b", "secret_key": "6162", "token": "a=b", "pin": " "},
    {"access_key": "ada", "secret_key": "bWFkZS11cA==", "token": LONE, "pin": "Ä"},
    {"access_key": "ä", "secret_key": "Ä", "token": "", "pin": "0"},
)
SETTINGS = {"zone": "north", "window": "60"}
VALUES = 5000 if FULL else 300


def test_all_of_the_schema_is_drawn() -> None:
    allowed = {word for name in ("signing", "signing-short") for word in words_of(DEFINITIONS[name], name)}
    drawn: set[str] = set()
    for seed in range(1000):
        draw_value(seed, drawn)
    assert allowed - drawn == set()


def test_what_loads_signs_and_verifies_or_says_why_not() -> None:
    ends = Counter(end_of(seed) for seed in range(VALUES))
    assert min(ends[end] for end in ("refused", "not signed", "verified")) > VALUES / 50, ends


def end_of(seed: int) -> str:
    """What becomes of a value: it is refused when it is read, or cannot sign this request, or verifies it."""
    value = draw_value(seed)
    request, credentials = REQUESTS[seed % len(REQUESTS)], GIVEN[seed % len(GIVEN)]
    scheme, problems = inspect_scheme(value, parameter="signature")
    if problems:
        return "refused"
    try:
        signed = sign_request(scheme, request, credentials, settings=SETTINGS, now_ms=NOW_MS, nonce=NONCE)
    except SigningError:
        return "not signed"
    moment: int | None = 0
    if written := scheme.timestamp:
        moment = read_moment(written.format, read_claims(scheme, signed).timestamp, written.zone_seconds)
    assert moment is not None, seed
    verify_request(scheme, signed, credentials, settings=SETTINGS, now_ms=moment)
    return "verified"

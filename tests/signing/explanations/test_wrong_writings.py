"""Whole requests that careless programs wrote otherwise before they signed, each signed by hand, and what is said."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from generator.signing.explanation.requests import explain_request
from generator.signing.language import read_scheme
from generator.signing.messages import Request, request_of
from tests.signing.published import value_of

SECRET = "bWFkZS11cC1zZWNyZXQh"
GIVEN = {"access_key": "ada", "secret_key": SECRET, "passphrase": "words", "token": ""}
MOMENT = datetime(2026, 7, 31, 10, 3, 4, tzinfo=UTC)
SECONDS = "1785492184"
STAMP = "20260731T100304Z"


def digest(key: bytes | str, text: bytes | str) -> bytes:
    return hmac.digest(
        key.encode() if isinstance(key, str) else key, text.encode() if isinstance(text, str) else text, "sha256"
    )


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# A normalised request: method, path, sorted query, headers, their names, the hash of the body, under a derived key.
QUERY = "b=%20%C3%A9&on=true&a=1"
CANONICAL_QUERY = "a=1&b=%20%C3%A9&on=true"
HEADERS = f"host:a.example\nx-amz-date:{STAMP}\n"
NAMES = "host;x-amz-date"
EMPTY = sha256("")


def sign_normalised(
    method: str = "GET",
    path: str = "/v1/books",
    query: str = CANONICAL_QUERY,
    headers: str = HEADERS,
    names: str = NAMES,
    body: str = EMPTY,
    day: str = "20260731",
    stamp: str = STAMP,
) -> str:
    canonical = f"{method}\n{path}\n{query}\n{headers}\n{names}\n{body}"
    scope = f"{day}/north/shelf/aws4_request"
    key = digest(f"AWS4{SECRET}", day)
    for part in ("north", "shelf", "aws4_request"):
        key = digest(key, part)
    return digest(key, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(canonical)}").hex()


def send_normalised(signature: str, query: str = QUERY) -> Request:
    scope = "ada/20260731/north/shelf/aws4_request"
    fields = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={NAMES}, Signature={signature}"
    return request_of("GET", f"https://a.example/v1/books?{query}", {"X-Amz-Date": STAMP, "Authorization": fields})


NORMALISED: list[tuple[dict[str, str], str]] = [
    ({"method": "get"}, "the method was signed in small letters"),
    ({"path": "/books"}, "the path was signed without `/v1` at its beginning"),
    ({"path": "/v1/books/"}, "the path was signed with a slash at its end"),
    ({"query": CANONICAL_QUERY.replace("true", "True")}, "`True` was signed for `on`; write `true`, in the query"),
    ({"query": CANONICAL_QUERY.replace("%C3%A9", "%c3%a9")}, "encoded with small letters behind `%`"),
    ({"query": CANONICAL_QUERY.replace("%20", "+")}, "the values of the parameters were signed with form-encode"),
    ({"query": CANONICAL_QUERY.replace("%20%C3%A9", " é")}, "the values of the parameters were signed raw"),
    ({"query": QUERY}, "the parameters were signed as-sent instead of pair-bytes"),
    ({"headers": HEADERS.replace("a.example", "a.example:443")}, "the host was signed with its port"),
    (
        {"headers": HEADERS.replace("host", "Host").replace("x-amz-date", "X-Amz-Date")},
        "headers were signed with capital",
    ),
    ({"body": EMPTY.upper()}, "`body` was signed as hex-upper instead of hex-lower"),
    ({"body": ""}, "`body` was not transformed"),
    ({"body": sha256("{}")}, "`{}` was signed for the body, and none was sent"),
    ({"body": sha256("None")}, "`None` was signed for the body, and none was sent"),
    ({"headers": HEADERS.replace(":", ": ")}, "a blank was signed before the value of each header"),
    ({"headers": HEADERS.replace("example", "example ")}, "a blank was signed behind the value of the header host"),
    ({"headers": HEADERS.replace("\n", " \n")}, "a blank was signed behind the value of each header"),
    ({"names": "host;x-amz-date\n"}, "was signed with a line break more at its end"),
    ({"path": "/v1/books", "query": f"{CANONICAL_QUERY}\n"}, ""),
    ({"day": "20260801"}, "the day after was signed, as another time zone has it"),
    ({"day": "2026-07-31"}, "`value.date` was signed as %Y-%m-%d instead of %Y%m%d"),
    ({"stamp": SECONDS}, f"the moment was signed as unix-s ({SECONDS})"),
    ({"stamp": "2026-07-31T10:03:04Z"}, "the moment was signed as %Y-%m-%dT%H:%M:%SZ"),
    ({}, ""),
    ({"path": "/somewhere"}, ""),
]


@pytest.mark.parametrize(("changes", "said"), NORMALISED)
def test_a_normalised_request_written_otherwise(changes: dict[str, str], said: str) -> None:
    scheme = read_scheme(value_of("aws-sigv4"))
    request = send_normalised(sign_normalised(**changes))
    cause = explain_request(scheme, request, GIVEN).cause
    assert said in cause
    assert bool(said) == bool(cause)


# A concatenation: timestamp, method, path with query, body, under a key in base64.
BODY = '{"title": "é/x", "pages": 240, "old": true, "by": null}'
TARGET = "/api/v1/books?on=true&b=%C3%A9%20x&none=&n=1.50"


def sign_concatenated(
    seconds: str = SECONDS, method: str = "POST", target: str = TARGET, body: str = BODY, key: str = SECRET
) -> str:
    return base64.b64encode(digest(base64.b64decode(key), f"{seconds}{method}{target}{body}")).decode()


MEMBERS = json.loads(BODY)
COMPACT = json.dumps(MEMBERS, ensure_ascii=False, separators=(",", ":"))
CONCATENATED: list[tuple[dict[str, str], str]] = [
    ({"method": "post"}, "the method was signed in small letters"),
    ({"seconds": f"{SECONDS}000"}, "the moment was signed as unix-ms"),
    ({"seconds": "2026-07-31T10:03:04Z"}, "the moment was signed as %Y-%m-%dT%H:%M:%SZ"),
    ({"seconds": "2026-07-31T10:03:04.000Z"}, "the moment was signed as %Y-%m-%dT%H:%M:%S.%LZ"),
    ({"target": TARGET.replace("/api/v1", "")}, "the path was signed without `/api/v1` at its beginning"),
    ({"target": TARGET.replace("/books", "/books/")}, "the path was signed with a slash at its end"),
    ({"target": f"https://a.example{TARGET}"}, "the whole address was signed in place of the path"),
    ({"target": TARGET.partition("?")[0]}, "the query was not signed"),
    ({"target": TARGET.replace("%C3%A9%20", "é ")}, "the query was signed decoded"),
    ({"target": TARGET.replace("%C3%A9", "%c3%a9")}, "the query was signed with small letters behind `%`"),
    ({"target": TARGET.replace("%20", "+")}, "blanks of the query were signed as `+`"),
    ({"target": TARGET.replace("%", "%25")}, "the query was encoded once more before signing"),
    ({"target": TARGET.replace("true", "True")}, "`True` was signed for `on`; write `true`, in the query"),
    ({"target": TARGET.replace("true", "1")}, "`1` was signed for `on`; write `true`, in the query"),
    ({"target": TARGET.replace("none=", "none=None")}, "`None` was signed for `none`; write nothing"),
    ({"target": TARGET.replace("none=", "none=null")}, "`null` was signed for `none`; write nothing"),
    ({"target": TARGET.replace("1.50", "1.5")}, "the number `n` was signed with other digits than were sent"),
    ({"body": ""}, "the body was not signed"),
    ({"body": COMPACT}, "the JSON of the body was signed without blanks, not the bytes that are sent"),
    ({"body": json.dumps(MEMBERS)}, "was signed with blanks, with `\\u` for letters beyond ASCII, not"),
    ({"body": COMPACT.replace("/", "\\/")}, "was signed without blanks, with `\\/` for `/`, not"),
    (
        {"body": json.dumps(MEMBERS, sort_keys=True, ensure_ascii=False, separators=(",", ":"))},
        "was signed without blanks, sorted by name, not",
    ),
    ({"body": f"{BODY}\n"}, "the body was signed with a line break at its end"),
    ({"body": repr(MEMBERS)}, "the JSON of the body was signed as Python prints it, not the bytes that are sent"),
    ({"body": "[object Object]"}, "the JSON of the body was signed as JavaScript prints it"),
    ({"body": "Array"}, "the JSON of the body was signed as PHP prints it"),
    ({"body": "title=%C3%A9%2Fx&pages=240&old=true&by="}, "the JSON of the body was signed as a form"),
    ({"body": json.dumps(MEMBERS, indent=2, ensure_ascii=False)}, "was signed indented by 2 blanks, not"),
    ({"body": json.dumps(MEMBERS, indent="\t", ensure_ascii=False)}, "was signed indented by tabs, not"),
    ({}, ""),
    ({"body": COMPACT.replace("240", "241")}, ""),
]


@pytest.mark.parametrize(("changes", "said"), CONCATENATED)
def test_a_concatenation_written_otherwise(changes: dict[str, str], said: str) -> None:
    fields = {
        "Content-Type": "application/json",
        "CB-ACCESS-KEY": "ada",
        "CB-ACCESS-PASSPHRASE": "words",
        "CB-ACCESS-TIMESTAMP": SECONDS,
        "CB-ACCESS-SIGN": sign_concatenated(**changes),
    }
    request = request_of("POST", f"https://a.example{TARGET}", fields, BODY)
    cause = explain_request(read_scheme(value_of("coinbase-exchange")), request, GIVEN).cause
    assert said in cause
    assert bool(said) == bool(cause)


WEBHOOK: list[tuple[str, str]] = [
    (f"{SECONDS}.{COMPACT}", "the JSON of the body was signed without blanks, not the bytes that are sent"),
    (f"{SECONDS}.{json.dumps(MEMBERS)}", "with `\\u` for letters beyond ASCII"),
    (f"{SECONDS}000.{BODY}", "the moment was signed as unix-ms"),
    (BODY, "was not signed"),
    (f"{SECONDS}.{BODY}\n", "the body was signed with a line break at its end"),
    (f"{SECONDS}.{BODY}", ""),
    (f"{SECONDS}.{{}}", ""),
]


@pytest.mark.parametrize(("message", "said"), WEBHOOK)
def test_a_delivery_written_otherwise(message: str, said: str) -> None:
    signature = digest(SECRET, message).hex()
    sent = {"Content-Type": "application/json", "Stripe-Signature": f"t={SECONDS},v1={signature}"}
    request = request_of("POST", "https://b.example/hook", sent, BODY)
    cause = explain_request(read_scheme(value_of("stripe")), request, GIVEN).cause
    assert said in cause
    assert bool(said) == bool(cause)


def test_form_fields_and_pieces_of_a_path_written_otherwise() -> None:
    """OAuth-like and form bodies: what is said names the place."""
    value = {**value_of("coinbase-exchange")}
    fields = {"CB-ACCESS-KEY": "ada", "CB-ACCESS-PASSPHRASE": "words", "CB-ACCESS-TIMESTAMP": SECONDS}
    form = {"Content-Type": "application/x-www-form-urlencoded", **fields}
    wrong = sign_concatenated(target="/a%20b/c", body="on=False&z=1")
    request = request_of("POST", "https://a.example/a%20b/c", {**form, "CB-ACCESS-SIGN": wrong}, "on=false&z=1")
    assert (
        explain_request(read_scheme(value), request, GIVEN).cause
        == "`False` was signed for `on`; write `false`, in the body"
    )
    wrong = sign_concatenated(target="/a b/c", body="on=false&z=1")
    request = request_of("POST", "https://a.example/a%20b/c", {**form, "CB-ACCESS-SIGN": wrong}, "on=false&z=1")
    assert explain_request(read_scheme(value), request, GIVEN).cause == "the path was signed decoded"

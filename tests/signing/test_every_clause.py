"""Any value that loads signs and verifies its own requests, and a change of any clause shows, or lint reports it."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from generator.signing.language import SigningScheme, inspect_scheme, read_scheme, unused_clauses
from generator.signing.language.readable import readable_sources
from generator.signing.messages import Request, SignatureRefused, SigningError, request_of, sign_request, verify_request
from generator.signing.transforms import TRANSFORMS
from tests.proofs import mark_most_slow
from tests.signing.invented import CREDENTIALS, FORM, NOW_MS, REQUEST, value_with
from tests.signing.published import NAMES, unseen_values, value_of

GIVEN = {
    **CREDENTIALS,
    "secret_key": "whsec_" + base64.b64encode(b"made-up-secret!!?\xff").decode(),
    "token": "token",
    "token_secret": "other",
    "passphrase": "words",
    "session_token": "session",
    "session": "another",
    "app_secret": "of the application",
}
SETTINGS = {
    "region": "north",
    "bucket": "shelf",
    "tag": "t",
    "service": "shelf",
    "expires": "77",
    "oauth_version": "1.0",
    "oauth_callback": "a b",
}
JSON = "application/json"
HEADERS = {
    "x-ms-b": "2",
    "X-Ms-A": ["1", "b  c"],
    "x-oss-b": "2",
    "X-OSS-A": ["1", "b  c"],
    "X-Amz-Meta": ["1", "b  c"],
    "X-Amz-Acl": "private",
    "X-Amz-Date": "Fri, 31 Jul 2026 10:03:04 +0000",
    "X-Amzn-Trace-Id": "t",
    "User-Agent": "a",
    "Connection": "close",
    "X-Test1": "a  b",
    "X-Test3": "3",
    "X-Test2": ["1", "2"],
}
PLAIN = {"Content-Type": "text/Plain; x=1"}
REQUESTS = (
    REQUEST,
    request_of("GET", "http://a.example:80/x/../y//%20?c=&b=2%20&a=%2B&A=1&b=1", HEADERS),
    request_of("POST", "https://a.example/create/", {"Content-Type": JSON, "X-Note": "n"}, '{"Title": "É", "n": null}'),
    request_of(
        "PUT",
        "https://a.example:8443/z?photo=1&signature=old&acl&versionId=2&uploadId=&partNumber=1&resourceGroup&response-a=b",
        PLAIN,
        "x" * 140_000,
    ),
    request_of("POST", "https://a.example/", {"Content-Type": FORM}, "b=1&a=2&a=2&B=+"),
)
OFFSETS = (0, *(sign * seconds * 1000 for sign in (-1, 1) for seconds in (2, 6, 31, 61, 78, 301, 901, 1861, 5401)))


def settings_of(scheme: SigningScheme) -> dict[str, str]:
    return {name: text for name, text in SETTINGS.items() if name in scheme.settings}


def unsent_settings(scheme: SigningScheme) -> dict[str, str]:
    """Those that a verifier has to know, since no field carries them."""
    fields = [one.part for placement in scheme.placements for one in placement.fields]
    sent = {source.name for part in fields for source in readable_sources(scheme, part) if source.kind == "setting"}
    return {name: text for name, text in settings_of(scheme).items() if name not in sent}


def sign_by(scheme: SigningScheme, request: Request, now_ms: int = NOW_MS) -> Request:
    return sign_request(scheme, request, GIVEN, settings=settings_of(scheme), now_ms=now_ms, nonce="178549218456")


def verdict(scheme: SigningScheme, request: Request, now_ms: int) -> str:
    try:
        verify_request(scheme, request, GIVEN, settings=unsent_settings(scheme), now_ms=now_ms)
    except SignatureRefused as refused:
        return f"{refused.reason} {refused.field}"
    return "right"


def behaviour(scheme: SigningScheme) -> Iterator[object]:
    """What can be seen of a scheme: what it sends, and what it says of requests that are late, early or odd."""
    yield scheme.nonce, scheme.direction
    for request in REQUESTS:
        try:
            signed = sign_by(scheme, request)
        except SigningError as error:
            yield str(error)
            continue
        yield signed
        yield from (verdict(scheme, signed, NOW_MS + offset) for offset in OFFSETS)
        yield from (verdict(scheme, odd, NOW_MS) for odd in oddities(signed))


def differs(scheme: SigningScheme, seen: list[object]) -> bool:
    """Whether it behaves otherwise; nothing is looked at beyond the first difference."""
    return any(one != other for one, other in zip_longest(behaviour(scheme), seen))


def oddities(signed: Request) -> Iterator[Request]:
    """Requests that a proxy or a careless sender made of a signed one."""
    for name, value in signed.headers:
        yield signed.with_header(name, f"{value}{value[-20:]}")
        yield signed.with_header(name, value.replace(",", " ").replace(";", "&"))
        yield signed.with_header(name, " ".join([value, value]))
        yield signed.with_header(name, ",".join([value, value.rpartition(",")[2]]))
        yield signed.with_header(name, value.replace("host;", ""))
        yield signed.without_header(name)
    yield signed.with_header("X-Amz-New", "1")
    yield signed.with_header("Via", "proxy")
    yield request_of(signed.method, signed.url.partition("?")[0], signed.headers, signed.query)
    if signed.media_type == FORM:
        yield request_of(signed.method, f"{signed.url}?{signed.body.decode()}", signed.headers)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    yield request_of(signed.method, signed.url.partition("?")[0], {**dict(signed.headers), **form}, signed.query)


VALUES = {**{name: value_of(name) for name in NAMES}, **unseen_values()}


@pytest.mark.parametrize("name", VALUES)
def test_a_scheme_verifies_its_own_requests(name: str) -> None:
    scheme = read_scheme(VALUES[name])
    in_body = any(placement.place == "body" for placement in scheme.placements)
    for request in REQUESTS:
        if in_body and request.body and not request.has_members:
            with pytest.raises(SigningError, match="neither a form nor a JSON object"):
                sign_by(scheme, request)
        else:
            assert verdict(scheme, sign_by(scheme, request), NOW_MS) == "right", request.url


# other words for a leaf, tried until one of them loads
WORDS: dict[str, tuple[Any, ...]] = {
    "algorithm": ("hmac-sha512", "hmac-sha384", "sha384", "sha512"),
    "digest": ("hex-upper", "base64url", "hex-lower"),
    "encoding": ("utf-8", "base64", "hex"),
    "order": ("as-sent", "pair-bytes", "value-bytes", "name-bytes", "as-listed"),
    "direction": ("delivery", "request"),
    "type": ("uuid", "string"),
    "form": ("hex-lower", "hex-upper"),
    "repeated": ("each", "unique", "first-source"),
    "empty": ("keep", "drop", "name"),
    "format": ("unix-s", "unix-ms", "%Y-%m-%d %H:%M:%S"),
    "clock": ("%Y", "unix-ms"),
    "in": ("header", "query"),
}


def leaves(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield from [found for key, inner in items for found in leaves(inner, (*where, key))] or ([where] if where else [])


def others(where: tuple[Any, ...], old: Any) -> Iterator[Any]:
    """Other values for a leaf."""
    key = next((part for part in reversed(where) if isinstance(part, str)), "")
    if isinstance(old, bool):
        yield not old
    elif isinstance(old, int):
        yield from (old * 4 + 40, 1)
    elif isinstance(old, str):
        yield from (word for word in WORDS.get(key, ()) if word != old)
        if old in TRANSFORMS:
            yield from ("upper", "lower", "percent-encode", "sha384", "hex-upper", "base64url", "percent-decode")
        yield from (f"x{old}", f"{old}x", "nonce", "method", "credential.token", "query", "body", "path")
    elif old is None or old in ({}, []):
        yield "x"


def with_change(value: dict[str, Any], where: tuple[Any, ...], new: Any) -> dict[str, Any]:
    copied = copy.deepcopy(value)
    target: Any = copied
    for part in where[:-1]:
        target = target[part]
    target[where[-1]] = new
    return copied


LONG = ("aws-sigv4", "aws-sigv4-query", "azure-storage-sharedkey", "s3v2", "oss", "acquia")


@pytest.mark.parametrize("name", mark_most_slow(sorted(VALUES, key=LONG.__contains__), 6))
def test_a_change_of_any_clause_shows_or_is_reported(name: str) -> None:
    value = VALUES[name]
    scheme = read_scheme(value)
    seen = list(behaviour(scheme))
    assert list(unused_clauses(scheme, value)) == []
    silent = [where for where in leaves(value) if where[0] not in ("credentials", "settings", "files")]
    silent = [where for where in silent if not _shows(value, where, seen)]
    assert silent == []


def _shows(value: dict[str, Any], where: tuple[Any, ...], seen: list[object]) -> bool:
    old: Any = value
    for part in where:
        old = old[part]
    loaded = 0
    for new in (word for word in others(where, old) if word != old):
        one = with_change(value, where, new)
        try:
            scheme, problems = inspect_scheme(one)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # the schema of the extension refuses it
        if problems:
            continue
        loaded += 1
        if list(unused_clauses(scheme, one)) or differs(scheme, seen):
            return True
    without = without_clause(value, where)
    return loaded == 0 or (without is not None and differs(without, seen))


def without_clause(value: dict[str, Any], where: tuple[Any, ...]) -> SigningScheme | None:
    """The scheme without a leaf, if it loads; some clauses say only that they are there."""
    copied = copy.deepcopy(value)
    target: Any = copied
    for part in where[:-1]:
        target = target[part]
    del target[where[-1]]
    try:
        scheme, problems = inspect_scheme(copied)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return None if problems else scheme


sources = st.sampled_from(
    ["method", "target", "path", "query", "body", "timestamp", "nonce", "header.x-note", "setting.zone"]
)
steps = st.lists(st.sampled_from(["upper", "percent-encode", "sha256", "hex-lower", "base64", "trim"]), max_size=3)
sets = st.fixed_dictionaries(
    {"parameters": st.lists(st.sampled_from(["path", "query", "body", "form"]), min_size=1, max_size=3, unique=True)},
    optional={
        "order": st.sampled_from(["as-sent", "name-bytes", "pair-bytes", "value-bytes"]),
        "separator": st.text(max_size=2),
        "repeated": st.sampled_from(["each", "unique", "first-source"]),
        "values": steps.map(lambda found: [step for step in found if step in ("upper", "percent-encode", "trim")]),
    },
)
parts = st.recursive(
    sources | st.builds(lambda source, found: {"from": source, "as": found}, sources, steps) | sets,
    lambda inner: st.builds(
        lambda found, join, after: {"parts": found, "join": join, "as": after},
        st.lists(inner, min_size=1, max_size=4),
        st.text("\n&:", max_size=1),
        st.sampled_from([[], ["sha256", "hex-lower"]]),
    ),
    max_leaves=6,
)
FIELDS = {"t": "{timestamp}", "n": "{nonce}", "s": "{signature}"}
placements = st.sampled_from(
    [
        [{"in": "query", "fields": FIELDS}],
        [{"in": "body", "fields": FIELDS}],
        [{"in": "header", "fields": {"T": "{timestamp};{nonce}", "S": "v1={signature}"}}],
        [
            {
                "in": "authorization",
                "scheme": "Shelf",
                "fields": {"t": "{timestamp}", "n": "{nonce}", "s": "{signature}"},
            }
        ],
    ]
)


@pytest.mark.slow
@settings(max_examples=150)
@given(parts, placements, st.sampled_from(["hmac-sha256", "hmac-sha512"]), st.sampled_from(["hex-lower", "base64"]))
def test_any_value_that_loads_verifies_its_own_requests(
    message: Any, placement: Any, algorithm: str, digest: str
) -> None:
    value = value_with(message, placement=placement, algorithm=algorithm, digest=digest)
    scheme, problems = inspect_scheme(value)
    assume(not problems)
    for request in (REQUEST, REQUESTS[2]):
        signed = sign_by(scheme, request)
        assert verdict(scheme, signed, NOW_MS) == "right"
        other = {**GIVEN, "secret_key": "another"}
        with pytest.raises(SignatureRefused):
            verify_request(scheme, signed, other, now_ms=NOW_MS)

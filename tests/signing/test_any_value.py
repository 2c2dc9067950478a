"""Whatever a value says: it is refused when it is read, or signs what it verifies, or raises SigningError alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, event, given, settings, strategies as st

from generator.signing.language import inspect_scheme
from generator.signing.messages import Request, SigningError, request_of, sign_request, verify_request
from generator.signing.transforms import TRANSFORMS
from tests.proofs import FULL
from tests.signing.invented import FORM, NOW_MS, value_with

JSON = {"Content-Type": "application/json"}
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
    {"access_key": "ädä", "secret_key": "", "token": "", "pin": LONE},
    {"access_key": LONE, "secret_key": LONE, "token": "a=b", "pin": " "},
)
sources = st.sampled_from(
    [
        *("method", "scheme", "host", "port", "authority", "path", "query", "target", "url", "uri", "body"),
        *("timestamp", "nonce", "header.x-note", "header.host", "query.a", "body.title", "path.shelf"),
        *("credential.pin", "credential.access_key", "credential.token", "setting.zone", "one", "other"),
    ]
)
plain_steps = st.sampled_from([*TRANSFORMS, {"first": 3}, {"first": 1}, {"strip": "a"}, {"replace": ["a", "bb"]}])
transforms = st.lists(plain_steps, max_size=3)
any_steps = st.lists(plain_steps | st.just("sign"), max_size=3)
texts = st.sampled_from(["{method}:{body}", "v1={{{timestamp}}}", "é", "", "{one}{other}"]).map(
    lambda text: {"text": text}
)
sets = st.fixed_dictionaries(
    {
        "parameters": st.lists(
            st.sampled_from(["path", "query", "body", "form", "headers"]) | st.just({"own": "credential.pin"}),
            min_size=1,
            max_size=3,
        )
    },
    optional={
        "order": st.sampled_from(
            ["as-sent", "name-bytes", "name-codepoints", "name-lower", "pair-bytes", "value-bytes"]
        ),
        "repeated": st.sampled_from(["each", "unique", "first-source", {"join": ","}]),
        "empty": st.sampled_from(["keep", "drop"]),
        "names": transforms,
        "values": st.sampled_from(["plain", "json", "percent-encoded", "form-encoded", "ruby-text"]) | transforms,
        "as": any_steps,
    },
)
parts = st.recursive(
    sources | st.builds(lambda source, found: {"from": source, "as": found}, sources, any_steps) | sets | texts,
    lambda inner: st.builds(
        lambda found, join, after, only: {"parts": found, "join": join, "as": after, **only},
        st.lists(inner, min_size=1, max_size=4),
        st.sampled_from(["", "\n", ":", "é"]),
        any_steps,
        st.sampled_from([{}, {"only_with": "body"}]),
    ),
    max_leaves=5,
)
encodings = st.sampled_from(["utf-8", "ascii", "latin-1", "base64", "base64url", "hex"])
keys = st.one_of(
    st.builds(lambda name, encoding: {"credential": name, "encoding": encoding}, st.just("secret_key"), encodings),
    st.builds(
        lambda found, after: {"parts": [*found, "credential.secret_key"], "join": "&", "as": after},
        st.lists(parts, max_size=2),
        any_steps,
    ),
)
derived = st.fixed_dictionaries(
    {}, optional={"derive": st.lists(parts, min_size=1, max_size=2), "form": st.sampled_from(["hex-lower", "base64"])}
)
undone = st.lists(st.sampled_from(["base64", "hex-upper", "percent-encode", "form-encode", "base64url"]), max_size=2)
FIELDS = {"t": "{timestamp}", "n": "{nonce}"}
placements = st.builds(
    lambda place, found, packed, extra: [
        {"in": place, "fields": {"T": packed, "S": {"from": "signature", "as": found}, **extra}}
    ],
    st.sampled_from(["query", "header", "body", "authorization"]),
    undone,
    st.builds(lambda found: {"text": "{timestamp};{nonce};{credential.access_key}", "as": found}, undone),
    st.dictionaries(st.sampled_from(["X", "Y"]), parts, max_size=1),
)
values = st.builds(
    lambda message, key, derive, digest, algorithm, placement, one, other: value_with(
        message,
        key={**key, **derive},
        digest=digest,
        algorithm=algorithm,
        placement=placement,
        values={"one": one, "other": other},
        headers={"names": ["host", "x-*", "content-type"], "order": "name-bytes"},
    ),
    parts,
    keys,
    derived,
    st.sampled_from(["hex-lower", "base64"]) | st.lists(plain_steps, min_size=1, max_size=3),
    st.sampled_from(["hmac-sha256", "hmac-md5"]),
    placements,
    parts,
    parts,
)


@settings(max_examples=5000 if FULL else 150, suppress_health_check=[HealthCheck.too_slow])
@given(values, st.sampled_from(REQUESTS), st.sampled_from(GIVEN))
def test_what_loads_signs_and_verifies_or_says_why_not(
    value: Mapping[str, Any], request: Request, credentials: Mapping[str, str]
) -> None:
    scheme, problems = inspect_scheme(value)
    if problems:
        event("refused when it is read")
        return
    inputs = {"settings": {"zone": "north"}, "now_ms": NOW_MS}
    try:
        signed = sign_request(scheme, request, credentials, nonce="n-1", **inputs)
    except SigningError:
        event("not signed")
        return
    event("signed")
    verify_request(scheme, signed, credentials, **inputs)

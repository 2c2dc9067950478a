"""Whatever the clauses of a scheme: what the suite forges is refused by who keeps to them, and the rest passes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import Phase, given, settings, strategies as st
from requests import PreparedRequest

from generator.signing.text import VALUES
from procwise.signing import Scheme
from procwise_conformance.api import Credentials
from procwise_conformance.attacks.attack import Attack
from procwise_conformance.attacks.catalogue import attacks
from procwise_conformance.attacks.scenarios import send_once, send_valid_request
from procwise_conformance.http.caller import Caller
from procwise_conformance.http.wire import NotApplicable
from procwise_conformance.results import ADVISORY
from procwise_conformance.versions import APIS
from tests.proofs import mark_most_slow

US = Credentials(token="0123abcdef0123abcdef", secret_key="Planted-Secret-1")
THEM = Credentials(token="fedcba9876fedcba9876", secret_key="Planted-Secret-2")
KEYS = {user.token: user.secret_key for user in (US, THEM)}
API = APIS["v3"]
CHANGE = API.find("updateExam")
WRITTEN = {
    "hex-lower": bytes.hex,
    "hex-upper": lambda digest: digest.hex().upper(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).decode(),
}
places = st.sampled_from(["query", "body"])
schemes = st.builds(
    Scheme,
    algorithm=st.sampled_from(["hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512"]),
    digest=st.sampled_from(sorted(WRITTEN)),
    key_encoding=st.sampled_from(["utf-8", "ascii", "latin-1"]),
    sources=st.permutations(["path", "query", "body"]).flatmap(
        lambda order: st.integers(1, 3).map(lambda count: tuple(order[:count]))
    ),
    exclude=st.just(("mac",)),
    order=st.sampled_from(["name-bytes", "name-codepoints", "as-sent"]),
    pair=st.sampled_from(["{name}={value}", "{name}:{value}", "<{name}|{value}>", "{name}{value}"]),
    separator=st.sampled_from(["?", "&", "", "\n", " + "]),
    values=st.sampled_from(sorted(VALUES)),
    encoding=st.just("utf-8"),
    signature_parameter=st.just("mac"),
    timestamp_parameter=st.sampled_from(["at", "timestamp"]),
    timestamp_unit=st.sampled_from(["ms", "s"]),
    window_seconds=st.integers(1, 10**6),
    nonce_parameter=st.sampled_from(["once", "nonce"]),
    nonce_type=st.sampled_from(["integer", "string"]),
    unique_for_seconds=st.integers(1, 10**6),
    files=st.just("excluded"),
    send=places,
    accept=st.just(("query", "body")) | st.just(("body", "query")),
)


def takes(scheme: Scheme, request: PreparedRequest) -> bool:
    """A server that keeps to the scheme, in its own words; it knows no nonces, as nothing comes twice here."""
    places = read(request)
    token = str(request.headers.get("Authorization", "")).removeprefix("Token token=")
    if token not in KEYS or request.headers["Authorization"] != f"Token token={token}":
        return False
    sent: dict[str, Any] = {}
    for place in sorted(("body", "query"), key=(*scheme.sources, "query", "body").index, reverse=True):
        sent.update(places[place])
    moment, nonce, mac = (sent.get(n) for n in (scheme.timestamp_parameter, scheme.nonce_parameter, "mac"))
    if not (whole(moment) and type(nonce) in (str, int) and nonce != "" and isinstance(mac, str)):
        return False
    if scheme.nonce_type == "integer" and not whole(nonce):
        return False
    seconds = int(str(moment)) / (1000 if scheme.timestamp_unit == "ms" else 1)
    return abs(seconds - time.time()) <= scheme.window_seconds and mac == sign(scheme, places, KEYS[token])


def whole(value: object) -> bool:
    text = str(value).removeprefix("-")
    return not isinstance(value, bool) and text.isdecimal() and text.isascii()


def read(request: PreparedRequest) -> dict[str, dict[str, Any]]:
    url = urlsplit(str(request.url))
    body = request.body or b"{}"
    if request.headers.get("Content-Type") == "application/x-www-form-urlencoded":
        members = dict(parse_qsl(body.decode() if isinstance(body, bytes) else str(body)))
    else:
        members = json.loads(body)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    return {"path": {"id": unquote(url.path.rpartition("/")[2])}, "query": query, "body": members}


def sign(scheme: Scheme, places: Mapping[str, Mapping[str, Any]], key: str) -> str:
    params: dict[str, Any] = {}
    for source in reversed(scheme.sources):
        params.update(places[source])
    if scheme.order == "as-sent":
        names = list(dict.fromkeys(name for source in scheme.sources for name in places[source]))
    else:
        names = sorted(params)  # by code points, and so by the bytes of UTF-8
    pairs = [(name, VALUES[scheme.values](params[name])) for name in names if name != "mac"]
    text = scheme.separator.join(scheme.pair.replace("{name}", n).replace("{value}", v) for n, v in pairs)
    digest = hmac.new(key.encode(), text.encode(), getattr(hashlib, scheme.algorithm[5:])).digest()
    return WRITTEN[scheme.digest](digest)


def prepare(scheme: Scheme, attack: Attack) -> PreparedRequest | None:
    assert CHANGE is not None
    caller = Caller(replace(API, scheme=scheme), "http://127.0.0.1:1", US)
    try:
        return caller.prepare(CHANGE, {"id": 17}, None, attack.steps)
    except NotApplicable:
        return None


def single(scheme: Scheme) -> list[Attack]:
    """The attacks of one request on an operation with path ids and a JSON body."""
    rows = attacks(replace(API, scheme=scheme), THEM, THEM)
    assert CHANGE is not None
    return [
        row
        for row in rows
        if row.scenario in (send_once, send_valid_request) and row.fits(CHANGE) and row.level != ADVISORY
    ]


@pytest.mark.slow
@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(schemes)
def test_forged_requests_are_wrong_and_right_ones_right(scheme: Scheme) -> None:
    for attack in single(scheme):
        request = prepare(scheme, attack)
        if request is not None:
            assert takes(scheme, request) == attack.must_pass, (attack.id, attack.name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("clause", "value", "id_"),
    mark_most_slow(
        [
            ("separator", "&", "SIG-116"),
            ("pair", "{name}:{value}", "SIG-121"),
            ("digest", "base64", "SIG-072"),
            ("algorithm", "hmac-sha1", "SIG-075"),
            ("values", "percent-encoded", "SIG-239"),
            ("order", "as-sent", "SIG-111"),
            ("sources", ("body", "query", "path"), "SIG-103"),
            ("nonce_type", "integer", "SIG-058"),
            ("accept", ("query",), "SIG-049"),
        ],
        3,
    ),
)
def test_another_clause_makes_other_attacks(clause: str, value: object, id_: str) -> None:
    """What is wrong by one scheme is right by another: then it is not tried, or another request is sent."""
    scheme: Any = API.scheme
    before, after = attacks_with_effect(scheme), attacks_with_effect(replace(scheme, **{clause: value}))
    assert id_ in before
    assert after.get(id_) != before[id_]


@cache
def attacks_with_effect(scheme: Scheme) -> dict[str, str]:
    """The names of the attacks that make a difference, by id."""
    return {attack.id: attack.name for attack in single(scheme) if prepare(scheme, attack) is not None}

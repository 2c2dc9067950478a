"""Faults of values, times, tokens, nonces and repeated members are there when asked for, and only then."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from procwise_sandbox.faults.messages import FAULTS as OF_MESSAGES
from procwise_sandbox.faults.repeated_members import FAULTS as OF_REPEATED_MEMBERS
from procwise_sandbox.faults.values import FAULTS as OF_VALUES
from tests.proofs import mark_most_slow
from tests.sandbox.faulty import NUMBERS, World, Worlds
from tests.sandbox.sandbox_calls import send

Seen = object


def store(**settings: object) -> Callable[[World], Seen]:
    """What an exam shows of what was sent."""

    def look(here: World) -> Seen:
        shown = here.show_exam(here.create_exam(**settings)["id"]).json["exam"]
        return [shown[name] for name in settings]

    return look


def change(here: World) -> Seen:
    """What the response to a change shows."""
    created = here.create_exam(name="old", duration_minutes=60)["id"]
    sent = {"name": "new", "duration_minutes": 90}
    shown = here.caller().call("PATCH", "/exams/{id}", sent, id=created).json["exam"]
    return [shown["name"], shown["duration_minutes"]]


def times(here: World) -> Seen:
    """Whether the times of an exam move: that of the last change by reading, both by a change."""
    created = here.create_exam()["id"]
    first = here.show_exam(created).json["exam"]
    here.clock.now += 5
    read = here.show_exam(created).json["exam"]
    here.caller().call("PATCH", "/exams/{id}", {"name": f"later {next(NUMBERS)}"}, id=created)
    after = here.show_exam(created).json["exam"]
    return [
        first["updated_at"] != read["updated_at"],
        read["updated_at"] != after["updated_at"],
        read["created_at"] != after["created_at"],
    ]


def ask(
    here: World,
    method: str,
    path: str,
    body: Mapping[str, object] | None,
    *,
    stamp: Mapping[str, object],
    **options: Any,
) -> int:
    """The status of a request with this stamp; `signature`, `query` and `headers` are other ones than usual."""
    caller = here.caller()
    params = {**options.get("query", {}), **stamp}
    signed = caller.sign({**(body or {}), **params}, path=options.get("ids"))["signature"]
    query = urlencode({**params, "signature": options.get("signature", signed)})
    headers = {"content-type": "application/json", "accept": "application/json"}
    headers |= options.get("headers", caller.authorization)
    content = json.dumps(body).encode() if body is not None else None
    return send(here.sandbox.base_url, method, f"/api/v3{path}?{query}", headers, content).status


def token_in(place: str) -> Callable[[World], Seen]:
    """The status of a signed creation whose token is elsewhere."""

    def look(here: World) -> Seen:
        token = {"token": here.caller().token}
        body = {"name": "An exam", "type": "demo", **(token if place == "body" else {})}
        headers = {"cookie": f"token={token['token']}"} if place == "cookie" else {}
        query = token if place == "query" else {}
        return ask(here, "POST", "/exams", body, stamp=here.caller().stamp(), query=query, headers=headers)

    return look


def burn(*methods: str) -> Callable[[World], Seen]:
    """The statuses of valid requests whose nonce came before in wrongly signed ones."""

    def look(here: World) -> Seen:
        statuses = []
        for name in methods:
            body, stamp = ({"name": "x"} if name == "PATCH" else None), here.caller().stamp()
            assert ask(here, name, "/exams/1", body, stamp=stamp, signature="0" * 64) == 403
            statuses.append(ask(here, name, "/exams/1", body, stamp=stamp, ids={"id": 1}))
        return statuses

    return look


def repeat_member(here: World) -> Seen:
    """The name that is stored of `first` and `last`, signed over the one and over the other; the status, if refused."""

    def create(signed: str) -> Seen:
        caller, stamp = here.caller(), here.caller().stamp()
        signature = caller.sign({"name": signed, "type": "demo", **stamp})["signature"]
        headers = {"content-type": "application/json", **caller.authorization}
        query = urlencode({**stamp, "signature": signature})
        body = b'{"name": "first", "type": "demo", "name": "last"}'
        reply = send(here.sandbox.base_url, "POST", f"/api/v3/exams?{query}", headers, body)
        return here.show_exam(reply.json["exam"]["id"]).json["exam"]["name"] if reply.status == 200 else reply.status

    return [create("first"), create("last")]


def has(member: str) -> Callable[[World], Seen]:
    return lambda here: member in here.show_exam(1).json["exam"]


# what the honest sandbox shows, and what the one with the fault shows
CASES: Mapping[str, tuple[Callable[[World], Seen], Seen, Seen]] = {
    "text-trimmed": (store(name=" a b "), [" a b "], ["a b"]),
    "line-breaks-rewritten": (store(name="a\r\nb"), ["a\r\nb"], ["a\nb"]),
    "blanks-squeezed": (store(name="a  \t b"), ["a  \t b"], ["a b"]),
    "unicode-composed": (store(name="Zoe\u0308"), ["Zoe\u0308"], ["Zo\u00eb"]),
    "markup-escaped": (store(name='a<b & "c"'), ['a<b & "c"'], ['a&lt;b &amp; "c"']),
    "emoji-dropped": (store(name="Zoë 😀!"), ["Zoë 😀!"], ["Zoë !"]),
    "leading-zeros-lost": (store(name="0012"), ["0012"], ["12"]),
    "numeric-text-cast": (store(name="12.50"), ["12.50"], ["12.5"]),
    "large-number-cut": (store(duration_minutes=2**31), [2**31], [2**31 - 1]),
    "update-returns-old": (change, ["new", 90], ["old", 60]),
    "update-returns-old-texts": (change, ["new", 90], ["old", 90]),
    "update-returns-old-numbers": (change, ["new", 90], ["new", 60]),
    "change-time-stands": (times, [False, True, False], [False, False, False]),
    "change-time-moves-when-read": (times, [False, True, False], [True, False, False]),
    "creation-time-moves": (times, [False, True, False], [False, True, True]),
    "token-in-query-accepted": (token_in("query"), 401, 200),
    "token-in-body-accepted": (token_in("body"), 401, 200),
    "token-in-cookie-accepted": (token_in("cookie"), 401, 200),
    "nonce-burnt-by-wrong-signature": (burn("GET", "PATCH"), [200, 200], [403, 403]),
    "nonce-burnt-by-wrong-signature-on-get": (burn("GET", "PATCH"), [200, 200], [403, 200]),
    "nonce-burnt-by-wrong-signature-on-change": (burn("GET", "PATCH"), [200, 200], [200, 403]),
    "secret-key-shown": (has("secret_key"), False, True),
    "password-hash-shown": (has("password_digest"), False, True),
    "session-token-shown": (has("session_token"), False, True),
    "repeated-member-first-verified": (repeat_member, [403, "last"], ["last", 403]),
    "repeated-member-last-verified": (repeat_member, [403, "last"], [403, "first"]),
    "repeated-member-either-verified": (repeat_member, [403, "last"], ["last", "last"]),
}


def test_every_fault_is_tried() -> None:
    assert [*CASES] == [*OF_VALUES, *OF_MESSAGES, *OF_REPEATED_MEMBERS]


@pytest.mark.parametrize("fault", mark_most_slow(CASES, 3))
def test_the_fault_shows(honest: World, worlds: Worlds, fault: str) -> None:
    look, right, wrong = CASES[fault]
    assert look(honest) == right
    with worlds(fault) as here:
        assert look(here) == wrong

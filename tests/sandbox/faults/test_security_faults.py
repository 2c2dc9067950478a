"""Each fault of the security part is there when it is asked for, and the honest sandbox has none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote, quote_plus
from uuid import uuid4

import pytest

from procwise_sandbox.faults import SECURITY
from tests.proofs import mark_most_slow
from tests.sandbox.faulty import (
    World,
    Worlds,
    sign_changed,
    sign_correctly,
    sign_unsorted,
    sign_with_key,
    sign_with_sha1,
    sign_without,
    status_of,
)
from tests.sandbox.sandbox_calls import TOKEN_FORMS

HOUR = 3600
WRONG = sign_with_key("another-secret-key")
NEW = {"name": "Zoe", "type": "demo"}
LIST = {"x": ["1", "2"]}
Seen = object


def forge(*methods: str) -> Callable[[World], Seen]:
    """Each method with a signature of another secret key."""

    def look(here: World) -> Seen:
        exam = here.create_exam()["id"]
        return [status_of(here.caller(), method, "/exams/{id}", sign=WRONG, id=exam) for method in methods]

    return look


def upload(here: World) -> Seen:
    wrong = replace(here.caller(), secret_key="another-secret-key")
    exam = here.create_exam()["id"]
    upload = wrong.upload("/exams/{exam_id}/attachments", "a.txt", b"text", exam_id=exam)
    return [upload.status, status_of(here.caller(), sign=WRONG)]


def sign_as_other(here: World) -> Seen:
    return status_of(here.caller(), sign=sign_with_key(here.sandbox.second.secret_key))


def shift_clock(*seconds: int) -> Callable[[World], Seen]:
    def look(here: World) -> Seen:
        now = here.clock()
        return [status_of(here.caller(), over={"timestamp": int((now + off) * 1000)}) for off in seconds]

    return look


def replay(method: str = "GET", path: str = "/exams", later: float = 0) -> Callable[[World], Seen]:
    """The second time that a nonce is used."""

    def look(here: World) -> Seen:
        over = here.caller().stamp()
        ids = {"id": here.create_exam()["id"]} if "{id}" in path else {}
        status_of(here.caller(), method, path, over=over, **ids)
        here.clock.now += later
        return status_of(here.caller(), method, path, over=over, **ids)

    return look


def replay_twice(here: World) -> Seen:
    return [replay()(here), replay(later=1)(here)]


def replay_after_404(here: World) -> Seen:
    over = here.caller().stamp()
    return [status_of(here.caller(), "GET", "/exams/{id}", over=over, id=10**9) for _ in "ab"]


def shared_nonce(here: World) -> Seen:
    over = here.caller().stamp()
    return [status_of(here.caller(user), over=over) for user in ("demo", "second")]


def token(form: Callable[[str], str]) -> Callable[[World], Seen]:
    return lambda here: status_of(here.caller(), authorization=form(here.sandbox.token))


def of_second(method: str) -> Callable[[World], Seen]:
    """What the user of another institute gets of an exam of the demo user."""
    return lambda here: status_of(here.caller("second"), method, "/exams/{id}", id=here.create_exam()["id"])


def list_for_second(here: World) -> Seen:
    created, sought = here.create_three()
    return [exam["id"] in created for exam in here.list_exams("second", filter=sought).json["exams"]]


def status_when(*arguments: object, **options: object) -> Callable[[World], Seen]:
    return lambda here: status_of(here.caller(), *arguments, **options)  # type: ignore[arg-type]


def see_both(*looks: Callable[[World], Seen]) -> Callable[[World], Seen]:
    return lambda here: [look(here) for look in looks]


# what the honest sandbox shows, and what the one with the fault shows
CASES: Mapping[str, tuple[Callable[[World], Seen], Seen, Seen]] = {
    "signature-ignored": (forge("GET", "PATCH", "DELETE"), [403, 403, 403], [200, 200, 200]),
    "signature-ignored-on-delete": (forge("GET", "PATCH", "DELETE"), [403, 403, 403], [403, 403, 200]),
    "signature-ignored-on-get": (forge("GET", "PATCH", "DELETE"), [403, 403, 403], [200, 403, 403]),
    "signature-ignored-with-file": (upload, [403, 403], [200, 403]),
    "missing-signature-accepted": (status_when(omit="signature"), 403, 200),
    "signature-prefix-compared": (status_when(sign=lambda *all_: sign_correctly(*all_)[:8] + "0" * 56), 403, 200),
    "signature-case-ignored": (status_when(sign=lambda *all_: sign_correctly(*all_).upper()), 403, 200),
    "path-ids-not-signed": (status_when("GET", "/exams/{id}", sign=sign_without("id"), id=1), 403, 200),
    "query-not-signed": (status_when(query={"limit": 5, "page": 1}, sign=sign_without("limit", "page")), 403, 200),
    "body-not-signed": (status_when("POST", "/exams", NEW, sign=sign_without(*NEW)), 403, 200),
    "empty-values-not-signed": (status_when(query={"x": ""}, sign=sign_without("x")), 403, 200),
    "nested-values-not-signed": (status_when(query=LIST, sign=sign_without("x")), 403, 200),
    "timestamp-not-signed": (status_when(sign=sign_without("timestamp")), 403, 200),
    "nonce-not-signed": (status_when(sign=sign_without("nonce")), 403, 200),
    "signed-as-sent": (status_when(query={"page": 1, "limit": 5}, sign=sign_unsorted), 403, 200),
    "encoded-values-accepted": (
        see_both(
            *(
                status_when("POST", "/exams", {**NEW, "name": "Z &"}, sign=sign_changed(way))
                for way in (quote, quote_plus)
            )
        ),
        [403, 403],
        [200, 200],
    ),
    "weak-hash-accepted": (status_when(sign=sign_with_sha1), 403, 200),
    "another-key-accepted": (sign_as_other, 403, 200),
    "empty-key-accepted": (status_when(sign=sign_with_key("")), 403, 200),
    "non-ascii-refused": (status_when("POST", "/exams", {**NEW, "name": "Zoë"}), 200, 403),
    "lists-signed-as-json": (
        see_both(
            status_when(query=LIST),
            status_when(query=LIST, sign=sign_changed(lambda value: value.replace('", "', '","'))),
        ),
        [200, 403],
        [403, 200],
    ),
    "values-signed-trimmed": (
        see_both(status_when(query={"x": " a "}), status_when(query={"x": " a "}, sign=sign_changed(str.strip))),
        [200, 403],
        [403, 200],
    ),
    "timestamp-ignored": (shift_clock(-30 * HOUR, 30 * HOUR), [403, 403], [200, 200]),
    "timestamp-future-ignored": (shift_clock(-30 * HOUR, 30 * HOUR), [403, 403], [403, 200]),
    "timestamp-missing-accepted": (status_when(omit="timestamp"), 403, 200),
    "window-too-wide": (shift_clock(-2 * HOUR, 2 * HOUR, 30 * HOUR), [403, 403, 403], [200, 200, 403]),
    "window-too-narrow": (shift_clock(-10, 10, 1), [200, 200, 200], [403, 403, 200]),
    "nonce-reuse-accepted": (replay(), 403, 200),
    "nonce-reuse-accepted-on-delete": (
        see_both(replay(), replay("DELETE", "/exams/{id}")),
        [403, 403],
        [403, 404],
    ),
    "nonce-missing-accepted": (status_when(omit="nonce"), 403, 200),
    "nonce-race": (replay_twice, [403, 403], [200, 403]),
    "nonce-claimed-on-success": (replay_after_404, [404, 403], [404, 404]),
    "nonce-shared-between-users": (shared_nonce, [200, 200], [200, 403]),
    "nonce-texts-refused": (
        see_both(*(status_when(over={"nonce": f"{word}-{uuid4()}"}) for word in ("a", "b"))),
        [200, 200],
        [403, 403],
    ),
    "token-ignored": (token(lambda _: TOKEN_FORMS["v3"].format("0" * 32)), 401, 200),
    "token-missing-accepted": (token(lambda _: ""), 401, 200),
    "token-case-ignored": (token(lambda own: TOKEN_FORMS["v3"].format(own.upper())), 401, 200),
    "token-format-ignored": (token(TOKEN_FORMS["v1"].format), 401, 200),
    "role-ignored": (status_when("GET", "/institutes"), 403, 200),
    "foreign-tenant-readable": (see_both(*map(of_second, ("GET", "PATCH"))), [404, 404], [200, 404]),
    "foreign-tenant-listed": (list_for_second, [], [True, True, True]),
    "foreign-tenant-writable": (
        see_both(*map(of_second, ("GET", "PATCH", "DELETE"))),
        [404, 404, 404],
        [404, 200, 200],
    ),
}
# what every sandbox should answer to: a valid request, a wrong signature, a used nonce, a stale timestamp
USUAL = [200, 403, 403, 403]
UNUSUAL: Mapping[str, list[int]] = {
    "signature-ignored": [200, 200, 403, 403],
    "signature-ignored-on-get": [200, 200, 403, 403],
    "timestamp-ignored": [200, 403, 403, 200],
    "nonce-reuse-accepted": [200, 403, 200, 403],
    "nonce-race": [200, 403, 200, 403],
}


def test_every_fault_is_tried() -> None:
    assert [*CASES] == [*SECURITY]
    assert len(SECURITY) >= 17


@pytest.mark.parametrize("fault", mark_most_slow(CASES, 3))
def test_the_fault_shows_where_it_should_and_nowhere_else(honest: World, worlds: Worlds, fault: str) -> None:
    look, right, wrong = CASES[fault]
    assert look(honest) == right
    with worlds(fault) as here:
        assert look(here) == wrong
        usual = [status_when()(here), status_when(sign=WRONG)(here), replay()(here), *shift_clock(-100 * HOUR)(here)]  # type: ignore[misc]
        assert usual == UNUSUAL.get(fault, USUAL)


def test_faults_add_up(worlds: Worlds) -> None:
    with worlds("nonce-reuse-accepted", "timestamp-ignored", "signature-ignored-on-get") as here:
        old = {**here.caller().stamp(), "timestamp": 1}
        assert [status_of(here.caller(), over=old, sign=WRONG) for _ in "ab"] == [200, 200]
        assert status_of(here.caller(), "POST", "/exams", NEW, over=old, sign=WRONG) == 403
        assert [status_of(here.caller(), "POST", "/exams", NEW, over=old) for _ in "ab"] == [200, 200]


def test_a_strict_sandbox_with_a_fault_says_as_little_as_one_without(worlds: Worlds) -> None:
    with worlds("signature-case-ignored", strict=True) as here:
        wrong = replace(here.caller(), secret_key="another")
        assert wrong.call("GET", "/exams").json == {
            "error": "You are not authorized to access this page.",
            "code": "forbidden",
            "errors": {},
        }

"""A lost request that is carried out later, or may then not be repeated, creates one object all the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN

QUICK = procwise.RetryPolicy(first_wait=0.001, longest_wait=0.05)
NOW = "Sat, 28 Nov 2026 12:00:00 GMT"
BROKEN = httpx2.RemoteProtocolError("Server disconnected without sending a response.")
SLOW = httpx2.ReadTimeout("slow")
Refuse = Callable[[], httpx2.Response]


@dataclass
class Server:
    """Loses its first request, and carries it out when so many lists were read after it; None is for never."""

    trouble: Exception | int = BROKEN
    reads: int | None = 0
    created: str = "2026-11-28T12:00:00.500Z"
    refusal: httpx2.Response | None = None
    stored: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.methods.append(request.method)
        if request.method == "GET":
            self.store_waiting()
            page = dict.fromkeys(("exams", "students", "users"), self.stored)
            return httpx2.Response(200, json=page, headers={"X-Pagination-Page-Count": "1", "Date": NOW})
        if self.methods.count("POST") == 1:
            self.waiting.append(json.loads(request.content))
            if isinstance(self.trouble, int):
                return httpx2.Response(self.trouble, json={})
            raise self.trouble
        if self.refusal is not None:
            self.reads = 0 if self.reads is not None else None
            return self.refusal
        self.store(json.loads(request.content))
        return httpx2.Response(201, json=dict.fromkeys(("exam", "user"), self.stored[-1]))

    def store_waiting(self) -> None:
        if self.waiting and self.reads is not None:
            self.reads -= 1
            if self.reads < 0:
                self.store(self.waiting.pop())

    def store(self, sent: dict[str, Any]) -> None:
        self.stored.append({**EXAM, "created_at": self.created, **sent, "id": len(self.stored) + 1})


def create_sync(server: Server, **options: Any) -> Any:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=QUICK)
    return client.exams.create(name="Maths", type="demo", **options)


def create_async(server: Server, **options: Any) -> Any:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
    client = procwise.AsyncClient(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=QUICK)
    return asyncio.run(client.exams.create(name="Maths", type="demo", **options))


BOTH = pytest.mark.parametrize("create", [create_sync, create_async], ids=["sync", "async"])
Create = Callable[..., Any]


@BOTH
@pytest.mark.parametrize("reads", [0, 1, 2, 3])
@pytest.mark.parametrize("trouble", [BROKEN, SLOW, 408, 502, 503, 504, 524], ids=str)
def test_what_is_carried_out_later_is_created_once(create: Create, trouble: Exception | int, reads: int) -> None:
    server = Server(trouble, reads)
    assert create(server).id == 1
    assert server.methods.count("POST") == len(server.stored) == 1


@BOTH
@pytest.mark.parametrize("trouble", [BROKEN, 500, 503], ids=str)
def test_what_is_never_carried_out_is_sent_again(create: Create, trouble: Exception | int) -> None:
    server = Server(trouble, None)
    assert create(server).id == 1
    assert server.methods.count("POST") == 2


@BOTH
@pytest.mark.parametrize("trouble", [SLOW, 408, 502, 504, 524], ids=str)
def test_what_the_server_may_still_work_on_is_not_sent_again(create: Create, trouble: Exception | int) -> None:
    server = Server(trouble, None)
    with pytest.raises(procwise.OutcomeUnknown, match="may exist"):
        create(server)
    assert server.methods.count("POST") == 1


def test_the_looks_follow_one_another_at_growing_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    create_sync(Server(reads=None), retry=procwise.RetryPolicy())
    assert [wait for wait in waits if wait][1:] == [1, 2, 4]


@BOTH
def test_the_looks_end_with_the_deadline(create: Create) -> None:
    server = Server(reads=None)
    with pytest.raises(procwise.OutcomeUnknown, match="may exist"):
        create(server, deadline=3, retry=procwise.RetryPolicy(first_wait=0.5))
    assert server.methods.count("POST") == 1


def refuse(status: int, data: object, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json=data, headers={name.replace("_", "-"): text for name, text in headers.items()})


REFUSALS: dict[str, Refuse] = {
    "taken": lambda: refuse(422, {"errors": {"email": ["has already been taken"]}}),
    "conflict": lambda: refuse(409, {"error": "conflict"}),
    "replay": lambda: refuse(403, {"error": "replay"}),
    "too many": lambda: refuse(429, {}, Retry_After="100"),
}


@BOTH
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_after_a_loss_leads_to_the_object(create: Create, refusal: Refuse) -> None:
    """The lost request is carried out after the looks, and before the second request."""
    server = Server(reads=99, refusal=refusal())
    assert create(server, max_retries=1).id == 1
    assert server.methods.count("POST") == 2


@BOTH
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_after_a_loss_says_that_the_object_may_exist(create: Create, refusal: Refuse) -> None:
    with pytest.raises(procwise.APIStatusError, match="earlier attempt was lost") as caught:
        create(Server(reads=None, refusal=refusal()), max_retries=1)
    assert caught.value.may_have_taken_effect
    assert caught.value.attempts == 2


@pytest.mark.parametrize("reads", [0, 1])
def test_an_object_that_the_list_shows_in_part_is_named_only(reads: int) -> None:
    """The list of users has no credentials; the response to their creation has."""
    with pytest.raises(procwise.OutcomeUnknown) as caught:
        create_user(Server(reads=reads))
    assert caught.value.candidates == (1,)


def test_an_object_that_the_list_does_not_even_show_in_part_is_sent_again() -> None:
    server = Server(reads=None)
    assert (create_user(server).id, server.methods.count("POST")) == (1, 2)


def create_user(server: Server) -> Any:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=QUICK)
    account = {"email": "ida@staff.example", "password": "x" * 8, "password_confirmation": "x" * 8}
    return client.users.create(1, name="Ida", role="teacher", **account)


def test_a_student_whose_address_is_taken_by_the_lost_request_is_returned() -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(Server(reads=99, refusal=REFUSALS["taken"]())))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=QUICK)
    assert client.student_sessions.create(1, name="Ada", email="ada@student.example").id == 1


@BOTH
def test_a_first_refusal_is_no_loss(create: Create) -> None:
    with pytest.raises(procwise.APIStatusError) as caught:
        create(Server(422, None))
    assert not caught.value.may_have_taken_effect


@BOTH
@pytest.mark.parametrize("created", ["2026-11-28T11:59:55Z", "2026-11-28T00:00:00-01:00"])
def test_what_says_that_it_is_older_than_the_first_attempt_is_named_only(create: Create, created: str) -> None:
    """Such as an exam of somebody else that was given the same name in the meantime."""
    with pytest.raises(procwise.OutcomeUnknown) as caught:
        create(Server(created=created))
    assert caught.value.candidates == (1,)


@BOTH
def test_what_was_found_is_named_only_if_others_create_equal_objects(create: Create) -> None:
    server = Server()
    with pytest.raises(procwise.OutcomeUnknown, match="Its id may be 1") as caught:
        create(server, retry=procwise.RetryPolicy(first_wait=0, return_found=False))
    assert caught.value.candidates == (1,)
    assert len(server.stored) == 1

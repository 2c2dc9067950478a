"""After a lost response the object is found although servers store it otherwise, and no other one is taken for it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from hypothesis import given, strategies as st

import procwise
from tests.client.conftest import AT_ONCE, BASE_URL, EXAM, SECRET_KEY, TOKEN

NOW = "Sat, 28 Nov 2026 12:00:00 GMT"
LOST = httpx2.RemoteProtocolError("Server disconnected without sending a response.")
Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Server:
    """Stores exams as `change` says, filters them by their exact name, and loses its first responses."""

    change: Change = dict
    lose: int = 1
    before: Callable[[Server, dict[str, Any]], None] = lambda server, exam: None
    exams: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        with self.lock:
            if request.method == "GET":
                return self.show(request)
            sent = json.loads(request.content)
            self.before(self, sent)
            stored = self.store(sent)
            self.lose -= 1
            if self.lose >= 0:
                raise LOST
            return httpx2.Response(201, json={"exam": stored})

    def store(self, sent: dict[str, Any]) -> dict[str, Any]:
        self.exams.append(
            {**EXAM, "created_at": "2026-11-28T12:00:01Z", **self.change(sent), "id": len(self.exams) + 1}
        )
        return self.exams[-1]

    def show(self, request: httpx2.Request) -> httpx2.Response:
        conditions = json.loads(request.url.params.get("filter", "{}"))
        name = conditions.get("name", {}).get("eq")
        found = [exam for exam in self.exams if name in (None, exam["name"])]
        return httpx2.Response(200, json={"exams": found}, headers={"X-Pagination-Page-Count": "1", "Date": NOW})


def client_of(server: Callable[[httpx2.Request], httpx2.Response]) -> procwise.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    return procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=AT_ONCE)


STORED: dict[str, Change] = {
    "as sent": dict,
    "trimmed": lambda sent: {**sent, "name": " ".join(sent["name"].split())},
    "in small letters": lambda sent: {**sent, "name": sent["name"].lower()},
    "cut": lambda sent: {**sent, "name": sent["name"][:255]},
    "start without offset": lambda sent: {**sent, "start_time": "2026-06-15T09:00:00.39"},
    "start cut to the minute": lambda sent: {**sent, "start_time": "2026-06-15T09:00Z"},
    "start elsewhere": lambda sent: {**sent, "start_time": "2026-06-15T11:00:00.390+02:00"},
    "another member changed": lambda sent: {**sent, "restrictions": "none"},
}


@pytest.mark.parametrize("change", STORED.values(), ids=STORED)
@pytest.mark.parametrize("name", ["Organic Chemistry", " two  blanks", "x" * 300, "e\u0301te\u0301"])
def test_what_is_stored_in_another_spelling_is_never_doubled(change: Change, name: str) -> None:
    server = Server(change)
    make = {"name": name, "type": "demo", "start_time": "2026-06-15T09:00:00.390Z", "restrictions": "books"}
    try:
        assert client_of(server).exams.create(**make).id == 1
    except procwise.OutcomeUnknown as error:
        assert error.candidates == (1,)
    assert len(server.exams) == 1


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=120),
    st.sampled_from(list(STORED)),
)
def test_no_name_is_doubled(name: str, stored: str) -> None:
    server = Server(STORED[stored])
    with suppress(procwise.OutcomeUnknown):
        client_of(server).exams.create(name=name, type="demo")
    assert len(server.exams) == 1


@pytest.mark.parametrize("start", ["1781514000", 1781514000, "2026-06-15T09:00:00+00:00"])
def test_a_start_is_compared_as_a_moment(start: Any) -> None:
    server = Server(lambda sent: {**sent, "start_time": "2026-06-15T11:00:00.000+02:00"})
    assert client_of(server).exams.create(name="Maths", type="demo", start_time=start).id == 1


def store_other(server: Server, sent: dict[str, Any], **members: Any) -> None:
    if not server.exams:
        server.store({**sent, **members})
        raise LOST


@pytest.mark.parametrize(
    ("members", "is_another"),
    [
        ({"restrictions": "of somebody else"}, False),
        ({"name": "MATHS"}, False),
        ({"name": "Physics"}, True),
        ({"start_time": "2027-01-01T00:00:00Z"}, True),
        ({"created_at": "2020-01-01T00:00:00Z"}, True),
    ],
)
def test_an_object_of_somebody_else_is_not_returned(members: dict[str, Any], is_another: bool) -> None:
    """It appears at the moment at which our own request is lost before it arrives."""

    def change(sent: dict[str, Any]) -> dict[str, Any]:
        return sent

    server = Server(change, lose=0, before=lambda server, sent: store_other(server, sent, **members))
    make = {"name": "Maths", "type": "demo", "restrictions": "ours", "start_time": "2026-06-15T09:00:00Z"}
    if is_another:
        assert client_of(server).exams.create(**make).id == 2
    else:
        with pytest.raises(procwise.OutcomeUnknown):
            client_of(server).exams.create(**make)


def test_creations_of_one_name_in_several_threads_and_clients_keep_apart() -> None:
    server = Server()
    server.lose = 0

    def lose_some(server: Server, sent: dict[str, Any]) -> None:
        if int(sent["restrictions"]) % 3 == 0 and not any(
            exam["restrictions"] == sent["restrictions"] for exam in server.exams
        ):
            server.store(sent)
            raise LOST

    server.before = lose_some

    def make(number: int) -> bool:
        made = client_of(server).exams.create(name="Maths", type="demo", restrictions=str(number))
        return made.restrictions == str(number)

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(make, range(18)))
    assert len(server.exams) == 18


@pytest.mark.parametrize("status", [408, 502, 504, 524])
def test_what_may_still_be_carried_out_is_not_sent_again(status: int) -> None:
    posts: list[httpx2.Request] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            return httpx2.Response(200, json={"exams": []}, headers={"X-Pagination-Page-Count": "1"})
        posts.append(request)
        return httpx2.Response(status, json={})

    with pytest.raises(procwise.OutcomeUnknown):
        client_of(serve).exams.create(name="Maths", type="demo")  # type: ignore[arg-type]
    assert len(posts) == 1


def test_a_found_object_comes_with_the_response_that_holds_it() -> None:
    response = client_of(Server()).exams.with_raw_response.create(name="Maths", type="demo")
    assert response.value.id == 1
    assert response.headers["date"] == NOW
    assert json.loads(response.content)["exams"][0]["id"] == 1


FORKING = """
import os
from procwise._calls.creation_queue import CREATIONS
with CREATIONS.begin("an exam"):  # somebody else's in the child, and never done there
    if os.fork() == 0:
        with CREATIONS.begin("an exam") as creation:
            print(len(list(CREATIONS.wait_for_turn(creation, 0.04))), creation.is_alone, flush=True)
        os._exit(0)
    os.wait()
"""


DIGITS = ["1" * 400, "1" * 5000, "9" * 18, "1781514000" * 2]


@pytest.mark.parametrize("digits", DIGITS, ids=lambda digits: str(len(digits)))
def test_a_text_of_digits_is_no_moment(digits: str) -> None:
    server = Server(lambda sent: {**sent, "duration_minutes": 10**399})
    server.store({"name": digits})
    server.store({"name": "Maths", "start_time": digits})
    for name in (digits, f" {digits}", "Maths"):
        made = client_of(server).exams.create(name=name, type="demo", start_time=f"{digits}1")
        assert made.id == len(server.exams)
        server.lose = 1
        with suppress(procwise.OutcomeUnknown):
            client_of(server).exams.create(name=name, type="demo", duration_minutes=10**398)
    assert len(server.exams) == 8


@pytest.mark.parametrize("pages", ["9" * 5000, "9" * 19, "\u0661", "-1", "1.5", ""])
def test_a_count_of_pages_that_counts_nothing_ends_no_creation(pages: str) -> None:
    def show(request: httpx2.Request) -> httpx2.Response:
        if request.method != "GET":
            return httpx2.Response(201, json={"exam": EXAM})
        headers = {"X-Pagination-Page-Count": pages.encode("utf-8").decode("latin-1")}
        return httpx2.Response(200, json={"exams": []}, headers=headers)

    http = httpx2.Client(transport=httpx2.MockTransport(show))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=AT_ONCE)
    assert client.exams.create(name="Maths", type="demo").id == 17


@pytest.mark.parametrize("place", ["client", "call"])
def test_a_gateway_gets_its_header_with_the_looks_too(place: str) -> None:
    server, headers = Server(), {"X-Gateway": "let-me-in"}

    def guard(request: httpx2.Request) -> httpx2.Response:
        return server(request) if request.headers.get("x-gateway") else httpx2.Response(403, json={"error": "No."})

    client = procwise.Client(
        token=TOKEN,
        secret_key=SECRET_KEY,
        base_url=BASE_URL,
        http=httpx2.Client(transport=httpx2.MockTransport(guard)),
        retry=AT_ONCE,
        extra_headers=headers if place == "client" else {},
    )
    options: Any = {"extra_headers": headers} if place == "call" else {}
    assert client.exams.create(name="Maths", type="demo", **options).id == 1
    assert len(server.exams) == 1


def test_a_forked_process_does_not_wait_for_creations_of_its_parent() -> None:
    done = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, check=True)
    assert done.stdout == "0 True\n"

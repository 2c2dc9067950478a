"""A creation whose response shows no object is looked for, and the error says that the object may exist."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.calls.test_creations import client_of
from tests.client.conftest import EXAM, Recorder

MAKE: dict[str, Any] = {"name": "Maths", "type": "demo"}
MakeResponse = Callable[[], httpx2.Response]


def respond_with(status: int, content: bytes = b"", media: str = "") -> MakeResponse:
    return lambda: httpx2.Response(status, content=content, headers={"Content-Type": media} if media else {})


@dataclass
class Server:
    """Responds with `respond` to the first creation, which is stored if it `keeps` it; `lists` what it has."""

    respond: MakeResponse
    keeps: bool = True
    lists: bool = True
    exams: list[dict[str, Any]] = field(default_factory=list)
    posts: int = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            status = 200 if self.lists else 403
            return httpx2.Response(status, json={"exams": self.exams}, headers={"X-Pagination-Page-Count": "1"})
        self.posts += 1
        if self.keeps or self.posts > 1:
            self.exams.append({**EXAM, **json.loads(request.content), "id": len(self.exams) + 1})
        return self.respond() if self.posts == 1 else httpx2.Response(201, json={"exam": self.exams[-1]})


ACCEPTED = {
    "an empty object": respond_with(201, b"{}", "application/json"),
    "nothing": respond_with(201),
    "204": respond_with(204),
    "a page": respond_with(200, b"<html>Thank you</html>", "text/html"),
    "text": respond_with(201, b"created", "text/plain"),
    "a list": respond_with(201, b"[]", "application/json"),
}
CUT = {
    "without a type": respond_with(201, b'{"exam": {"id": 1, "na'),
    "as text": respond_with(201, b' {"exam": {"id": 1, "na', "text/plain"),
}
LATE = {str(status): respond_with(status, b"{}", "application/json") for status in (408, 425, 429, 499, 502, 504)}
EVERY = {**ACCEPTED, **CUT, **LATE}


@pytest.mark.parametrize("given", EVERY.values(), ids=EVERY)
def test_what_was_stored_is_returned(given: MakeResponse) -> None:
    server = Server(given)
    assert client_of(server).exams.create(**MAKE).id == 1
    assert server.posts == len(server.exams) == 1


@pytest.mark.parametrize("given", ACCEPTED.values(), ids=ACCEPTED)
@pytest.mark.parametrize("lists", [True, False])
def test_what_was_accepted_and_is_not_listed_is_not_sent_again(given: MakeResponse, lists: bool) -> None:
    server = Server(given, keeps=False, lists=lists)
    with pytest.raises(
        procwise.ProcwiseError, match=r"The object may exist\. Look before you create it again"
    ) as caught:
        client_of(server).exams.create(**MAKE)
    assert caught.value.may_have_taken_effect
    assert server.posts == 1


NULLS = (None, {}, {"id": None, "name": "Maths"}, [])


@pytest.mark.parametrize("exam", NULLS, ids=map(str, NULLS))
def test_an_object_without_an_id_is_looked_for(exam: object) -> None:
    server = Server(lambda: httpx2.Response(201, json={"exam": exam}))
    client = client_of(server)
    assert (client.exams.create(**MAKE).id, server.posts) == (1, 1)
    assert client.drift() != []


def test_what_is_not_listed_either_is_returned_as_the_response_shows_it() -> None:
    server = Server(lambda: httpx2.Response(201, json={"exam": None}), keeps=False)
    client = client_of(server)
    assert client.exams.create(**MAKE) is None
    assert [(one.pointer, one.seen) for one in client.drift()] == [("/exam", "null")]
    assert server.posts == 1


@pytest.mark.parametrize("status", [425, 429])
def test_what_is_to_come_later_is_sent_again_if_it_was_not_stored(status: int) -> None:
    server = Server(respond_with(status), keeps=False)
    assert client_of(server).exams.create(**MAKE).id == 1
    assert server.posts == 2


def test_what_is_to_come_later_is_not_sent_again_if_it_may_be_stored_otherwise() -> None:
    server = Server(respond_with(429))
    with pytest.raises(procwise.OutcomeUnknown) as caught:
        client_of(Renaming(server)).exams.create(**MAKE)
    assert caught.value.candidates == (1,)
    assert server.posts == 1


@dataclass
class Renaming:
    """A server that writes names in capitals."""

    server: Server

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        response = self.server(request)
        for exam in self.server.exams:
            exam["name"] = exam["name"].upper()
        return response


@pytest.mark.parametrize("status", [408, 499, 502, 520])
def test_an_outcome_that_a_proxy_did_not_wait_for_is_unknown(status: int) -> None:
    server = Server(respond_with(status), keeps=False)
    with pytest.raises(procwise.OutcomeUnknown, match="may exist"):
        client_of(server).exams.create(**MAKE)
    assert server.posts == 1


def test_a_change_that_a_proxy_did_not_wait_for_says_so(client: procwise.Client, server: Recorder) -> None:
    server.reply(499)
    with pytest.raises(procwise.APIStatusError, match="may have taken effect") as caught:
        client.exams.send_emails(17)
    assert caught.value.may_have_taken_effect


@pytest.mark.parametrize("given", ACCEPTED.values(), ids=ACCEPTED)
def test_every_other_change_that_was_accepted_says_so(
    client: procwise.Client, server: Recorder, given: MakeResponse
) -> None:
    server.responses.append(given())
    with pytest.raises(procwise.ProcwiseError, match="The server reported success, so it may have taken effect"):
        client.exams.add_comanager(17, comanager_id=5)


def test_a_read_that_was_cut_short_is_repeated_whatever_its_type(client: procwise.Client, server: Recorder) -> None:
    server.responses += [CUT["without a type"](), CUT["as text"](), httpx2.Response(200, json={"exam": EXAM})]
    assert client.exams.show(17).id == 17
    assert len(server.requests) == 3

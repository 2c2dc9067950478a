"""After a lost response an object is returned only if it is new and equals all that was sent, in whatever form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

import procwise
from procwise_sandbox import running
from tests.client.calls.test_creations import Server, client_of, store_other
from tests.client.conftest import AT_ONCE

MAKE: dict[str, Any] = {"name": "Statics", "type": "record_review"}

OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "null for a text": ({"restrictions": "open book"}, {"restrictions": None}),
    "null for a moment": ({"end_time": "2026-06-15T12:00:00Z"}, {"end_time": None}),
    "null for a number": ({"duration_minutes": 90}, {"duration_minutes": None}),
    "null for a switch": ({"mobile_cam": True}, {"mobile_cam": None}),
    "a moment for null": ({"end_time": None}, {"end_time": "2026-06-15T12:00:00Z"}),
    "another list as text": ({"restrictions": ["a"]}, {"restrictions": "[]"}),
    "another list": ({"restrictions": ["a", "b"]}, {"restrictions": ["a", "c"]}),
    "a text for a list": ({"restrictions": ["a"]}, {"restrictions": "a"}),
    "another object": ({"restrictions": [{"a": 1}]}, {"restrictions": [{"a": 2}]}),
    "another number as text": ({"duration_minutes": 90}, {"duration_minutes": "60"}),
    "another switch as text": ({"mobile_cam": "true"}, {"mobile_cam": False}),
    "another case": ({"restrictions": "Open Book"}, {"restrictions": "OPEN BOOK"}),
    "a ligature": ({"restrictions": "of\ufb01ce"}, {"restrictions": "office"}),
    "another moment of digits": ({"restrictions": "1781514000123"}, {"restrictions": "1781514000456"}),
    "a number for a moment": ({"restrictions": "a", "end_time": 1781514000}, {"restrictions": "a", "end_time": 90}),
}


@pytest.mark.parametrize(("ours", "theirs"), OTHERS.values(), ids=OTHERS)
def test_what_differs_in_any_member_is_not_returned(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Somebody else creates it at the moment at which our own request is lost before it arrives."""
    server = Server(lose=0, before=lambda server, sent: store_other(server, sent, **theirs))
    with pytest.raises(procwise.OutcomeUnknown) as caught:
        client_of(server).exams.create(**MAKE, **ours)
    assert caught.value.candidates == (1,)


FORMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a number as text": ({"duration_minutes": 90}, {"duration_minutes": "90"}),
    "a number with a fraction": ({"duration_minutes": 90}, {"duration_minutes": 90.0}),
    "a text as number": ({"exam_language": "7"}, {"exam_language": 7}),
    "a switch": ({"mobile_cam": "1"}, {"mobile_cam": True}),
    "a switch as number": ({"mobile_cam": False}, {"mobile_cam": 0}),
    "a list as text": ({"restrictions": ["a", 1, {"b": True}]}, {"restrictions": '["a", 1, {"b": true}]'}),
    "a list": ({"restrictions": ["a ", 1]}, {"restrictions": ["a", "1"]}),
    "seconds": ({"end_time": "2026-06-15T09:00:00Z"}, {"end_time": 1781514000}),
    "milliseconds": ({"end_time": 1781514000}, {"end_time": 1781514000000}),
    "another time zone": ({"end_time": "2026-06-15T09:00:00Z"}, {"end_time": "2026-06-15T11:00:00.000+02:00"}),
    "trimmed": ({"restrictions": " open book\r\nno phone "}, {"restrictions": "open book\nno phone"}),
    "accents": ({"restrictions": "e\u0301te\u0301"}, {"restrictions": "\u00e9t\u00e9"}),
    "an address": ({"restrictions": "Ada@X.example"}, {"restrictions": "ada@x.example"}),
    "defaults": ({}, {"restrictions": "none", "duration_minutes": 45, "mobile_cam": True}),
}


@pytest.mark.parametrize(("ours", "stored"), FORMS.values(), ids=FORMS)
def test_what_is_stored_in_another_form_is_returned(ours: dict[str, Any], stored: dict[str, Any]) -> None:
    server = Server(lambda sent: {**sent, **stored})
    assert client_of(server).exams.create(**MAKE, **ours).id == 1
    assert len(server.exams) == 1


def test_a_value_that_is_nested_deeply_casts_doubt() -> None:
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    server = Server(lambda sent: {**sent, "restrictions": ["another"]})
    with pytest.raises(procwise.OutcomeUnknown):
        client_of(server).exams.create(**MAKE, restrictions=deep)


class Sandbox:
    """A sandbox, and clients of it that lose one request, or its response, while they create."""

    def __init__(self, running_one: Any) -> None:
        self.sandbox = running_one

    def client(self, trouble: str = "") -> procwise.Client:
        hooks = procwise.Hooks(request=lambda attempt: self.start(trouble, attempt))
        credentials = {"token": self.sandbox.token, "secret_key": self.sandbox.secret_key}
        return procwise.Client(**credentials, base_url=self.sandbox.base_url, retry=AT_ONCE, hooks=hooks)

    def start(self, trouble: str, attempt: procwise.Attempt) -> None:
        if trouble and attempt.method != "GET" and attempt.number == 1:
            self.sandbox.set_network(trouble)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running() as one:
        yield Sandbox(one)


Add = Callable[..., Any]
WAYS: dict[str, Callable[[procwise.Client], Add]] = {
    "student_sessions.create": lambda client: client.student_sessions.create,
    "exams.add_student": lambda client: client.exams.add_student,
}
NAMES = [("BOB ROSS", "Bob Ross"), ("Bob  Ross", "Bob Ross"), ("Bob Grif\ufb01n", "Bob Griffin"), ("Bob", "Rob")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("old", "new"), NAMES)
def test_a_student_who_was_there_before_is_neither_returned_nor_named(
    sandbox: Sandbox, way: Callable[[procwise.Client], Add], old: str, new: str
) -> None:
    with sandbox.client() as client, sandbox.client("drop=1x") as unlucky:
        room = client.exams.create(name="Portraits", type="demo").id
        client.student_sessions.create(room, name=old, email="bob@x.example")
        with pytest.raises(procwise.UnprocessableContentError) as caught:
            way(unlucky)(room, name=new, email="bob@x.example", external_id="NEW-7")
        assert caught.value.errors["email"]
        assert len(list(client.student_sessions.list_for_exam(room))) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("trouble", ["lose=1x", "truncate=1x", "drop=1x"])
def test_a_new_student_is_returned(sandbox: Sandbox, way: Callable[[procwise.Client], Add], trouble: str) -> None:
    with sandbox.client() as client, sandbox.client(trouble) as unlucky:
        room = client.exams.create(name="Portraits", type="demo").id
        client.student_sessions.create(room, name="BOB ROSS", email="old@x.example")
        made = way(unlucky)(room, name="Bob Ross", email="Bob@x.example", external_id="NEW-7")
        assert made.external_id == "NEW-7"
        assert len(list(client.student_sessions.list_for_exam(room))) == 2


def test_in_a_long_list_a_student_who_was_there_before_is_not_returned() -> None:
    """The list is too long to be read whole, so that it is filtered by name before and after."""
    old = {"id": 1, "name": "BOB ROSS", "email": "bob@x.example"}
    server = LongList([old])
    with pytest.raises(procwise.UnprocessableContentError, match="earlier attempt was lost"):
        client_of(server).student_sessions.create(1, name="Bob Ross", email="bob@x.example")
    assert server.posts == 2


class LongList:
    """Students on six pages, of which the lists that are not filtered show one; refuses a second address."""

    def __init__(self, students: list[dict[str, Any]]) -> None:
        self.students = students
        self.posts = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:

        if request.method == "GET":
            condition = json.loads(request.url.params.get("filter", "{}")).get("name")
            shown = [one for one in self.students if condition is None or one["name"] == condition["eq"]]
            pages = "6" if condition is None else "1"
            return httpx2.Response(200, json={"students": shown}, headers={"X-Pagination-Page-Count": pages})
        self.posts += 1
        if self.posts == 1:
            raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")
        return httpx2.Response(422, json={"errors": {"email": ["has already been taken"]}})

"""Errors, objects and the values around them survive pickle, copy and deepcopy."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import inspect
import pickle
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

import procwise
from procwise import errors, v3
from procwise.pages import Page
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder
from tests.client.test_annotations import MODELS

ERRORS = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]
EXAMS = (v3.models.Exam.from_dict({"id": 1}),)
DEVIATION = procwise.Deviation("showExam", "/exam/id", "an integer", "text", 3)
CREDENTIALS: Any = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL}
FACTS: dict[str, Any] = {
    "method": "GET",
    "path": "/api/v3/exams/1",
    "sent": True,
    "state": "failed",
    "status": 404,
    "code": v3.ErrorCode.RECORD_NOT_FOUND,
    "request_id": "r1",
    "body": {"errors": {"name": ["is missing"]}},
    "deviations": (DEVIATION,),
}


@pytest.mark.parametrize("kind", [procwise.Client, procwise.AsyncClient])
@pytest.mark.parametrize("make", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_client_says_that_it_stays_where_it_was_made(kind: Any, make: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match="holds open connections"):
        make(kind(**CREDENTIALS))


def twins(value: Any) -> Iterator[Any]:
    yield from (pickle.loads(pickle.dumps(value, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1))
    yield copy.copy(value)
    yield copy.deepcopy(value)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_keeps_what_it_knows(kind: Any) -> None:
    taken = inspect.signature(kind).parameters
    error = kind("What happened.", **{name: value for name, value in FACTS.items() if name in taken})
    error.add_note("A note.")
    for twin in twins(error):
        assert (type(twin), str(twin), vars(twin)) == (kind, "What happened.", vars(error))


@pytest.mark.parametrize("model", MODELS)
def test_every_object_keeps_its_members(model: Any) -> None:
    read = model.from_dict({"id": "odd", "new": [{"a": None}], "created_at": "2026-06-15T09:00:00"})
    for twin in twins(read):
        assert twin == read
        assert twin.to_dict() == read.to_dict()
        assert repr(twin) == repr(read)


def test_a_copy_shares_nothing_that_can_be_changed(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": {"id": 17, "new": {"a": [1]}}})
    exam = client.exams.show(17)
    twin = copy.deepcopy(exam)
    twin.additional_properties["new"]["a"].append(2)
    assert exam.additional_properties["new"] == {"a": [1]}


@pytest.mark.parametrize(
    "value",
    [
        procwise.UNSET,
        DEVIATION,
        v3.ErrorCode.FORBIDDEN,
        v3.models.ExamType.DEMO,
        Page(
            EXAMS, number=1, limit=2, item_count=None, page_count=3, response=procwise.Response(list(EXAMS), {"A": "b"})
        ),
        v3.models.Exam.from_dict({"start_time": "2026-06-15T09:00:00"}).start_time,
        datetime.datetime(2026, 6, 15, tzinfo=datetime.UTC),
        procwise.Settings(
            timeout=1, deadline=None, extra_headers={"X-A": "b"}, retry=procwise.RetryPolicy(max_retries=1)
        ),
        procwise.RetryPolicy(look_first=False, first_wait=0.1),
        procwise.Progress(stage="wait", state="running", seconds=0.5),
        procwise.Attempt(operation="showExam", method="GET", path="/a", number=2, status=503),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_around_them_are_the_same(value: Any) -> None:
    for twin in twins(value):
        assert twin == value
        assert type(twin) is type(value)


def test_settings_that_were_pickled_read_responses_as_before(server: Recorder) -> None:
    """Another process gets the settings by pickle, and its objects come back by pickle, as the first one reads them."""
    server.responses.append(
        lambda _: httpx2.Response(200, json={"exam": {"id": 17, "start_time": "2026-06-15T09:00:00"}})
    )
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    first = procwise.Client(**CREDENTIALS, http=http, timeout=3, extra_headers={"X-A": "b"}, max_retries=1)
    taken = {field.name: getattr(first.settings, field.name) for field in dataclasses.fields(first.settings)}
    assert taken.pop("hooks") == procwise.Hooks()
    second = procwise.Client(**CREDENTIALS, http=http, **pickle.loads(pickle.dumps(taken)))
    assert second.settings == first.settings
    exam = second.exams.show(17)
    assert server.last.headers["X-A"] == "b"
    for twin in twins(exam):
        assert twin == first.exams.show(17)
        assert twin.name is procwise.UNSET
        assert twin.to_dict() == {"id": 17, "start_time": "2026-06-15T09:00:00"}


def test_an_error_of_a_call_keeps_its_response(client: procwise.Client, server: Recorder) -> None:
    server.reply(422, {"errors": {"name": ["is missing"]}}, Retry_After="7", X_Request_Id="r1")
    with pytest.raises(procwise.UnprocessableContentError) as caught:
        client.exams.show(17)
    for twin in twins(caught.value):
        assert (twin.errors, twin.retry_after, twin.attempts) == ({"name": ["is missing"]}, 7, 1)
        assert dict(twin.headers) == dict(caught.value.headers)
        assert twin.headers["x-request-ID"] == "r1"

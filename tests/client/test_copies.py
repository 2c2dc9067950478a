"""Errors, objects and the values around them survive pickle, copy and deepcopy."""

from __future__ import annotations

import copy
import datetime
import inspect
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import procwise
from procwise import errors, v3
from procwise.pages import Page
from tests.client.conftest import Recorder
from tests.client.test_annotations import MODELS

ERRORS = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]
DEVIATION = procwise.Deviation("showExam", "/exam/id", "an integer", "text", 3)
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


def twins(value: Any) -> Iterator[Any]:
    yield from (pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1))
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
        Page(items=(v3.models.Exam.from_dict({"id": 1}),), number=1, limit=2, item_count=None, page_count=3),
        v3.models.Exam.from_dict({"start_time": "2026-06-15T09:00:00"}).start_time,
        datetime.datetime(2026, 6, 15, tzinfo=datetime.UTC),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_around_them_are_the_same(value: Any) -> None:
    for twin in twins(value):
        assert twin == value
        assert type(twin) is type(value)

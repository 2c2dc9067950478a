"""An answer that deviates from the description is decoded as far as it goes, and nothing of it is lost."""

from __future__ import annotations

import copy
import datetime
import pickle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import procwise
from procwise import UNSET, Unset
from procwise.v3 import models
from tests.client.conftest import EXAM, Recorder

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def shown(client: procwise.Client, server: Recorder, **members: Any) -> models.Exam:
    server.reply(data={"exam": {**EXAM, **members}})
    return client.exams.show(17)


def test_documented_values_get_their_types(client: procwise.Client, server: Recorder) -> None:
    exam = shown(client, server)
    assert exam.status is models.ExamStatus.OPEN
    zone = datetime.timezone(datetime.timedelta(hours=2))
    assert exam.start_time == datetime.datetime(2026, 6, 15, 9, tzinfo=zone)
    assert exam.end_time is None


def test_an_unknown_word_stays_text(client: procwise.Client, server: Recorder) -> None:
    exam = shown(client, server, status="paused")
    assert exam.status == "paused"
    assert type(exam.status) is str


@pytest.mark.parametrize("odd", ["soon", "", "2026-13-45", 1781506800, None, "0000-00-00T00:00:00Z"])
def test_an_odd_date_stays_as_it_came(client: procwise.Client, server: Recorder, odd: object) -> None:
    assert shown(client, server, start_time=odd, created_at=odd).created_at == odd


def test_unknown_members_are_kept(client: procwise.Client, server: Recorder) -> None:
    exam = shown(client, server, invented={"a": [1]})
    assert exam.additional_properties["invented"] == {"a": [1]}
    assert exam.to_dict()["invented"] == {"a": [1]}


def test_a_missing_member_is_unset(client: procwise.Client, server: Recorder) -> None:
    exam = shown(client, server)
    mode: object = exam.mode
    assert mode is UNSET
    assert "mode" not in exam.to_dict()


@given(members=st.dictionaries(st.sampled_from(sorted(models.Exam.__dataclass_fields__)), JSON))
def test_no_value_breaks_the_decoding_and_none_is_lost(members: dict[str, Any]) -> None:
    members.pop("additional_properties", None)
    exam = models.Exam.from_dict(members)
    back = exam.to_dict()
    assert back.keys() == members.keys()
    for name, value in members.items():
        if not isinstance(value, str):
            assert back[name] == value


@given(items=st.lists(JSON, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_bad_item_does_not_kill_its_page(client: procwise.Client, server: Recorder, items: list[Any]) -> None:
    server.answers.clear()
    server.reply(data={"exams": [EXAM, *items]}, X_Pagination_Page_Count="1")
    read = list(client.exams.list())
    assert len(read) == 1 + len(items)
    assert read[0].id == 17


def test_unset_is_one_value() -> None:
    for twin in (copy.copy(UNSET), copy.deepcopy(UNSET), *(pickle.loads(pickle.dumps(UNSET, n)) for n in range(6))):
        assert twin is UNSET
    assert not UNSET
    assert isinstance(UNSET, Unset)


def test_models_can_be_pickled_and_copied(client: procwise.Client, server: Recorder) -> None:
    exam = shown(client, server)
    assert pickle.loads(pickle.dumps(exam)) == copy.deepcopy(exam) == exam
    assert pickle.loads(pickle.dumps(exam)).mode is UNSET

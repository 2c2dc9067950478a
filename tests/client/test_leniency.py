"""A response that deviates from the description is decoded as far as it goes, and nothing of it is lost."""

from __future__ import annotations

import copy
import datetime
import json
import math
import pickle
from typing import Any

import httpx2
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


def show_exam(client: procwise.Client, server: Recorder, **members: Any) -> models.Exam:
    server.reply(data={"exam": {**EXAM, **members}})
    return client.exams.show(17)


def test_documented_values_get_their_types(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server)
    assert exam.status is models.ExamStatus.OPEN
    zone = datetime.timezone(datetime.timedelta(hours=2))
    assert exam.start_time == datetime.datetime(2026, 6, 15, 9, tzinfo=zone)
    assert exam.end_time is None


def test_an_unknown_word_stays_text(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server, status="paused")
    assert exam.status == "paused"
    assert type(exam.status) is str


@pytest.mark.parametrize("odd", ["soon", "", "2026-13-45", 1781506800, None, "0000-00-00T00:00:00Z"])
def test_an_odd_date_stays_as_it_came(client: procwise.Client, server: Recorder, odd: object) -> None:
    assert show_exam(client, server, start_time=odd, created_at=odd).created_at == odd


def test_unknown_members_are_kept(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server, invented={"a": [1]})
    assert exam.additional_properties["invented"] == {"a": [1]}
    assert exam.to_dict()["invented"] == {"a": [1]}


def test_a_missing_member_is_unset(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server)
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
    server.responses.clear()
    server.reply(data={"exams": [EXAM, *items]}, X_Pagination_Page_Count="1", X_Pagination_Limit="300")
    read = list(client.exams.list())
    assert len(read) == 1 + len(items)
    assert read[0].id == 17


NAIVE = "2026-06-15T09:00:00.39"


def test_a_moment_without_offset_is_sent_back_as_it_came(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server, start_time=NAIVE, end_time="2026-06-15T11:00:00Z")
    assert exam.start_time == datetime.datetime(2026, 6, 15, 9, 0, 0, 390_000)
    assert exam.to_dict()["start_time"] == "2026-06-15T09:00:00.390000"
    for copied in (exam.start_time, copy.deepcopy(exam).start_time, pickle.loads(pickle.dumps(exam)).start_time):
        client.exams.update(17, start_time=copied)
        assert server.body() == {"start_time": "2026-06-15T09:00:00.390000"}
    client.exams.update(17, **{name: exam.to_dict()[name] for name in ("name", "start_time", "end_time")})
    assert server.body()["end_time"] == "2026-06-15T11:00:00+00:00"
    with pytest.raises(TypeError, match="offset-naive and offset-aware"):
        sorted([exam.start_time, exam.end_time])  # type: ignore[type-var]


def test_a_moment_of_the_callers_own_needs_an_offset(client: procwise.Client, server: Recorder) -> None:
    with pytest.raises(procwise.InvalidArgument, match="has no time zone"):
        client.exams.update(17, start_time=datetime.datetime(2026, 6, 15, 9))
    assert not server.requests


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18446744073709551616", 2**64),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("5.0", 5),
        ("1E2", 100),
        ('"\\ud800"', "\ud800"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ("-0", 0),
        ("1e400", math.inf),
    ],
)
def test_numbers_and_texts_are_kept_exactly(
    client: procwise.Client, server: Recorder, text: str, value: object
) -> None:
    content = json.dumps({"exam": {**EXAM, "id": 0, "new": 1}}).replace('"id": 0', f'"id": {text}')
    for body in (content, content.replace('"new": 1', f'"new": {text}')):
        server.responses[:] = [httpx2.Response(200, content=body.encode())]
        exam = client.exams.show(17)
        read: object = exam.id
        assert (read, type(read)) == (value, type(value))
    assert exam.additional_properties["new"] == value


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_a_byte_order_mark_and_white_space_are_passed_over(
    client: procwise.Client, server: Recorder, prefix: bytes
) -> None:
    server.responses.append(httpx2.Response(200, content=prefix + json.dumps({"exam": EXAM}).encode()))
    assert client.exams.show(17).id == 17


def test_what_json_does_not_allow_is_recorded(client: procwise.Client, server: Recorder) -> None:
    server.responses.append(httpx2.Response(200, content=b'{"exam": {"id": 17, "new": NaN}}'))
    assert math.isnan(client.exams.show(17).additional_properties["new"])
    assert ("JSON (RFC 8259)", "NaN") in [(one.expected, one.seen) for one in client.drift()]


@pytest.mark.parametrize(
    "content", [b"{", b'{"exam": {"id": 17}} x', b'{"exam": "\xff"}', b'{"exam": {"id": 1, "n": \xff}}']
)
def test_what_is_no_json_is_an_error(client: procwise.Client, server: Recorder, content: bytes) -> None:
    server.responses.append(httpx2.Response(200, content=content))
    with pytest.raises(procwise.ResponseDamaged, match="damaged or cut short"):
        client.exams.show(17, max_retries=0)


@pytest.mark.parametrize("inner", [b"[", b'{"a":', b'{"exam":'])
def test_endless_nesting_is_an_error(client: procwise.Client, server: Recorder, inner: bytes) -> None:
    closing = b"]" if inner == b"[" else b"}"
    content = b'{"exam":' + inner * 100_000 + b"1" + closing * 100_000 + b"}"
    server.responses.append(httpx2.Response(200, content=content))
    with pytest.raises(procwise.UnexpectedAnswer, match="nested too deeply"):
        client.exams.show(17)


def test_a_leap_second_is_the_next_second(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server, created_at="2016-12-31T23:59:60Z")
    assert exam.created_at == datetime.datetime(2017, 1, 1, tzinfo=datetime.UTC)


def test_unset_is_left_out_wherever_it_is_passed(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    client.exams.update(17, name="a", start_time=procwise.UNSET, end_time=None)
    assert server.body() == {"name": "a", "end_time": None}
    with pytest.raises(procwise.InvalidArgument, match="UNSET"):
        client.exams.show(procwise.UNSET)  # type: ignore[arg-type]


def test_unset_inside_an_object_is_left_out(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server)
    exam.additional_properties["new"] = {"a": 1, "b": UNSET}
    assert exam.to_dict()["new"] == {"a": 1}


def test_unset_is_one_value() -> None:
    for twin in (copy.copy(UNSET), copy.deepcopy(UNSET), *(pickle.loads(pickle.dumps(UNSET, n)) for n in range(6))):
        assert twin is UNSET
    assert not UNSET
    assert isinstance(UNSET, Unset)
    assert f"{UNSET} {UNSET!r}" == "UNSET UNSET"


def test_models_can_be_pickled_and_copied(client: procwise.Client, server: Recorder) -> None:
    exam = show_exam(client, server)
    assert pickle.loads(pickle.dumps(exam)) == copy.deepcopy(exam) == exam
    assert pickle.loads(pickle.dumps(exam)).mode is UNSET

"""What a server receives: signed at the last moment, each parameter where it belongs."""

from __future__ import annotations

import datetime
import inspect
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import procwise
from procwise.v3.signing import SCHEME
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder

SIGNING = {"timestamp", "nonce", "signature"}


def verifies(server: Recorder, path: dict[str, object]) -> bool:
    """Whether a server that merges path, query and body finds the signature right."""
    query = server.query()
    params = SCHEME.merge(path=path, query=query, body=server.body())
    return SCHEME.verify(params, SECRET_KEY, query["signature"])


def test_a_read_is_signed_in_the_query(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    exam = client.exams.show(17)
    assert (exam.id, exam.name) == (17, "Organic chemistry")
    assert server.path() == "/api/v3/exams/17"
    assert server.query().keys() == SIGNING
    assert server.last.headers["Authorization"] == f"Token token={TOKEN}"
    assert server.last.headers["Accept"] == "application/vnd.procwise.v3"
    assert verifies(server, {"id": 17})


def test_a_write_sends_json_and_is_signed_in_the_query(client: procwise.Client, server: Recorder) -> None:
    server.reply(201, {"exam": EXAM})
    start = datetime.datetime(2026, 6, 15, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    client.exams.create(name="Ü ?&=+ 🎓", type="classroom", start_time=start, use_duration=True, end_time=None)
    assert server.last.headers["Content-Type"] == "application/json"
    assert server.body() == {
        "name": "Ü ?&=+ 🎓",
        "type": "classroom",
        "start_time": "2026-06-15T09:00:00+02:00",
        "use_duration": True,
        "end_time": None,
    }
    assert server.query().keys() == SIGNING
    assert verifies(server, {})


def test_path_ids_are_signed_and_not_repeated(client: procwise.Client, server: Recorder) -> None:
    server.reply(201, {"student": {"id": 5}})
    student = client.student_sessions.create(17, name="Ada", email="ada@student.example")
    assert student.id == 5
    assert server.path() == "/api/v3/exams/17/student_sessions"
    assert server.body() == {"name": "Ada", "email": "ada@student.example"}
    assert verifies(server, {"exam_id": 17})


def test_filter_and_sort_are_compact_json_text(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exams": []}, X_Pagination_Page_Count="0")
    list(client.exams.list(filter={"name": {"eq": "a b+é"}}, sort=[{"name": "desc"}], status="open", limit=2))
    sent = server.query()
    assert sent["filter"] == '{"name":{"eq":"a b+é"}}'
    assert sent["sort"] == '[{"name":"desc"}]'
    assert (sent["status"], sent["limit"], sent["page"]) == ("open", "2", "1")
    assert "+" not in str(server.last.url).partition("?")[2]
    assert verifies(server, {})


def test_ready_json_text_is_left_alone(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exams": []}, X_Pagination_Page_Count="0")
    list(client.exams.list(filter='{"name": 1}'))
    assert server.query()["filter"] == '{"name": 1}'


def test_every_call_has_its_own_nonce_and_clock(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    for _ in range(50):
        client.exams.show(17)
    sent = [server.query(request) for request in server.requests]
    assert len({one["nonce"] for one in sent}) == 50
    assert len({one["signature"] for one in sent}) == 50
    now = datetime.datetime.now(datetime.UTC).timestamp() * 1000
    assert all(abs(int(one["timestamp"]) - now) < 60_000 for one in sent)


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), minutes=st.integers(1, 10**9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_signed_as_it_is_received(
    client: procwise.Client, server: Recorder, name: str, minutes: int
) -> None:
    server.responses.clear()
    server.reply(200, {"exams": []}, X_Pagination_Page_Count="0")  # a creation looks before it is sent
    server.reply(201, {"exam": EXAM})
    server.reply(200, {"exams": []}, X_Pagination_Page_Count="0")
    client.exams.create(name=name, type="demo", duration_minutes=minutes)
    assert server.body()["name"] == name
    assert verifies(server, {})
    list(client.exams.list(filter=name, page=1))
    assert server.query()["filter"] == name
    assert verifies(server, {})


def test_version_1_has_its_own_token_and_path(server: Recorder) -> None:
    import httpx2

    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.v1.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL + "/api/v1/", http=http)
    server.reply(data={"exam": {"id": 1}})
    with pytest.warns(DeprecationWarning, match="exams.show of procwise.v1 is deprecated: use exams.show of"):
        assert client.exams.show(1).id == 1
    assert server.path() == "/api/v1/exams/1"
    assert server.last.headers["Authorization"] == f"apiEuroToken {TOKEN}"


def test_a_date_without_time_zone_is_refused(client: procwise.Client, server: Recorder) -> None:
    with pytest.raises(procwise.InvalidArgument, match="no time zone"):
        client.exams.create(name="x", type="demo", start_time=datetime.datetime(2026, 6, 15))
    assert not server.requests


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_path_parameter_cannot_change_the_route(client: procwise.Client, server: Recorder, value: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"^id="):
        client.exams.show(value)
    assert not server.requests


@pytest.mark.parametrize("value", ["1/../2", "../users", "1?page=2", "1#x", "%2e%2e", "1;x", "1//2", "\\..\\2", "1\n2"])
def test_what_a_path_parameter_holds_stays_in_its_segment(
    client: procwise.Client, server: Recorder, value: Any
) -> None:
    server.reply(data={"exam": EXAM})
    client.exams.show(value)
    path, _, query = server.requests[-1].url.raw_path.decode().partition("?")
    assert unquote(path.removeprefix("/api/v3/exams/")) == value
    assert not {"/", "#", ";"} & {*path.removeprefix("/api/v3/exams/")}
    assert {*parse_qs(query)} == {"timestamp", "nonce", "signature"}


@pytest.mark.parametrize("value", ["\ud800", "x" * 100_000, float("nan"), object()])
def test_what_cannot_be_sent_is_refused(client: procwise.Client, server: Recorder, value: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match="sent"):
        list(client.exams.list(status=value, filter=value))
    assert not server.requests


def test_arguments_are_typed_and_required_where_the_description_says() -> None:
    signature = inspect.signature(procwise.Client(token="abcd", secret_key="k", base_url=BASE_URL).exams.create)
    empty = inspect.Parameter.empty
    assert {name for name, one in signature.parameters.items() if one.default is empty} == {
        "name",
        "type",
        "call_options",
    }
    assert signature.parameters["start_time"].annotation == "datetime.datetime | str | int | Unset"
    assert signature.parameters["use_duration"].annotation == "bool | Unset"
    assert "'classroom'" in signature.parameters["type"].annotation.replace('"', "'")

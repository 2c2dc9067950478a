"""What is refused before anything is sent, by its name: ids that are none, arguments that are missing, odd settings."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from typing import Any
from uuid import UUID

import httpx2
import pytest

import procwise
from procwise import UNSET
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder

pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
CREDENTIALS: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL}
Call = Callable[[procwise.Client, Any], object]

NEEDED_IDS: dict[str, tuple[str, Call]] = {
    "path": ("id", lambda client, value: client.exams.show(value)),
    "path of a parent": ("exam_id", lambda client, value: client.documents.show(value, 1)),
    "query": ("student_session_id", lambda client, value: client.exams.show_student(1, student_session_id=value)),
    "query of a delete": ("comanager_id", lambda client, value: client.exams.remove_comanager(1, comanager_id=value)),
    "text in the query": (
        "resource_link_id",
        lambda client, value: client.exams.show_lti_student(1, student_lms_id="s", resource_link_id=value),
    ),
    "body": ("comanager_id", lambda client, value: client.exams.add_comanager(1, comanager_id=value)),
    "body of another resource": (
        "proctor_id",
        lambda client, value: client.student_sessions.assign_proctor(1, proctor_id=value),
    ),
    "body of a creation": (
        "exam_id",
        lambda client, value: client.lti_resources.create(
            exam_id=value, tool_provider_id=1, lti_resource_link_name="r"
        ),
    ),
}
NO_IDS = [None, True, "", "  ", {}, [], b"1", float("nan"), 1.5, Decimal(3), object(), UNSET, "\ud800"]
NO_IDS += [datetime.date(2026, 6, 15), datetime.datetime(2026, 6, 15, tzinfo=datetime.UTC)]


@pytest.mark.parametrize("value", NO_IDS, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("place", NEEDED_IDS)
def test_what_is_no_id_is_refused_by_its_name(
    client: procwise.Client, server: Recorder, place: str, value: Any
) -> None:
    name, call = NEEDED_IDS[place]
    server.reply()
    with pytest.raises(procwise.InvalidArgument, match=f"^{name}="):
        call(client, value)
    assert not server.requests


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.exams.show(10**5000),
        lambda client: client.exams.show_student(1, student_session_id=10**5000),
        lambda client: client.exams.update(1, duration_minutes=10**5000),
        lambda client: client.exams.list(limit=10**5000).page(1),
        lambda client: client.exams.list(filter={"id": {"eq": 10**5000}}).page(1),
    ],
)
def test_a_number_that_python_does_not_write_is_refused(
    client: procwise.Client, server: Recorder, call: Callable[[procwise.Client], object]
) -> None:
    with pytest.raises(procwise.InvalidArgument):
        call(client)
    assert not server.requests


async def watch_async(_: object) -> None:
    raise AssertionError("nobody awaits it")


class Watcher:
    async def __call__(self, _: object) -> None:
        raise AssertionError("nobody awaits it")


@pytest.mark.parametrize("function", [watch_async, Watcher()])
def test_functions_that_nobody_would_await_are_refused(
    client: procwise.Client, server: Recorder, function: Any
) -> None:
    for name in ("request", "response", "retry"):
        with pytest.raises(procwise.InvalidArgument, match=f"^{name}= in hooks= must be a plain function"):
            procwise.Hooks(**{name: function})
    refused = pytest.raises(procwise.InvalidArgument, match=r"^progress= must be a plain function")
    with refused:
        procwise.Upload(b"a", name="a", progress=function)
    with refused:
        client.exams.documents_zip(1, progress=function)
    server.reply()
    job = client.exams.generate_documents_zip(1)
    with refused:
        job.wait(progress=function)
    with pytest.raises(procwise.InvalidArgument, match=r"^patience= is no option of wait"):
        job.wait(patience=1)  # type: ignore[call-arg]


class Number(IntEnum):
    SEVENTEEN = 17


@pytest.mark.parametrize("value", [17, "17", Number.SEVENTEEN])
def test_numbers_texts_and_enums_are_ids(client: procwise.Client, server: Recorder, value: Any) -> None:
    server.reply(data={"exam": EXAM, "student": {"id": 1}})
    client.exams.show(value)
    assert server.path() == "/api/v3/exams/17"
    client.exams.show_student(value, student_session_id=value)
    assert server.query()["student_session_id"] == "17"


def test_a_uuid_is_an_id(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    client.exams.show(UUID(int=7))  # type: ignore[arg-type]
    assert server.path() == f"/api/v3/exams/{UUID(int=7)}"


@pytest.mark.parametrize("value", [True, "", {}, 1.5, None], ids=repr)
def test_an_optional_id_is_checked_if_it_is_passed(client: procwise.Client, server: Recorder, value: Any) -> None:
    server.reply(data={"exam": EXAM})
    with pytest.raises(procwise.InvalidArgument, match=r"^context_id="):
        client.exams.show_lti_student(1, student_lms_id="s", resource_link_id="r", context_id=value)
    with pytest.raises(procwise.InvalidArgument, match=r"^institute_id="):
        client.exams.update(17, institute_id=value)
    assert not server.requests
    client.exams.update(17, institute_id=UNSET)
    assert server.body() == {}


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("name", lambda client: client.exams.create(name=UNSET, type="demo")),
        ("type", lambda client: client.exams.create(name="n", type=UNSET)),
        ("email", lambda client: client.student_sessions.create(1, name="n", email=UNSET)),
        ("document", lambda client: client.attachments.create(1, document=UNSET)),
    ],
)
def test_a_needed_argument_is_not_left_out(
    client: procwise.Client, server: Recorder, name: str, call: Callable[[procwise.Client], object]
) -> None:
    with pytest.raises(procwise.InvalidArgument, match=f"^{name}=UNSET"):
        call(client)
    assert not server.requests


def test_no_file_is_not_sent_as_an_empty_field(client: procwise.Client, server: Recorder) -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"^document=None is no file"):
        client.attachments.create(1, document=None)  # type: ignore[arg-type]
    assert not server.requests


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"token": 5}, procwise.InvalidArgument),
        ({"secret_key": b"key"}, procwise.InvalidArgument),
        ({"base_url": 5}, procwise.InvalidArgument),
        ({"credentials": 5}, procwise.InvalidArgument),
        ({"credentials": {"access_key": 5}}, procwise.InvalidArgument),
        ({"settings": 0}, procwise.InvalidArgument),
        ({"hooks": None}, procwise.InvalidArgument),
        ({"hooks": {}}, procwise.InvalidArgument),
        ({"clock_skew": float("nan")}, procwise.InvalidArgument),
        ({"clock_skew": float("-inf")}, procwise.InvalidArgument),
        ({"clock_skew": 10**400}, procwise.InvalidArgument),
        ({"base_url": "http://a..b"}, procwise.WrongBaseUrl),
        ({"base_url": f"http://{'a' * 64}.example"}, procwise.WrongBaseUrl),
        ({"base_url": "http://.example"}, procwise.WrongBaseUrl),
        ({"base_url": "http://\U0001f600.example"}, procwise.WrongBaseUrl),
        ({"base_url": "http://exa\0mple"}, procwise.WrongBaseUrl),
        ({"base_url": "http://xn--\u00e4"}, procwise.WrongBaseUrl),
        ({"base_url": "http://\udcff.example"}, procwise.WrongBaseUrl),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind_of_client", [procwise.Client, procwise.AsyncClient])
def test_a_client_of_odd_settings_is_refused(
    kind_of_client: type[procwise.Client | procwise.AsyncClient], settings: dict[str, Any], kind: type[Exception]
) -> None:
    with pytest.raises(kind, match="base URL" if kind is procwise.WrongBaseUrl else f"{next(iter(settings))}="):
        kind_of_client(**{**CREDENTIALS, **settings})


@pytest.mark.parametrize("proxy", ["http://a..b:1", f"http://{'a' * 64}.example:8080", "http://.example:1"])
def test_a_proxy_of_the_users_own_client_that_no_host_can_be_is_named(proxy: str) -> None:
    client = procwise.Client(**CREDENTIALS, http=httpx2.Client(proxy=proxy), max_retries=0)
    with client, pytest.raises(procwise.ConnectionFailed, match="a proxy or server whose name no host can have"):
        client.exams.show(17)


@pytest.mark.parametrize("proxy", ["http://a..b", f"http://{'a' * 64}.example:8080", "http://.example"])
@pytest.mark.parametrize("kind_of_client", [procwise.Client, procwise.AsyncClient])
def test_a_proxy_that_no_host_can_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, kind_of_client: type[procwise.Client | procwise.AsyncClient], proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(procwise.SetupFailed, match="proxy of the environment is malformed"):
        kind_of_client(**CREDENTIALS)


@pytest.mark.parametrize("options", [{"retry": 5, "max_retries": 2}, {"retry": None}, {"retry": {}}], ids=str)
def test_a_retry_that_is_no_policy_is_refused(
    client: procwise.Client, server: Recorder, options: dict[str, Any]
) -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"^retry="):
        client.exams.show(17, **options)
    assert not server.requests


def test_a_hook_that_is_no_function_is_refused() -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"^response="):
        procwise.Hooks(response=5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers",
    [{"X(a)": "x"}, {"X/a": "x"}, {"X": " x"}, {"X": "x\t"}, {"accept": "text/plain"}, {"X": "1", "x": "2"}],
    ids=str,
)
def test_headers_that_no_request_can_have_are_refused_at_once(
    client: procwise.Client, server: Recorder, headers: dict[str, str]
) -> None:
    for call in (
        lambda: client.exams.show(17, extra_headers=headers),
        lambda: client.with_options(extra_headers=headers),
        lambda: procwise.Client(**CREDENTIALS, extra_headers=headers),
    ):
        with pytest.raises(procwise.InvalidArgument, match="extra_headers="):
            call()
    assert not server.requests


def test_a_header_of_the_call_replaces_that_of_the_client_in_any_spelling(server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(**CREDENTIALS, http=http, extra_headers={"X-Trace": "client", "X-Kept": "k"})
    client.exams.show(17, extra_headers={"x-trace": "call"})
    assert server.last.headers.get_list("x-trace") == ["call"]
    assert server.last.headers["X-Kept"] == "k"


@pytest.mark.parametrize("method", ["update", "replace"])
def test_null_of_a_response_is_left_out_where_a_request_may_not_have_it(
    client: procwise.Client, server: Recorder, method: str
) -> None:
    server.reply(data={"exam": {**EXAM, "start_time": None, "restrictions": None, "duration_minutes": 5}})
    exam = client.exams.show(17)
    getattr(client.exams, method)(
        exam.id,
        start_time=exam.start_time,
        restrictions=exam.restrictions,
        duration_minutes=exam.duration_minutes,
        end_time=exam.end_time,
    )
    assert server.body() == {"duration_minutes": 5, "end_time": None}
    server.responses[:] = [httpx2.Response(200, json={"student": {"id": 5, "open_time": None}})]
    student = client.student_sessions.show(5)
    client.student_sessions.update(5, open_time=student.open_time, individual_info=None)
    assert server.body() == {}

"""Clients that are shared, subclassed, inspected, or made over an HTTP client of the user's."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import threading
import typing
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder
from tests.client.connections.test_transport import PACKED

CREDENTIALS: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL}


@pytest.mark.parametrize(
    ("name", "value"), [("params", {"a": "b"}), ("auth", ("user", "password")), ("follow_redirects", True)]
)
def test_a_client_of_the_user_is_checked_at_every_call(server: Recorder, name: str, value: Any) -> None:
    server.reply(data={"exam": EXAM})
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(**CREDENTIALS, http=http)
    client.exams.show(17)
    setattr(http, name, value)
    with pytest.raises(procwise.InvalidArgument, match=f"{name}="):
        client.exams.show(17)
    assert len(server.requests) == 1


def test_an_async_client_of_the_user_is_checked_at_every_call(server: Recorder) -> None:
    async def work() -> None:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
        client = procwise.AsyncClient(**CREDENTIALS, http=http)
        http.params = {"a": "b"}
        await client.exams.show(17)

    with pytest.raises(procwise.InvalidArgument, match="params="):
        asyncio.run(work())
    assert not server.requests


@pytest.fixture
def switch_threads_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switch_threads_often")
def test_an_async_client_serves_the_event_loops_of_several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def respond(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"exam": EXAM})

    def open_client(_: str) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.MockTransport(respond))

    monkeypatch.setattr("procwise._http.connections.open_async_client", open_client)
    client = procwise.AsyncClient(**CREDENTIALS)
    failed: list[Exception] = []

    async def call() -> None:
        await client.exams.show(17)

    def work() -> None:
        try:
            for _ in range(12):
                asyncio.run(call())
        except Exception as error:  # noqa: BLE001  # whatever it is, it is shown
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(client._transport._state.clients) <= len(threads)  # those of loops that ended are forgotten


class Named(procwise.Client):
    name = ""


def test_other_options_keep_what_a_subclass_added(server: Recorder) -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = Named(**CREDENTIALS, http=http)
    client.name = "mine"
    assert client.exams is client.exams
    other = client.with_options(timeout=3)
    assert (other.name, other.settings.timeout, type(other)) == ("mine", 3, Named)
    assert other.exams is not client.exams


def test_hooks_are_an_option_of_a_call_and_of_a_copy(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    seen: list[procwise.Attempt] = []
    hooks = procwise.Hooks(response=seen.append)
    client.exams.show(17, hooks=hooks)
    client.with_options(hooks=hooks).exams.show(17)
    client.exams.show(17)
    assert [one.status for one in seen] == [200, 200]


@pytest.mark.parametrize(
    "one",
    [
        procwise.Hooks,
        procwise.RetryPolicy,
        procwise.Settings,
        procwise.CallOptions,
        procwise.Attempt,
        procwise.Deviation,
        procwise.Client.__init__,
        procwise.AsyncClient.__init__,
        procwise.Client.with_options,
        procwise.Client.drift,
        procwise.Upload.__init__,
        procwise.APIStatusError.__init__,
    ],
    ids=lambda one: one.__qualname__,
)
def test_the_types_of_public_names_can_be_read(one: Any) -> None:
    assert typing.get_type_hints(one)


@pytest.mark.parametrize("cut", [None, -3, 10])
def test_zero_bytes_after_a_packed_response_are_padding(
    client: procwise.Client, server: Recorder, cut: int | None
) -> None:
    content = gzip.compress(json.dumps({"exam": EXAM}).encode()) + bytes(20)
    parts = [content[:cut], content[cut:]] if cut else [content]
    server.responses.append(httpx2.Response(200, stream=_Parts(parts), headers=PACKED))
    assert client.exams.show(17).id == 17


class _Parts(httpx2.SyncByteStream):
    def __init__(self, parts: list[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts


def test_what_follows_a_packed_response_is_no_padding(client: procwise.Client, server: Recorder) -> None:
    content = gzip.compress(json.dumps({"exam": EXAM}).encode()) + b"\0\0more"
    server.responses.append(lambda _: httpx2.Response(200, stream=httpx2.ByteStream(content), headers=PACKED))
    with pytest.raises(procwise.ConnectionFailed, match="gzip data is damaged"):
        client.exams.show(17)


def test_not_modified_is_no_redirect(client: procwise.Client, server: Recorder) -> None:
    server.reply(304)
    with pytest.raises(procwise.WrongBaseUrl, match="answers with 304") as caught:
        client.exams.show(17)
    assert "redirect" not in str(caught.value)


DEPRECATED: list[Callable[[procwise.Client], object]] = [
    lambda client: client.exams.delete_student(1, student_session_id=2),
    lambda client: client.exams.with_raw_response.delete_student(1, student_session_id=2),
    lambda client: client.exams.with_raw_response.show_student(1, student_session_id=2),
    lambda client: client.with_options(timeout=1).exams.with_raw_response.delete_student(1, student_session_id=2),
]


@pytest.mark.parametrize("call", DEPRECATED)
def test_a_deprecated_method_warns_the_line_that_calls_it(
    client: procwise.Client, server: Recorder, call: Callable[[procwise.Client], object]
) -> None:
    server.reply(data={"student": {"id": 2}})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(client)
    assert [(one.filename, one.category) for one in caught] == [(__file__, DeprecationWarning)]


def test_an_awaited_deprecated_method_warns_the_line_that_awaits_it(
    async_client: procwise.AsyncClient, server: Recorder
) -> None:
    async def work() -> Any:
        return await async_client.exams.with_raw_response.show_student(1, student_session_id=2)

    server.reply(data={"student": {"id": 2}})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert asyncio.run(work()).value.id == 2
    assert [(one.filename, one.category) for one in caught] == [(__file__, DeprecationWarning)]


def test_what_is_nested_too_deeply_is_refused(client: procwise.Client, server: Recorder) -> None:
    deep: Any = {}
    for _ in range(3000):
        deep = [deep]
    exam = procwise.v3.models.Exam.from_dict({**EXAM, "later": deep})
    with pytest.raises(procwise.InvalidArgument, match="nested"):
        exam.to_dict()
    with pytest.raises(procwise.InvalidArgument, match="nested"):
        client.exams.update(17, restrictions=deep)
    with pytest.raises(procwise.InvalidArgument, match="nested"):
        list(client.exams.list(filter={"name": {"eq": deep}}))
    assert not server.requests

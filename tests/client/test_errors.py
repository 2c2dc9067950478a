"""Every error says what to do, and none of them holds a secret."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import Any, cast

import httpx2
import pytest

import procwise
from procwise import errors
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder


def all_texts(error: BaseException) -> str:
    """All that an error shows anywhere: text, arguments, members, chain."""
    seen, parts = cast(BaseException | None, error), list[str]()
    while seen is not None:
        parts += [str(seen), repr(seen), repr(seen.args), repr(vars(seen)), *traceback.format_exception_only(seen)]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(parts)


def raise_error(work: Callable[[], object]) -> procwise.ProcwiseError:
    with pytest.raises(procwise.ProcwiseError) as caught:
        work()
    error = caught.value
    assert not any(secret in all_texts(error) for secret in (TOKEN, SECRET_KEY))
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is type(error)
    assert (str(copied), vars(copied)) == (str(error), vars(error))
    assert str(copy.deepcopy(error)) == str(error)
    return error


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.UnauthorizedError),
        (403, errors.ForbiddenError),
        (404, errors.NotFoundError),
        (422, errors.UnprocessableContentError),
        (418, errors.APIStatusError),
        (429, errors.TooManyRequestsError),
        (500, errors.ServerError),
        (520, errors.ServerError),
    ],
)
def test_each_documented_status_has_its_class(
    client: procwise.Client, server: Recorder, status: int, kind: type[errors.APIStatusError]
) -> None:
    server.reply(status, {"error": "Not so.", "code": "some_word"}, X_Request_Id="req-1")
    error = raise_error(lambda: client.exams.show(17))
    assert type(error) is kind
    assert isinstance(error, errors.APIStatusError)
    assert (error.method, error.path, error.status) == ("GET", "/api/v3/exams/17", status)
    assert (error.code, error.request_id) == ("some_word", "req-1")
    assert error.body == {"error": "Not so.", "code": "some_word"}
    assert str(error).startswith(f"GET /api/v3/exams/17: {status} Not so. [some_word]")


@pytest.mark.parametrize("missing", ["token", "secret_key"])
def test_missing_credentials_say_what_to_pass(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name in ("PROCWISE_TOKEN", "PROCWISE_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    passed = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL}
    del passed[missing]
    error = raise_error(lambda: procwise.Client(**passed))  # type: ignore[arg-type]
    assert isinstance(error, errors.CredentialsMissing)
    for word in (f"no {missing}", "token=", "secret_key=", "PROCWISE_TOKEN", "PROCWISE_SECRET_KEY"):
        assert word in str(error)


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, server: Recorder) -> None:
    monkeypatch.setenv("PROCWISE_TOKEN", TOKEN + "\n")
    monkeypatch.setenv("PROCWISE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PROCWISE_BASE_URL", "http://127.0.0.1:8080/")
    client = procwise.Client(http=httpx2.Client(transport=httpx2.MockTransport(server)))
    assert repr(client) == "<Client of http://127.0.0.1:8080/api/v3>"
    server.reply(data={"exam": EXAM})
    client.exams.show(1)
    assert server.last.headers["Authorization"] == f"Token token={TOKEN}"
    assert str(server.last.url).startswith("http://127.0.0.1:8080/api/v3/exams/1?")


def test_an_unreachable_host_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=url, max_retries=0)
    error = raise_error(lambda: client.exams.show(1))
    client.close()
    assert isinstance(error, errors.ConnectionFailed)
    assert not error.sent
    for word in (url, "base_url", "PROCWISE_BASE_URL", "Is the server running?"):
        assert word in str(error)


@pytest.mark.parametrize(
    ("fault", "kind", "sent"),
    [
        (httpx2.ReadTimeout("planted"), errors.TimedOut, True),
        (httpx2.ConnectTimeout("slow"), errors.TimedOut, False),
        (httpx2.ReadError("gone"), errors.ConnectionFailed, True),
        (httpx2.RemoteProtocolError("odd"), errors.ConnectionFailed, True),
    ],
)
def test_a_broken_connection_says_whether_the_request_may_have_arrived(
    client: procwise.Client, server: Recorder, fault: Exception, kind: type[errors.ConnectionFailed], sent: bool
) -> None:
    for call, may_change in ((lambda: client.exams.destroy(1), True), (lambda: client.exams.show(1), False)):
        server.responses.append(fault)
        error = raise_error(call)
        assert type(error) is kind
        assert error.sent is sent
        assert error.may_have_taken_effect is (sent and may_change)
        assert ("may have taken effect" in str(error)) is (sent and may_change)
        assert ("It was not sent" in str(error)) is not sent


@pytest.mark.parametrize(
    "response",
    [
        httpx2.Response(200, html="<html>Welcome</html>"),
        httpx2.Response(200, text="pong"),
        httpx2.Response(404, html="<html>Not here</html>"),
        httpx2.Response(301, headers={"Location": "https://demo.example/login?signature=planted"}),
    ],
    ids=["page", "text", "missing page", "redirect"],
)
def test_a_wrong_base_url_is_explained(client: procwise.Client, server: Recorder, response: httpx2.Response) -> None:
    server.responses.append(response)
    error = raise_error(lambda: client.exams.show(1))
    assert isinstance(error, errors.WrongBaseUrl | errors.NotFoundError)
    for word in ("PROCWISE_BASE_URL", "https://demo.proctorexam.com", "/api/v3 is added"):
        assert word in str(error)
    assert "planted" not in str(error)


@pytest.mark.parametrize(
    ("code", "said", "unsaid"),
    [
        ("signature_invalid", ("secret key belongs to another user", "procwise.signing.explain"), ("clock", "nonce")),
        ("timestamp_outside_window", ("clock",), ("secret key", "nonce")),
        ("nonce_used", ("nonce",), ("secret key", "clock")),
    ],
)
def test_a_refused_signature_lists_causes_that_have_no_code_of_their_own(
    client: procwise.Client, server: Recorder, code: str, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    server.reply(403, {"error": "No.", "code": code})
    error = raise_error(lambda: client.exams.show(1))
    assert isinstance(error, errors.ForbiddenError)
    assert [word for word in said if word not in str(error)] == []
    assert [word for word in unsaid if word in str(error).replace(code, "")] == []


def test_a_missing_right_is_not_blamed_on_the_signature(client: procwise.Client, server: Recorder) -> None:
    server.reply(403, {"error": "No.", "code": "forbidden"})
    assert "usual causes" not in str(raise_error(lambda: client.exams.show(1)))


def test_what_a_server_echoes_is_masked(client: procwise.Client, server: Recorder) -> None:
    def echo(request: httpx2.Request) -> httpx2.Response:
        query, email = server.query(request), server.body().get("email")
        data = {
            "error": f"{request.headers['Authorization']} {query['signature']} for {email}",
            "code": "validation_failed",
            "errors": {"email": ["has already been taken"]},
            "signature": query["signature"],
            "token": "planted-other-token",
            "deep": [{"secret_key": "planted-key", "email": "planted@student.example", "url": str(request.url)}],
        }
        return httpx2.Response(422, json=data)

    server.responses.append(echo)
    work = lambda: client.student_sessions.create(1, name="Planted Name", email="planted@student.example")  # noqa: E731
    error = raise_error(work)
    assert isinstance(error, errors.APIStatusError)
    everything = all_texts(error)
    signature = server.query()["signature"]
    for secret in ("planted", "Planted Name", signature):
        assert secret not in everything
    assert error.body["errors"] == {"email": ["has already been taken"]}  # type: ignore[index]


def test_no_secret_in_logs_and_reprs(
    client: procwise.Client, server: Recorder, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    server.reply(data={"exam": EXAM})
    with caplog.at_level(logging.DEBUG):
        exam = client.exams.show(17)
        pager = client.exams.list()
    signature = server.query()["signature"]
    texts = [caplog.text, repr(client), repr(client.exams), repr(exam), str(exam), repr(pager), str(vars(pager))]
    texts += [repr(client._transport), repr(client._transport.session), *map(str, vars(client).values())]
    texts += [record.getMessage() for record in caplog.records]
    assert "HTTP Request" in caplog.text
    for secret in (TOKEN, SECRET_KEY, signature, EXAM["token"]):
        assert not any(secret in text for text in texts)
    assert exam.token == EXAM["token"]


ASYNC_CALL = """
import asyncio, logging, httpx2, procwise

logging.basicConfig(level=logging.DEBUG)
http = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda request: httpx2.Response(200, json={})))


async def call():
    credentials = {"token": "t-planted", "secret_key": "k"}
    async with procwise.AsyncClient(**credentials, base_url="https://a.example", http=http) as client:
        await client.student_sessions.list(page=2).page(2)


try:
    asyncio.run(call())
except procwise.UnexpectedAnswer:
    pass
"""


def test_the_async_client_masks_the_log_of_the_http_library_too() -> None:
    """In a process of its own: a sync client of another test would have masked the log for it."""
    done = subprocess.run([sys.executable, "-c", ASYNC_CALL], capture_output=True, text=True, check=True)
    assert "HTTP Request: GET https://a.example/api/v3/student_sessions?***" in done.stderr
    assert "signature=" not in done.stderr
    assert "t-planted" not in done.stderr


def test_personal_data_is_not_in_reprs(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"student": {"id": 5, "name": "Planted Name", "email": "p@x.example", "later": "Planted Name"}})
    student = client.student_sessions.show(5)
    assert student.name == "Planted Name"
    assert "Planted" not in repr(student)
    assert "p@x" not in repr(student)


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "tökén", "a\x00b"])
def test_a_token_that_no_header_can_carry_is_refused_unshown(token: str) -> None:
    error = raise_error(lambda: procwise.Client(token=token, secret_key=SECRET_KEY, base_url=BASE_URL))
    assert isinstance(error, errors.InvalidArgument)
    assert token not in str(error)


def test_a_response_without_its_wrapper_is_an_error(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"unexpected": 1})
    error = raise_error(lambda: client.exams.show(17))
    assert isinstance(error, errors.UnexpectedAnswer)
    assert "'exam'" in str(error)


def test_the_async_client_raises_the_same(async_client: procwise.AsyncClient, server: Recorder) -> None:
    server.reply(404, {"error": "No exam.", "code": "record_not_found"})
    with pytest.raises(errors.NotFoundError, match=r"GET /api/v3/exams/1: 404 No exam\. \[record_not_found\]"):
        asyncio.run(_show_exam(async_client))


async def _show_exam(async_client: procwise.AsyncClient) -> Any:
    async with async_client as client:
        return await client.exams.show(1)


def test_the_body_of_an_error_stays_json(client: procwise.Client, server: Recorder) -> None:
    server.reply(500, {"a": [1, {"b": None}]})
    error = raise_error(lambda: client.exams.show(1))
    assert isinstance(error, errors.APIStatusError)
    assert json.dumps(error.body) == '{"a": [1, {"b": null}]}'

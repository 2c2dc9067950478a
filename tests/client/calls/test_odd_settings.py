"""Settings, arguments and clients that cannot work are errors of this package, with a sentence."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

import procwise
from procwise.v3 import models
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder

CREDENTIALS: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL}


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", ["http://[::1", "[::1", "http://[a]:1", "http://::1]", "http://a:b"])
@pytest.mark.parametrize("kind", [procwise.Client, procwise.AsyncClient])
def test_a_malformed_proxy_is_named(monkeypatch: pytest.MonkeyPatch, kind: Any, variable: str, proxy: str) -> None:
    monkeypatch.setenv(variable, proxy)
    with pytest.raises(procwise.SetupFailed, match="proxy of the environment is malformed"):
        kind(**CREDENTIALS)


@pytest.mark.parametrize("name", ["Content-Length", "content-length", "Transfer-Encoding"])
def test_a_header_of_one_request_is_none_of_a_client(server: Recorder, name: str) -> None:
    transport, headers = httpx2.MockTransport(server), {name: "3"}
    with pytest.raises(
        procwise.InvalidArgument, match=f"the Client in http= must not have headers=: the {name.lower()}"
    ):
        procwise.Client(**CREDENTIALS, http=httpx2.Client(transport=transport, headers=headers))
    with pytest.raises(procwise.InvalidArgument, match="the AsyncClient in http= must not have headers="):
        procwise.AsyncClient(**CREDENTIALS, http=httpx2.AsyncClient(transport=transport, headers=headers))
    http = httpx2.Client(transport=transport)
    client = procwise.Client(**CREDENTIALS, http=http)
    http.headers[name] = "3"
    with pytest.raises(procwise.InvalidArgument, match="headers="):
        client.exams.show(17)
    assert not server.requests


def test_the_media_type_of_a_client_is_not_that_of_a_form(server: Recorder) -> None:
    server.reply(201, {"attachment": {"id": 31}})
    http = httpx2.Client(transport=httpx2.MockTransport(server), headers={"Content-Type": "application/json"})
    procwise.Client(**CREDENTIALS, http=http).attachments.create(17, document=b"x")
    media, _, boundary = server.last.headers["Content-Type"].partition("; boundary=")
    assert media == "multipart/form-data"
    assert server.last.content.startswith(f"--{boundary}\r\n".encode())


@pytest.mark.parametrize("seconds", [1e10, 1e300, 10**400])
@pytest.mark.parametrize("name", ["timeout", "deadline"])
def test_a_time_that_no_machine_waits_is_refused(client: procwise.Client, name: str, seconds: float) -> None:
    options: Any = {name: seconds}
    for call in (lambda: client.exams.show(17, **options), lambda: procwise.Client(**CREDENTIALS, **options)):
        with pytest.raises(procwise.InvalidArgument, match=f"{name}= is longer .* None for no limit"):
            call()
    with pytest.raises(procwise.InvalidArgument, match="first_wait= is longer"):
        procwise.RetryPolicy(first_wait=seconds)


def test_a_job_is_not_waited_for_any_longer(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={})
    job = client.exams.generate_documents_zip(17)
    for name in ("timeout", "interval", "longest_interval"):
        with pytest.raises(procwise.InvalidArgument, match=f"{name}= is longer"):
            job.wait(**{name: 10**400})  # type: ignore[arg-type]
    assert len(server.requests) == 1


def test_the_longest_time_is_waited(server: Recorder) -> None:
    """By a real client, whose sockets take it: what is refused is the server, which does not run."""
    options: Any = {**CREDENTIALS, "base_url": "http://127.0.0.1:9", "max_retries": 0, "timeout": 1e9}
    with procwise.Client(**options) as client, pytest.raises(procwise.ConnectionFailed):
        client.exams.show(17)

    async def call() -> None:
        async with procwise.AsyncClient(**options) as awaited:
            await awaited.exams.show(17)

    with pytest.raises(procwise.ConnectionFailed):
        asyncio.run(call())


@pytest.mark.parametrize("data", [[1], [("id", 1)], "id", None, 5, models.Exam.from_dict(EXAM)], ids=repr)
def test_an_object_is_made_of_the_members_of_one_object(data: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"^Exam\.from_dict takes the members of one object"):
        models.Exam.from_dict(data)

"""Options of clients and calls, raw responses, hooks, the log, and what is refused before anything is sent."""

from __future__ import annotations

import asyncio
import copy
import logging
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import certifi
import httpx2
import pytest

import procwise
from procwise import Attempt, Hooks, RetryPolicy, Settings
from tests.client.conftest import BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder

CREDENTIALS: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL}


def over(server: Recorder, **settings: Any) -> procwise.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    return procwise.Client(**{**CREDENTIALS, **settings}, http=http)


def test_headers_of_client_and_call_are_sent_together(server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    client = over(server, extra_headers={"X-One": "1", "X-Two": "2"}).with_options(extra_headers={"X-Two": "3"})
    client.exams.show(17, extra_headers={"X-Four": "4"})
    assert [server.last.headers.get(name) for name in ("X-One", "X-Two", "X-Four")] == ["1", "3", "4"]


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "x"}, {"HOST": "x"}, {"A b": "x"}, {"": "x"}, {"A": "x\r\nB: y"}, {"A": "é"}, {"A": 1}, "A: b"],
)
def test_headers_that_would_break_a_request_are_refused(server: Recorder, headers: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match="extra_headers="):
        over(server).exams.show(17, extra_headers=headers)
    assert not server.requests


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": "2"},
        {"timeout": 0},
        {"timeout": True},
        {"timeout": httpx2.Timeout(2)},
        {"deadline": -1},
        {"deadline": float("nan")},
        {"max_retries": -1},
        {"max_retries": 1.5},
        {"retry": 3},
        {"retries": 3},
    ],
    ids=str,
)
def test_wrong_options_are_refused_by_name(server: Recorder, options: dict[str, Any]) -> None:
    with pytest.raises(procwise.InvalidArgument, match=next(iter(options))):
        over(server).with_options(**options)
    with pytest.raises((procwise.InvalidArgument, TypeError), match=next(iter(options))):
        over(server, **options)


class Unprintable:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize("value", [-(10**5000), Unprintable(), ["long"] * 5000], ids=["digits", "unprintable", "long"])
@pytest.mark.parametrize("name", ["timeout", "deadline", "max_retries", "retry", "hooks", "drift", "clock_skew"])
def test_a_wrong_value_that_cannot_be_shown_is_refused_by_name(server: Recorder, name: str, value: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match=name) as caught:
        over(server, **{name: value})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("value", [-(10**5000), Unprintable(), ["long"] * 5000], ids=["digits", "unprintable", "long"])
def test_an_argument_that_cannot_be_shown_is_refused_by_name(server: Recorder, value: Any) -> None:
    client = over(server)
    calls: dict[str, Callable[[], object]] = {
        "id": lambda: client.exams.show(value),
        "page": lambda: client.exams.list(page=value),
        "prefetch": lambda: client.exams.list().prefetch(value),
        "interval": lambda: client.exams.documents_zip(17, "x.zip", interval=value),
    }
    for name, call in calls.items():
        with pytest.raises(procwise.InvalidArgument, match=name) as caught:
            call()
        assert len(str(caught.value)) < 300
    assert not server.requests


@pytest.mark.parametrize("skew", [True, "never", None])
def test_a_wrong_clock_skew_is_refused(server: Recorder, skew: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match="clock_skew="):
        over(server, clock_skew=skew)


def test_settings_survive_pickle_and_copies(server: Recorder) -> None:
    client = over(
        server, timeout=3, deadline=9, max_retries=1, retry=RetryPolicy(first_wait=2), extra_headers={"A": "b"}
    )
    settings = client.settings
    assert (settings.timeout, settings.deadline, settings.retry) == (3, 9, RetryPolicy(max_retries=1, first_wait=2))
    for copied in (pickle.loads(pickle.dumps(settings)), copy.copy(settings), copy.deepcopy(settings)):
        assert copied == settings
    assert Settings() == procwise.Client(**CREDENTIALS).settings


def test_a_raw_response_has_status_headers_bytes_and_value(server: Recorder) -> None:
    server.reply(data={"exam": EXAM}, X_Request_Id="req-7")
    response = over(server).exams.with_raw_response.show(17)
    assert (response.status, response.request_id, response.attempts) == (200, "req-7", 1)
    assert response.headers["x-request-id"] == "req-7"
    assert b"Organic chemistry" in response.content
    assert response.value.id == 17
    assert "Organic" not in repr(response)


def test_a_raw_response_is_awaited_too(async_client: procwise.AsyncClient, server: Recorder) -> None:
    server.reply(data={"exam": EXAM})
    response = asyncio.run(_raw(async_client))
    assert (response.status, response.value.id) == (200, 17)


async def _raw(client: procwise.AsyncClient) -> procwise.Response[Any]:
    return await client.exams.with_raw_response.show(17)


def test_hooks_see_every_attempt_and_no_secret(server: Recorder, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[tuple[str, Attempt]] = []
    names = ("request", "response", "retry")
    hooks = Hooks(**{name: lambda attempt, name=name: seen.append((name, attempt)) for name in names})  # type: ignore[misc]
    client = over(server, hooks=hooks, retry=RetryPolicy(first_wait=0, longest_wait=0))
    server.reply(503, {"error": TOKEN}, X_Request_Id="r1")
    server.responses.append(httpx2.ReadError(f"gone {SECRET_KEY}"))
    server.reply(200, {"exam": EXAM})
    with caplog.at_level(logging.DEBUG, "procwise"):
        client.exams.show(17)
    assert [name for name, _ in seen] == ["request", "response", "retry"] * 2 + ["request", "response"]
    assert [(one.number, one.status) for name, one in seen if name == "response"] == [(1, 503), (2, None), (3, 200)]
    assert {one.operation for _, one in seen} == {"showExam"}
    lines = [record.getMessage() for record in caplog.records if record.name == "procwise"]
    assert len(lines) == 3
    for secret in (TOKEN, SECRET_KEY, *(server.query(request)["signature"] for request in server.requests)):
        assert secret not in f"{seen} {lines}"


@pytest.mark.parametrize(
    ("http", "word"),
    [
        (httpx2.Client(params={"api_version": "2"}), "params"),
        (httpx2.Client(auth=("user", "password")), "auth"),
        (httpx2.Client(follow_redirects=True), "follow_redirects"),
        (httpx2.AsyncClient(), "httpx2.AsyncClient"),
        (object(), "builtins.object"),
    ],
)
def test_a_http_client_that_would_break_the_signature_is_refused(http: Any, word: str) -> None:
    with pytest.raises(procwise.InvalidArgument, match=word):
        procwise.Client(**CREDENTIALS, http=http)


def test_after_close_calls_say_so() -> None:
    with procwise.Client(**CREDENTIALS) as client:
        exams = client.exams.list()
    with pytest.raises(procwise.ClientClosed, match="with"):
        list(exams)


def test_a_missing_certificate_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(procwise.SetupFailed, match="SSL_CERT_FILE"):
        procwise.Client(**CREDENTIALS)


def test_certificates_are_read_once_and_again_when_their_file_has_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusted = tmp_path / "ca.pem"
    shutil.copyfile(certifi.where(), trusted)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    clients = [procwise.Client(**CREDENTIALS) for _ in range(2)]
    transports: list[Any] = [client._http._transport for client in clients]
    assert len({transport._pool._ssl_context for transport in transports}) == 1
    trusted.write_text("no certificate")
    os.utime(trusted, ns=(1, 1))
    with pytest.raises(procwise.SetupFailed, match="SSL_CERT_FILE"):
        procwise.Client(**CREDENTIALS)


def test_a_socks_proxy_is_needed_only_for_servers_that_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    procwise.Client(**{**CREDENTIALS, "base_url": "http://127.0.0.1:1"}).close()
    with pytest.raises(procwise.SetupFailed, match=r"httpx2\[socks\]"):
        procwise.Client(**CREDENTIALS)


@pytest.mark.parametrize(
    ("listed", "is_covered"),
    [
        ("demo.example", True),
        ("*.example", True),
        (".example", True),
        ("other.example, demo.example:443", True),
        ("demo.example:8080", False),
        ("*.demo.example.org", False),
        ("mo.example", False),
    ],
)
def test_no_proxy_names_servers_in_several_ways(monkeypatch: pytest.MonkeyPatch, listed: str, is_covered: bool) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", listed)
    if is_covered:
        procwise.Client(**CREDENTIALS).close()
    else:
        with pytest.raises(procwise.SetupFailed, match=r"httpx2\[socks\]"):
            procwise.Client(**CREDENTIALS)

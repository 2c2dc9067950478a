"""How long an attempt may take: as long as `timeout` says and no longer, in each of its phases."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import AT_ONCE, BASE_URL, SECRET_KEY, TOKEN, Recorder
from tests.client.connections.test_transport import BODY, read_request, whole
from tests.client.test_jobs import archive

USUAL = 5.0  # seconds of each step in the HTTP library
CREDENTIALS: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY}
BOTH = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


@contextmanager
def serve_slowly(seconds: float) -> Iterator[str]:
    """A server whose response to each request takes so long."""

    is_over = threading.Event()

    def respond(connection: socket.socket) -> None:
        with connection:
            read_request(connection)
            if not is_over.wait(seconds):
                connection.sendall(whole(BODY, "Connection: close"))

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # it is closed
                return
            threading.Thread(target=respond, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=500) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        is_over.set()
        listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def listen_without_room() -> Iterator[str]:
    """A server with which no connection comes about: those that wait for it fill its queue."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for one in waiting:
            one.close()


def call(use: Callable[[Any], Any], *, is_async: bool, http: Any = None, **settings: Any) -> Any:
    """The result of using a client once; `http` makes its HTTP client, if it is given."""
    opened: Any = nullcontext() if http is None else http()
    if not is_async:
        with opened as own, procwise.Client(**CREDENTIALS, http=own, **settings) as client:
            return use(client)

    async def await_use() -> Any:
        async with opened as own, procwise.AsyncClient(**CREDENTIALS, http=own, **settings) as client:
            return await use(client)

    return asyncio.run(await_use())


def send(client: Any) -> Any:
    return client.exams.send_emails(1)


def show(client: Any) -> Any:
    return client.exams.show(17)


@pytest.mark.slow
def test_a_response_may_take_longer_than_the_library_waits_by_itself() -> None:
    """At once, for the sake of the time: by sync and async clients, by own HTTP clients, per client and per call."""
    ways: list[tuple[Callable[[Any], Any], dict[str, Any]]] = [
        (show, {}),
        (show, {"timeout": None}),
        (show, {"timeout": 60}),
        (lambda client: client.exams.show(17, timeout=60), {"timeout": 0.5}),
        (lambda client: client.with_options(timeout=None).exams.show(17), {"timeout": 0.5}),
    ]
    with serve_slowly(USUAL + 0.5) as url, ThreadPoolExecutor(32) as pool:
        runs = [
            pool.submit(call, use, is_async=is_async, base_url=url, max_retries=0, http=http, **options)
            for is_async, kind in ((False, httpx2.Client), (True, httpx2.AsyncClient))
            for http in (None, kind)
            for use, options in ways
        ]
        assert {run.result().id for run in runs} == {17}


@BOTH
def test_the_steps_of_an_own_http_client_stay_as_short_as_they_were_chosen(is_async: bool) -> None:
    kind: Any = httpx2.AsyncClient if is_async else httpx2.Client
    with serve_slowly(60) as url, pytest.raises(procwise.TimedOut):
        call(show, is_async=is_async, base_url=url, max_retries=0, timeout=None, http=partial(kind, timeout=0.2))


@pytest.mark.slow
def test_many_calls_at_once_wait_for_each_other() -> None:
    """Longer than the library waits for a free connection: there are 100, and three rounds of 2 seconds."""

    async def show_all() -> list[Any]:
        async with procwise.AsyncClient(**CREDENTIALS, base_url=url, timeout=300, max_retries=0) as client:
            return await asyncio.gather(*(client.exams.show(17) for _ in range(320)))

    with serve_slowly(2) as url:
        assert len(asyncio.run(show_all())) == 320


@BOTH
@pytest.mark.parametrize("is_own", [False, True])
def test_what_was_never_connected_was_not_sent(is_async: bool, is_own: bool) -> None:
    kind: Any = httpx2.AsyncClient if is_async else httpx2.Client
    http = kind if is_own else None
    retry = procwise.RetryPolicy(max_retries=2, first_wait=0, longest_wait=0)
    with listen_without_room() as url, pytest.raises(procwise.TimedOut, match="It was not sent") as caught:
        call(send, is_async=is_async, base_url=url, timeout=0.5, retry=retry, http=http)
    assert (caught.value.sent, caught.value.attempts, caught.value.may_have_taken_effect) == (False, 3, False)


@BOTH
def test_an_encrypted_connection_that_never_stands_was_not_used(is_async: bool) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(procwise.TimedOut, match="It was not sent"):
            call(send, is_async=is_async, base_url=url, timeout=0.5, max_retries=0)


@BOTH
def test_what_was_sent_and_got_no_response_may_have_taken_effect(is_async: bool) -> None:
    with serve_slowly(60) as url, pytest.raises(procwise.TimedOut, match="may have taken effect") as caught:
        call(send, is_async=is_async, base_url=url, timeout=0.5)
    assert (caught.value.sent, caught.value.attempts) == (True, 1)


def test_a_transport_that_says_nothing_may_have_sent_it() -> None:
    async def hang(_request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(60)
        return httpx2.Response(200)

    http = partial(httpx2.AsyncClient, transport=httpx2.MockTransport(hang))
    with pytest.raises(procwise.TimedOut, match="may have taken effect"):
        call(send, is_async=True, base_url=BASE_URL, http=http, timeout=0.1)


@BOTH
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_does_not_come_about_can_be_cancelled(is_async: bool, scheme: str) -> None:
    wanted = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, listen_without_room() as full:
        url = full if scheme == "http" else f"https://127.0.0.1:{silent.getsockname()[1]}"
        timer = threading.Timer(0.3, wanted.set)
        timer.start()
        began = time.monotonic()
        with pytest.raises(procwise.Cancelled):
            call(
                lambda client: client.exams.documents_zip(1, "never.zip", cancel=wanted),
                is_async=is_async, base_url=url, timeout=300,
            )  # fmt: skip
        assert time.monotonic() - began < 60


@pytest.mark.parametrize("asked", ["3600", "120"])
def test_a_job_waits_no_longer_than_the_policy_lets_a_server_ask(
    client: procwise.Client, server: Recorder, asked: str
) -> None:
    server.reply(200, {})
    server.reply(503, {}, retry_after=asked)
    server.reply(200, {"zip_job_status": "success"})
    retry = procwise.RetryPolicy(longest_retry_after=0.01)
    began = time.monotonic()
    job = client.exams.generate_documents_zip(17, retry=retry)
    assert job.wait(interval=0.01) is job
    assert time.monotonic() - began < 60


def test_a_job_that_may_take_as_long_as_it_waits_still_fetches_its_result(
    client: procwise.Client, server: Recorder, tmp_path: Path
) -> None:
    """A server asks for more time than there is: what is left is halved, and not slept through."""
    content = archive()
    server.reply(200, {})
    server.reply(503, {}, retry_after="3600")
    server.reply(200, {"zip_job_status": "success"})
    server.responses.append(httpx2.Response(200, content=content, headers={"Content-Type": "application/zip"}))
    done = client.with_options(retry=AT_ONCE).exams.documents_zip(17, tmp_path / "done.zip", deadline=4)
    assert done.read_bytes() == content

"""Jobs and downloads end in time, and soon after somebody cancels, whatever the server does."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import procwise
from tests.client.conftest import SECRET_KEY, TOKEN

BOTH = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
HANGS = 120.0  # seconds that a hanging server would take; every test allows a quarter of them
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: 5000\r\n\r\nPK"
STARTED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Reply = Callable[[bytes], tuple[bytes, bool]]


@contextmanager
def serve_replies(reply: Reply) -> Iterator[str]:
    """A server that sends what `reply` says, and hangs after it if it says so."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while head := connection.recv(65536):
                content, hangs = reply(head)
                connection.sendall(content)
                if hangs:
                    ended.wait(HANGS)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        listener.close()


def is_busy(head: bytes) -> tuple[bytes, bool]:
    return (STARTED if head.startswith(b"PUT") else BUSY), False


def hangs_with_the_state(head: bytes) -> tuple[bytes, bool]:
    return (STARTED, False) if head.startswith(b"PUT") else (b"", True)


def hangs_in_the_file(_: bytes) -> tuple[bytes, bool]:
    return BEGUN, True


def run(base_url: str, use: Callable[[Any, Any], Any], *, is_async: bool, timer: float | None = None) -> None:
    """Use a client, and an event that is set after a while, in one of both ways; it must not take long."""
    event = threading.Event()
    if timer is not None:
        threading.Timer(timer, event.set).start()
    credentials: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": base_url}

    async def work() -> None:
        async with procwise.AsyncClient(**credentials) as client:
            await use(client, event)

    began = time.monotonic()
    if is_async:
        asyncio.run(work())
    else:
        with procwise.Client(**credentials) as client:
            use(client, event)
    assert time.monotonic() - began < HANGS / 4


@BOTH
@pytest.mark.parametrize(
    ("reply", "message"),
    [(is_busy, "its state is not known, and the last look failed: .*503"), (hangs_with_the_state, "is not known")],
)
def test_a_job_ends_in_time_whatever_the_looks_bring(is_async: bool, reply: Reply, message: str) -> None:
    async def wait_async(client: procwise.AsyncClient, _: object) -> None:
        await (await client.exams.generate_documents_zip(17)).wait(timeout=1)

    def wait(client: procwise.Client, _: object) -> None:
        client.exams.generate_documents_zip(17).wait(timeout=1)

    with serve_replies(reply) as base_url, pytest.raises(procwise.JobTimedOut, match=message):
        run(base_url, wait_async if is_async else wait, is_async=is_async)


@BOTH
@pytest.mark.parametrize("reply", [is_busy, hangs_with_the_state])
def test_a_whole_job_ends_in_time(tmp_path: Path, is_async: bool, reply: Reply) -> None:
    with serve_replies(reply) as base_url, pytest.raises(procwise.JobTimedOut, match="not done within"):
        run(base_url, lambda client, _: client.exams.documents_zip(17, to=tmp_path, deadline=2), is_async=is_async)


@BOTH
@pytest.mark.parametrize("reply", [is_busy, hangs_with_the_state])
def test_whoever_cancels_is_heard_while_the_state_is_asked_for(tmp_path: Path, is_async: bool, reply: Reply) -> None:
    with serve_replies(reply) as base_url, pytest.raises(procwise.Cancelled, match="waiting for the job was cancelled"):
        run(
            base_url,
            lambda client, event: client.exams.documents_zip(17, to=tmp_path, cancel=event),
            is_async=is_async,
            timer=0.5,
        )
    assert not list(tmp_path.iterdir())


@BOTH
def test_whoever_cancels_is_heard_while_a_download_stalls(tmp_path: Path, is_async: bool) -> None:
    target = tmp_path / "a.zip"
    with serve_replies(hangs_in_the_file) as base_url, pytest.raises(procwise.Cancelled, match=r"a\.zip: the download"):
        run(
            base_url,
            lambda client, event: client.exams.download_documents_zip(17, target, cancel=event),
            is_async=is_async,
            timer=0.5,
        )
    assert not list(tmp_path.iterdir())


@BOTH
def test_whoever_cancels_is_heard_between_two_attempts(tmp_path: Path, is_async: bool) -> None:
    with serve_replies(lambda _: (BUSY, False)) as base_url, pytest.raises(procwise.Cancelled, match="the download"):
        run(
            base_url,
            lambda client, event: client.exams.download_documents_zip(17, tmp_path / "a.zip", cancel=event),
            is_async=is_async,
            timer=0.5,
        )


@BOTH
def test_an_error_of_the_users_own_event_is_raised_as_it_is(tmp_path: Path, is_async: bool) -> None:
    class Broken:
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            if self.asked > 2:
                raise ZeroDivisionError("made up")
            return False

    broken = Broken()
    with serve_replies(hangs_in_the_file) as base_url, pytest.raises(ZeroDivisionError, match="made up"):
        run(
            base_url,
            lambda client, _: client.exams.download_documents_zip(17, tmp_path / "a.zip", cancel=broken),
            is_async=is_async,
        )

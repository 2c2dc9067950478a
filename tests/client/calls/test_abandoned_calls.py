"""An abandoned or late call does not hold up the next one, and sends nothing after the deadline."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import AT_ONCE, BASE_URL, EXAM, SECRET_KEY, TOKEN, Recorder

LIST = {"exams": []}
CREDENTIALS: dict[str, Any] = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL, "retry": AT_ONCE}
MOST = 20  # seconds; creations of one name wait for one another for a minute


class Hung(Exception):
    """Raised by a hook of the user."""


def serve(request: httpx2.Request) -> httpx2.Response:
    if request.method == "GET":
        return httpx2.Response(200, json=LIST, headers={"X-Pagination-Page-Count": "1"})
    return httpx2.Response(201, json={"exam": EXAM})


def test_a_creation_that_a_hook_broke_off_does_not_hold_up_the_next_one() -> None:
    is_broken = True

    def break_off(response: httpx2.Response) -> None:
        if is_broken and response.request.method == "POST":
            raise Hung

    http = httpx2.Client(transport=httpx2.MockTransport(serve), event_hooks={"response": [break_off]})
    client = procwise.Client(**CREDENTIALS, http=http)
    with pytest.raises(Hung) as kept:
        client.exams.create(name="Maths", type="demo")
    is_broken = False
    started = time.monotonic()
    assert client.exams.create(name="Maths", type="demo").id == 17
    assert time.monotonic() - started < MOST
    assert kept.traceback


def test_a_cancelled_creation_does_not_hold_up_the_next_one() -> None:
    is_slow = True

    async def serve_slowly(request: httpx2.Request) -> httpx2.Response:
        if is_slow and request.method == "POST":
            await asyncio.sleep(60)
        return serve(request)

    async def work() -> None:
        nonlocal is_slow
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(serve_slowly))
        client = procwise.AsyncClient(**CREDENTIALS, http=http)
        with pytest.raises(TimeoutError) as kept:
            await asyncio.wait_for(client.exams.create(name="Maths", type="demo"), 0.5)
        is_slow = False
        made = await asyncio.wait_for(client.exams.create(name="Maths", type="demo"), MOST)
        assert made.id == 17
        assert kept.traceback

    asyncio.run(work())


def slow_list(request: httpx2.Request) -> httpx2.Response:
    """A server whose list comes after the deadline of the tests."""
    time.sleep(0.4)
    return serve(request)


def check_late(server: Recorder, error: procwise.TimedOut) -> None:
    assert [request.method for request in server.requests] == ["GET"]
    assert "was not sent" in str(error)
    assert (error.sent, error.may_have_taken_effect, error.attempts) == (False, False, 0)


def test_nothing_is_sent_after_the_deadline(client: procwise.Client, server: Recorder) -> None:
    server.responses.append(slow_list)
    with pytest.raises(procwise.TimedOut, match="deadline") as caught:
        client.exams.create(name="Maths", type="demo", deadline=0.3)
    check_late(server, caught.value)


def test_nothing_is_sent_after_the_deadline_async(async_client: procwise.AsyncClient, server: Recorder) -> None:
    server.responses.append(slow_list)
    with pytest.raises(procwise.TimedOut, match="deadline") as caught:
        asyncio.run(async_client.exams.create(name="Maths", type="demo", deadline=0.3))
    check_late(server, caught.value)


def refuse_and_recover(server: Recorder) -> None:
    """The clock is two hours off, then the server is not available, then all is well."""
    server.reply(403, Date=format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True))
    server.reply(503)
    server.reply(200, {"exam": EXAM})


def test_an_attempt_that_corrects_the_clock_is_no_retry(client: procwise.Client, server: Recorder) -> None:
    refuse_and_recover(server)
    response = client.exams.with_raw_response.show(17, max_retries=1)
    assert (response.value.id, response.attempts) == (17, 3)
    assert len(server.requests) == 3


def test_an_attempt_that_corrects_the_clock_is_no_retry_async(
    async_client: procwise.AsyncClient, server: Recorder
) -> None:
    refuse_and_recover(server)
    assert asyncio.run(async_client.exams.show(17, max_retries=1)).id == 17
    assert len(server.requests) == 3

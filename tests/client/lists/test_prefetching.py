"""Lists read by several requests at once, and gone on with after an error."""

from __future__ import annotations

import asyncio
import math
import threading
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings, strategies as st

import procwise
from tests.client.conftest import AT_ONCE, BASE_URL, SECRET_KEY, TOKEN, Recorder
from tests.client.lists.book import BOTH, Book, cut, read
from tests.client.lists.test_pages import connect_async, page_server, sync


@BOTH
@settings(max_examples=30)
@given(total=st.integers(0, 40), limit=st.integers(1, 9), prefetch=st.integers(1, 32))
def test_prefetching_reads_the_same_pages_in_the_same_order(
    total: int, limit: int, prefetch: int, is_async: bool
) -> None:
    async def work(server: Recorder) -> list[int]:
        return [exam.id async for exam in connect_async(server).exams.list(limit=limit).prefetch(prefetch)]

    server = page_server(total)
    if is_async:
        found = asyncio.run(work(server))
    else:
        found = [exam.id for exam in sync(server).exams.list(limit=limit).prefetch(prefetch)]
    assert found == list(range(1, total + 1))
    assert sorted(int(server.query(one)["page"]) for one in server.requests) == [
        *range(1, max(1, math.ceil(total / limit)) + 1)
    ]


def test_prefetching_reads_no_more_pages_ahead_than_it_may() -> None:
    server = page_server(100)
    pages = sync(server).exams.list(limit=10).prefetch(3).pages()
    sent = []
    for _ in range(5):
        next(pages)
        sent.append(len(server.requests))
    assert sent == [1, 4, 4, 4, 7]


def test_prefetching_sends_several_requests_at_once() -> None:
    meeting = threading.Barrier(3, timeout=30)

    def wait(request: httpx2.Request) -> httpx2.Response:
        if int(server.query(request)["page"]) > 1:
            meeting.wait()  # breaks unless three requests are under way
        return respond_next(request)

    server = page_server(8)
    respond_next: Any = server.responses.pop()
    server.responses.append(wait)
    assert [exam.id for exam in sync(server).exams.list(limit=2).prefetch(3)] == list(range(1, 9))


@BOTH
def test_an_error_comes_in_its_turn_and_names_the_page_to_go_on_with(is_async: bool) -> None:
    ids = list(range(1, 13))
    server = Book(pages=cut(ids), item_count=lambda _: 12, page_count=lambda _: 6)
    server.responses = [httpx2.Response(404, json={"error": "gone"})]
    healthy = Book.__call__

    def fail_page(request: httpx2.Request) -> httpx2.Response:
        response = healthy(server, request)
        return server.responses[0] if int(server.query(request)["page"]) == 4 else response

    http = {"transport": httpx2.MockTransport(fail_page)}
    credentials: Any = {"token": TOKEN, "secret_key": SECRET_KEY, "base_url": BASE_URL, "retry": AT_ONCE}
    seen: list[int] = []

    async def work() -> int:
        pager = procwise.AsyncClient(**credentials, http=httpx2.AsyncClient(**http)).exams.list(limit=2).prefetch(5)
        with pytest.raises(procwise.NotFoundError):
            async for exam in pager:
                seen.append(exam.id)
        return pager.next_page

    if is_async:
        next_page = asyncio.run(work())
    else:
        pager = procwise.Client(**credentials, http=httpx2.Client(**http)).exams.list(limit=2).prefetch(5)
        with pytest.raises(procwise.NotFoundError):
            seen += (exam.id for exam in pager)
        next_page = pager.next_page
    assert (seen, next_page) == ([1, 2, 3, 4, 5, 6], 4)
    rest = Book(pages=server.pages, item_count=lambda _: 12, page_count=lambda _: 6)
    assert read(rest, is_async=is_async, page=next_page) == ([7, 8, 9, 10, 11, 12], {})


def test_a_page_that_was_left_in_the_middle_is_the_next_one() -> None:
    pager = sync(page_server(9)).exams.list(limit=3)
    assert pager.next_page == 1
    items = iter(pager)
    for _ in range(5):
        next(items)
    assert pager.next_page == 2
    list(items)
    assert pager.next_page == 4


@pytest.mark.parametrize("number", [0, 33, True, "4", None])
def test_no_number_of_pages(client: procwise.Client, number: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match="1 to 32"):
        client.exams.list().prefetch(number)

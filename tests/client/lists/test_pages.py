"""Lists across pages: every item once and in order, whatever the sizes."""

from __future__ import annotations

import asyncio
import json
import math

import httpx2
import pytest
from hypothesis import given, strategies as st

import procwise
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder


def page_server(total: int, headers: bool = True) -> Recorder:
    """A server with that many exams."""
    server = Recorder()

    def serve(request: httpx2.Request) -> httpx2.Response:
        sent = server.query(request)
        page, limit = int(sent["page"]), int(sent.get("limit", 300))
        items = [{"id": number} for number in range(1, total + 1)][(page - 1) * limit : page * limit]
        counts = {
            "X-Pagination-Item-Count": str(total),
            "X-Pagination-Page-Count": str(math.ceil(total / limit)),
            "X-Pagination-Page": str(page),
            "X-Pagination-Limit": str(limit),
        }
        return httpx2.Response(200, json={"exams": items}, headers=counts if headers else {})

    server.responses.append(serve)
    return server


def sync(server: Recorder) -> procwise.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    return procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http)


def connect_async(server: Recorder) -> procwise.AsyncClient:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
    return procwise.AsyncClient(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http)


@given(total=st.integers(0, 40), limit=st.integers(1, 12))
def test_all_items_come_once_in_order(total: int, limit: int) -> None:
    server = page_server(total)
    pager = sync(server).exams.list(limit=limit)
    assert not server.requests
    assert [exam.id for exam in pager] == list(range(1, total + 1))
    assert len(server.requests) == max(1, math.ceil(total / limit))
    assert (pager.item_count, pager.page_count, pager.limit) == (total, math.ceil(total / limit), limit)


@given(total=st.integers(0, 40), limit=st.integers(1, 12))
def test_the_async_pager_reads_the_same(total: int, limit: int) -> None:
    async def read() -> tuple[list[int], int | None, int | None]:
        pager = connect_async(server).exams.list(limit=limit)
        return [exam.id async for exam in pager], pager.item_count, pager.page_count

    server = page_server(total)
    assert asyncio.run(read()) == (list(range(1, total + 1)), total, math.ceil(total / limit))


@given(total=st.integers(0, 40), limit=st.integers(1, 12), number=st.integers(1, 10))
def test_one_page_alone(total: int, limit: int, number: int) -> None:
    server = page_server(total)
    page = sync(server).exams.list(limit=limit).page(number)
    assert [exam.id for exam in page] == list(range(1, total + 1))[(number - 1) * limit : number * limit]
    assert (page.number, page.limit, page.item_count) == (number, limit, total)
    assert page.response.headers["x-pagination-page"] == str(number)
    assert [exam["id"] for exam in json.loads(page.response.content)["exams"]] == [exam.id for exam in page]
    assert len(server.requests) == 1


@given(total=st.integers(0, 40), limit=st.integers(1, 12), start=st.integers(1, 10))
def test_a_list_can_start_at_a_later_page(total: int, limit: int, start: int) -> None:
    pager = sync(page_server(total)).exams.list(limit=limit, page=start)
    assert [exam.id for exam in pager] == list(range(1, total + 1))[(start - 1) * limit :]


def test_pages_are_read_as_they_are_needed() -> None:
    server = page_server(30)
    items = iter(sync(server).exams.list(limit=10))
    for _ in range(10):
        next(items)
    assert len(server.requests) == 1
    next(items)
    assert len(server.requests) == 2


def test_counts_alone_read_one_page() -> None:
    server = page_server(30)
    pager = sync(server).exams.list(limit=10)
    assert pager.item_count == 30
    assert pager.page_count == 3
    assert len(server.requests) == 1


def test_the_async_counts_want_the_list_awaited() -> None:
    async def read() -> int | None:
        pager = connect_async(page_server(3)).exams.list()
        with pytest.raises(procwise.ProcwiseError, match="await"):
            assert pager.item_count
        return (await pager).item_count

    assert asyncio.run(read()) == 3


def test_an_unpaged_list_is_a_list(server: Recorder) -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    server.reply(data={"students": [{"id": 1}, {"id": 2}]})
    client = procwise.v1.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http)
    with pytest.warns(DeprecationWarning, match="use student_sessions.list_for_exam of procwise.v3"):
        students = client.student_sessions.list_for_exam(1)
    assert [student.id for student in students] == [1, 2]

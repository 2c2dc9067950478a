"""Lists of servers that page badly, and lists that change while they are read: nothing is lost silently."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from hypothesis import given, settings, strategies as st

import procwise
from procwise_sandbox import running
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder
from tests.client.lists.book import BOTH, Book, cut, read
from tests.client.lists.test_pages import connect_async, page_server, sync

ROOT = Path(__file__).parents[3]
EXAMPLES = json.loads((ROOT / "generated/openapi/v3.json").read_text("utf-8"))["components"]["examples"]
EXAM: dict[str, Any] = EXAMPLES["Exam"]["value"]["exam"]
FAULTS = ("pagination-headers-missing", "page-ignored", "newest-not-listed", "item-count-of-page")


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_sandbox_that_pages_badly_loses_nothing_silently(fault: str) -> None:
    """From outside: ten students, two on a page."""
    with running(fault=[fault]) as sandbox:
        client = procwise.Client(token=sandbox.token, secret_key=sandbox.secret_key, base_url=sandbox.base_url)
        with client:
            total = len(list(client.exams.list(limit=300)))
            pager = client.exams.list(limit=2)
            if fault == "page-ignored":
                with pytest.raises(procwise.UnexpectedAnswer, match="page 3 holds nothing new"):
                    list(pager)
                return
            read = [exam.id for exam in pager]
            found = {one.seen for one in pager.drift()}
    if fault == "newest-not-listed":
        assert found == {"fewer items"}
        return
    assert total > 2
    assert len(read) == len(set(read)) == total
    counted = {"more items", "another number"}  # the empty page behind the last one counts none
    assert found == (counted if fault == "item-count-of-page" else {"nothing"})


@BOTH
@settings(max_examples=30)
@given(total=st.integers(0, 11), prefetch=st.integers(1, 4))
def test_without_headers_a_list_ends_with_an_empty_page(total: int, prefetch: int, is_async: bool) -> None:
    ids = list(range(1, total + 1))
    server = Book(pages=cut(ids))
    found, odd = read(server, is_async=is_async, prefetch=prefetch)
    assert found == ids
    assert server.asked_pages() == list(range(1, math.ceil(total / 2) + 2))
    assert odd == {"nothing": len(server.requests)}


@BOTH
@settings(max_examples=30)
@given(pages=st.lists(st.integers(0, 2), min_size=1, max_size=6), shown=st.integers(1, 8), prefetch=st.integers(1, 3))
def test_short_pages_are_read_on(pages: list[int], shown: int, prefetch: int, is_async: bool) -> None:
    """However many items a page has, and whatever number of pages is shown: nothing is lost silently."""
    numbers = itertools.count(1)
    book = [[next(numbers) for _ in range(size)] for size in pages]
    total = sum(pages)
    server = Book(pages=book, item_count=lambda _: total, page_count=lambda _: shown)
    gap = pages.index(0) if 0 in pages else len(pages)
    if gap + 1 < shown:
        with pytest.raises(procwise.UnexpectedAnswer, match=f"page {gap + 1} of {shown} is empty"):
            read(server, is_async=is_async, prefetch=prefetch)
        return
    found, odd = read(server, is_async=is_async, prefetch=prefetch)
    expected = [number for page in book[:gap] for number in page]
    assert found == expected
    assert odd == ({} if len(expected) == total else {"fewer items": 1})


@BOTH
@pytest.mark.parametrize("prefetch", [1, 4])
def test_counts_that_are_too_small_do_not_end_a_list(is_async: bool, prefetch: int) -> None:
    ids = [1, 2, 3, 4, 5]
    small = Book(pages=cut(ids), item_count=lambda _: 1, page_count=lambda _: 1)
    assert read(small, is_async=is_async, prefetch=prefetch) == (ids, {"more items": 3})
    uncounted = Book(pages=cut(ids), page_count=lambda _: 1)
    assert read(uncounted, is_async=is_async, prefetch=prefetch) == (ids, {"nothing": 3})  # its header is missing


@BOTH
def test_a_last_page_that_is_not_full_ends_a_list_that_is_not_counted(is_async: bool) -> None:
    server = Book(pages=cut([1, 2, 3]), page_count=lambda _: 2)
    assert read(server, is_async=is_async) == ([1, 2, 3], {"nothing": 2})
    assert server.asked_pages() == [1, 2]


@BOTH
def test_a_server_that_ignores_the_page_is_an_error_and_not_a_list_without_end(is_async: bool) -> None:
    same = [[1, 2]] * 50
    with pytest.raises(procwise.UnexpectedAnswer, match="listExams: page 2 holds nothing new"):
        read(Book(pages=same), is_async=is_async)
    counted = Book(pages=same, item_count=lambda _: 16, page_count=lambda _: 8)
    with pytest.raises(procwise.UnexpectedAnswer, match="page 3 holds nothing new"):
        read(counted, is_async=is_async)
    nameless = Recorder()
    nameless.responses.append(httpx2.Response(200, json={"exams": [{"name": "a"}]}))
    with pytest.raises(procwise.UnexpectedAnswer, match="page 2 holds nothing new"):
        read(nameless, is_async=is_async)


@BOTH
@settings(max_examples=30)
@given(moved=st.integers(1, 4), total=st.integers(3, 9), prefetch=st.integers(1, 3))
def test_a_list_that_grows_meanwhile_is_read_to_its_end(moved: int, total: int, prefetch: int, is_async: bool) -> None:
    """Before the second page, so many items come in front of the list; those already there come again."""
    before, after = list(range(total)), [*(-n for n in range(1, moved + 1)), *range(total)]
    server = Book(pages=[before[:2], *cut(after)[1:]])
    server.item_count = lambda number: total if number == 1 else total + moved
    server.page_count = lambda number: math.ceil((total if number == 1 else total + moved) / 2)
    found, odd = read(server, is_async=is_async, prefetch=prefetch)
    assert set(found) >= set(before), "nothing that was there is missing"
    assert odd["another number"] == 1
    assert ("an item of an earlier page" in odd) or ("the same items" in odd)


@BOTH
def test_a_list_that_shrinks_meanwhile_ends(is_async: bool) -> None:
    server = Book(
        pages=[[1, 2], [4, 5]], item_count=lambda n: 6 if n == 1 else 4, page_count=lambda n: 3 if n == 1 else 2
    )
    assert read(server, is_async=is_async, prefetch=2) == ([1, 2, 4, 5], {"another number": 1})


@settings(max_examples=6)
@given(total=st.integers(0, 5))
def test_the_first_item_and_whether_there_is_one(total: int) -> None:
    server = page_server(total)
    pager = sync(server).exams.list(limit=2)
    assert bool(pager) == bool(total)
    assert bool(pager) == bool(total)
    assert len(server.requests) == 1
    found = pager.first()
    assert (found.id if found else None) == (1 if total else None)
    assert len(server.requests) == 2
    with pytest.raises(TypeError, match="len"):
        len(pager)  # type: ignore[arg-type]

    async def work() -> None:
        pages = connect_async(page_server(total)).exams.list(limit=2)
        with pytest.raises(procwise.ProcwiseError, match="await"):
            bool(pages)
        one = await pages.first()
        assert (one.id if one else None) == (1 if total else None)
        assert bool(pages) == bool(total)

    asyncio.run(work())


def test_a_strict_client_raises_where_the_description_is_broken() -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(Book()))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, drift="strict")
    with pytest.raises(procwise.ResponseDeviates, match="number of pages, seen nothing") as caught:
        list(client.exams.list())
    (deviation,) = caught.value.deviations
    assert deviation.operation == "listExams"


def test_the_client_counts_what_its_lists_saw() -> None:
    client = sync(Book(pages=cut([1, 2, 3])))
    list(client.exams.list())
    list(client.exams.list())
    assert [(one.operation, one.seen, one.count) for one in client.drift() if not one.pointer] == [
        ("listExams", "nothing", 6),
        ("listExams", "nothing", 6),
    ]


HEADERS = {
    "Page-Count": "the header with the number of pages",
    "Item-Count": "the header with the number of items",
    "Page": "the header with the number of the page",
    "Limit": "the header with the size of the pages",
}


@pytest.mark.parametrize("drift", ["observe", "strict"])
@pytest.mark.parametrize("value", [None, "", "x", "-1", "1.0", "٣"])
@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_says_no_number_is_recorded(
    name: str, value: str | None, drift: Literal["observe", "strict"]
) -> None:
    server = Recorder()
    counts = {**dict.fromkeys(HEADERS, "1"), name: value}
    headers = [(f"X-Pagination-{key}", text.encode()) for key, text in counts.items() if text is not None]
    server.responses.append(lambda _: httpx2.Response(200, json={"exams": [EXAM]}, headers=headers))
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, drift=drift)
    pager = client.exams.list()
    if drift == "observe":
        assert pager.first() is not None
    else:
        with pytest.raises(procwise.ResponseDeviates, match=HEADERS[name]):
            pager.first()
    found = [(one.operation, one.expected, one.seen, one.count) for one in client.drift()]
    assert found == [("listExams", HEADERS[name], "nothing" if value is None else "no such number", 1)]


@pytest.mark.parametrize("name", ["Page", "Limit"])
def test_pages_are_counted_from_one_and_are_not_empty(name: str) -> None:
    headers = {f"X-Pagination-{key}": "0" if key == name else "1" for key in HEADERS}
    server = Recorder()
    server.responses.append(lambda _: httpx2.Response(200, json={"exams": [EXAM]}, headers=headers))
    pager = sync(server).exams.list()
    assert [exam.id for exam in pager] == [EXAM["id"]]
    assert [(one.expected, one.seen, one.count) for one in pager.drift()] == [(HEADERS[name], "no such number", 1)]


def test_a_list_that_comes_whole_is_iterated_like_any_other(server: Recorder, client: procwise.Client) -> None:
    server.responses.append(lambda _: httpx2.Response(200, json={"tool_providers": [{"id": 1}, {"id": 2}]}))
    assert [one.id for one in client.tool_providers.list()] == [1, 2]

    async def work() -> None:
        found = connect_async(server).tool_providers.list()
        assert len(server.requests) == 1
        assert [one.id async for one in found] == [1, 2]
        assert [one.id for one in await connect_async(server).tool_providers.list()] == [1, 2]

    asyncio.run(work())

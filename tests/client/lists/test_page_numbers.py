"""What is no number of a page is refused before anything is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import procwise
from procwise import UNSET
from tests.client.conftest import Recorder
from tests.client.lists.test_pages import connect_async, page_server, sync

WRONG: list[Any] = [0, -1, None, True, False, 1.0, 1.5, "2", "", [], b"1"]


@pytest.mark.parametrize("number", WRONG, ids=repr)
def test_what_is_no_page_is_refused(client: procwise.Client, server: Recorder, number: Any) -> None:
    for call in (
        lambda: client.exams.list(page=number),
        lambda: client.exams.list().page(number),
    ):
        with pytest.raises(procwise.InvalidArgument, match=r"^page=.* is no number of a page \(count from 1"):
            call()
    assert not server.requests


@pytest.mark.parametrize("number", WRONG, ids=repr)
def test_async_lists_refuse_the_same(async_client: procwise.AsyncClient, server: Recorder, number: Any) -> None:
    async def read() -> None:
        await async_client.exams.list().page(number)

    for call in (lambda: async_client.exams.list(page=number), lambda: asyncio.run(read())):
        with pytest.raises(procwise.InvalidArgument, match=r"^page=.* is no number of a page"):
            call()
    assert not server.requests


def test_a_list_begins_with_its_first_page_or_with_the_one_that_is_named() -> None:
    pages: tuple[Any, ...] = (UNSET, 1, 2, 3)
    for page, first in zip(pages, (1, 1, 3, 5), strict=True):
        assert [exam.id for exam in sync(page_server(6)).exams.list(page=page, limit=2)] == list(range(first, 7))

    async def read(page: Any) -> list[int]:
        return [exam.id async for exam in connect_async(page_server(6)).exams.list(page=page, limit=2)]

    assert [asyncio.run(read(page))[0] for page in pages] == [1, 1, 3, 5]

"""A server whose pages are written down, and both ways to read a list of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx2
import pytest

from tests.client.conftest import Recorder
from tests.client.lists.test_pages import connect_async, sync

Read = tuple[list[int], dict[str, int]]


@dataclass
class Book(Recorder):
    """A server whose pages are written down: the ids on each, and how it counts them."""

    pages: Sequence[Sequence[int]] = ()
    item_count: Callable[[int], int | None] = lambda _: None
    page_count: Callable[[int], int | None] = lambda _: None
    limit: int = 2

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        number = int(self.query(request)["page"])
        ids = self.pages[number - 1] if number <= len(self.pages) else []
        counts = {"Item-Count": self.item_count(number), "Page-Count": self.page_count(number), "Page": number}
        headers = {f"X-Pagination-{name}": str(value) for name, value in counts.items() if value is not None}
        headers["X-Pagination-Limit"] = str(self.limit)
        return httpx2.Response(200, json={"exams": [{"id": one} for one in ids]}, headers=headers)

    def asked_pages(self) -> list[int]:
        return [int(self.query(request)["page"]) for request in self.requests]


def cut(ids: Sequence[int], limit: int = 2) -> list[Sequence[int]]:
    return [ids[start : start + limit] for start in range(0, len(ids), limit)]


def read(server: Recorder, *, is_async: bool, prefetch: int = 1, page: int = 1) -> Read:
    """The ids of the whole list, and what was odd about it."""
    if not is_async:
        pager = sync(server).exams.list(limit=2, page=page).prefetch(prefetch)
        return [exam.id for exam in pager], {one.seen: one.count for one in pager.drift()}

    async def work() -> Read:
        pages = connect_async(server).exams.list(limit=2, page=page).prefetch(prefetch)
        return [exam.id async for exam in pages], {one.seen: one.count for one in pages.drift()}

    return asyncio.run(work())


BOTH = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])

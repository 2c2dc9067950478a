"""Lists that come whole, read as those are that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any, Generic, TypeVar

from .._calls.messages import Response

T = TypeVar("T")


def read_items(read: Callable[[], Response[list[T]]]) -> list[T]:
    """The list."""
    return read().value


class AsyncItems(Generic[T]):
    """A list that comes whole: iterate over it with `async for`, or await it. No request is made before."""

    def __init__(self, read: Callable[[], Awaitable[Response[list[T]]]]) -> None:
        self._read = read

    def __await__(self) -> Generator[Any, None, list[T]]:
        return self._load().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        for item in await self:
            yield item

    async def _load(self) -> list[T]:
        return (await self._read()).value

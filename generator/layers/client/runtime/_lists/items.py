"""Lists that come whole, read as those are that come in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from typing import Any, Generic, TypeVar

from .._calls.messages import Response
from .._codec.model import Model
from .._codec.unset import UNSET
from .._errors.exceptions import ProcwiseError, UnexpectedAnswer
from .._errors.pickling import BoundToClient

T = TypeVar("T")


class ItemList(list[T]):
    """A list that came whole: a `list`, which also has what the lists have that come in pages."""

    def first(self) -> T | None:
        """The first item, None if there is none."""
        return self[0] if self else None

    @property
    def item_count(self) -> int:
        """How many items there are."""
        return len(self)


def read_items(read: Callable[[], Response[Any]], members: Sequence[str] = ()) -> ItemList[Any]:
    """The list; if the response is an object, the items of these members."""
    return _gather_items(read().value, members)


class AsyncItems(BoundToClient, Generic[T]):
    """A list that comes whole: iterate over it with `async for`, or await it. No request is made before.

    `item_count` and whether the list is true, which is whether it has items, come with the items.
    """

    _instead = "await it, and pass on the list that it is then"

    def __init__(self, read: Callable[[], Awaitable[Response[Any]]], members: Sequence[str] = ()) -> None:
        self._read = read
        self._members = members
        self._items: ItemList[T] | None = None

    def __await__(self) -> Generator[Any, None, ItemList[T]]:
        return self._load().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        for item in await self:
            yield item

    async def first(self) -> T | None:
        """The first item, None if there is none; reads the list."""
        return (await self).first()

    def __bool__(self) -> bool:
        return bool(self._loaded)

    @property
    def item_count(self) -> int:
        """How many items there are."""
        return self._loaded.item_count

    @property
    def _loaded(self) -> ItemList[T]:
        if self._items is None:
            raise ProcwiseError("the list was not read yet: `await` it first, or iterate over it")
        return self._items

    async def _load(self) -> ItemList[T]:
        self._items = _gather_items((await self._read()).value, self._members)
        return self._items


def _gather_items(value: object, members: Sequence[str]) -> ItemList[Any]:
    """The items of the list, or of those members of the object: lists, and single items that no list holds."""
    if not isinstance(value, Model if members else list):
        raise UnexpectedAnswer("the response holds no list of items")
    parts = [getattr(value, name) for name in members] if members else [value]
    items = [item for part in parts if isinstance(part, list) for item in part]
    single = [part for part in parts if part is not UNSET and part is not None and not isinstance(part, list)]
    return ItemList([*(item for item in single if item not in items), *items])

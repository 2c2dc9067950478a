"""The types of lists, which come in pages or whole."""

from ._lists.items import AsyncItems, ItemList
from ._lists.page import Page
from ._lists.pager import AsyncPager, Pager

__all__ = ["AsyncItems", "AsyncPager", "ItemList", "Page", "Pager"]

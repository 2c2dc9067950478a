"""The types of lists that come in pages."""

from ._lists.pager import AsyncPager, Page, Pager

__all__ = ["AsyncPager", "Page", "Pager"]

"""The second phase: own objects are created, changed, listed and removed, and compared with a model of them."""

from .checks import catalogue
from .checks.check import Check
from .registry import work_items

__all__ = ["Check", "catalogue", "work_items"]

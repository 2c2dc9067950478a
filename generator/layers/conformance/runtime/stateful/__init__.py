"""The semantic layer: own objects are made, changed, listed and removed, and a model says what must come back."""

from .checks import catalogue
from .checks.check import Check
from .registry import units

__all__ = ["Check", "catalogue", "units"]

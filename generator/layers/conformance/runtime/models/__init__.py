"""The semantic layer: own objects are made, changed, listed and removed, and a model says what must come back."""

from .checks import Check, catalogue
from .themes import units

__all__ = ["Check", "catalogue", "units"]

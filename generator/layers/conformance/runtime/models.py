"""The room `stateful` under the name that it had first: `models.catalogue()` lists its checks."""

from .stateful import Check, catalogue

__all__ = ["Check", "catalogue"]
